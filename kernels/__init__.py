"""GPU kernels in Triton, one file per op; installed as `fastlattice.kernels`."""

# The folder lies at the repository's root under another name: a stray `import kernels` there must fail at once.
if __name__ != "fastlattice.kernels":
    raise ImportError("this package is fastlattice.kernels; import it under that name")
