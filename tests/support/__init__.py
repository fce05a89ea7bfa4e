"""What tests share, and benchmarks check by: references (`frame_reference`, `bounds_reference`, ...), other programs
(`peers`), inputs (`network`, `op_cases`, `catalogue_text`, `strategies`), and the one table of `tolerances`.
"""
