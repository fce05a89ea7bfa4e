"""Homogenisation with CalculiX (ccx), by the model that `fastlattice.write` makes for it."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from fastlattice.io.periodic_inp import write_periodic_inp

YOUNG = 1e6  # numbers near 1 suit its printed digits better than E = 1


def calculix_stiffness(lattice, nu=0.3):
    """[6, 6] homogenised stiffness, Mandel, E_s = 1; within 2e-4 of the largest entry (seven digits are printed)

    Raises:
        RuntimeError: ccx is missing, or did not print six solutions.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cell.inp"
        write_periodic_inp(path, lattice, young_modulus=YOUNG, nu=nu)
        return solved(path) / YOUNG


def solved(path):
    """[6, 6] stiffness, Mandel, of a model that `fastlattice.write` made, run in CalculiX.

    Raises:
        RuntimeError: as above.
    """
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(["ccx", path.stem], cwd=path.parent, capture_output=True, text=True, env=environment)
    except FileNotFoundError:
        raise RuntimeError("ccx is not installed (Debian package calculix-ccx)") from None
    result = path.with_suffix(".dat")
    printed = result.read_text() if result.exists() else ""
    blocks = re.findall(r"displacements.*?\n\n((?:.*\S.*\n)+)", printed)
    if len(blocks) != 6:
        raise RuntimeError(f"ccx solved {len(blocks)} of 6 loads: {done.stdout[-300:]}")
    strains = [[float(x) for line in block.splitlines() for x in line.split()[1:4]] for block in blocks]
    return np.linalg.inv(np.array(strains).T)
