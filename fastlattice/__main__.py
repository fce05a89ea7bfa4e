"""`python -m fastlattice` is the command `fastlattice`."""

import sys

from fastlattice._command import main

if __name__ == "__main__":
    sys.exit(main())
