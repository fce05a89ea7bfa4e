"""Generators of the committed files that no one edits: `python -m codegen`.

`abi` writes the boundary with the native library, from the table in `abi_table` (its rows stand in `abi_network` and
`abi_lattices`) and `abi_cuda`, in the words of `abi_terms`; `edge_sh`, `mandel`, `edge_conv` and
`symmetric_contraction` (`_gpu`: for Triton and CUDA) write kernels without loops, in the terms of `program` and
`triton_program`; `tables`, `nets` and `random_nets` write data. They may import everything of the package, which
imports none of them.
"""
