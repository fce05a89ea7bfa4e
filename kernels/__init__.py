"""GPU kernels in Triton, one file per op; installed as `fastlattice.kernels`.

They know torch and Triton; `fastlattice.ops.backends.triton` imports them when one first runs. Stands on no other room.
"""

# The folder lies at the repository's root under another name: a stray `import kernels` there must fail at once.
if __name__ != "fastlattice.kernels":
    raise ImportError("this package is fastlattice.kernels; import it under that name")
