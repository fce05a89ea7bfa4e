"""What benchmarks share: the `lattices` that everything is timed on, `timing` and its rows, `operations`, peers.

Nothing here is imported by the package.
"""
