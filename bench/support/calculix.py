"""Homogenisation with CalculiX (ccx): beams of its own, expanded to solids, made periodic by equations.

Every strut is four quadratic beams with reduced integration (B32R). The image of a node in another cell follows the
node and the macro-strain, whose six entries are unknowns of two further nodes; a force there is a mean stress.
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from tests.support.frame_reference import MANDEL, local_axes

PIECES = 4  # elements a strut
YOUNG = 1e6  # numbers near 1 suit its printed digits better than E = 1


def calculix_stiffness(lattice, nu=0.3):
    """[6, 6] homogenised stiffness, Mandel, E_s = 1; about 1% from exact beams at a density of 0.01.

    Raises:
        RuntimeError: ccx is missing, or did not print six solutions.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "cell.inp").write_text(deck(lattice, nu))
        try:
            done = subprocess.run(
                ["ccx", "cell"],
                cwd=folder,
                capture_output=True,
                text=True,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
            )
        except FileNotFoundError:
            raise RuntimeError("ccx is not installed (Debian package calculix-ccx)") from None
        result = Path(folder) / "cell.dat"
        printed = result.read_text() if result.exists() else ""
    blocks = re.findall(r"displacements.*?\n\n((?:.*\S.*\n)+)", printed)
    if len(blocks) != 6:
        raise RuntimeError(f"ccx solved {len(blocks)} of 6 loads: {done.stdout[-300:]}")
    strains = [[float(x) for line in block.splitlines() for x in line.split()[1:4]] for block in blocks]
    return np.linalg.inv(np.array(strains).T * YOUNG)


def deck(lattice, nu):
    """The input file."""
    nodes = list(lattice.positions)  # number n is row n - 1
    image = {}  # (node, shift) -> number

    def add(point):
        nodes.append(point)
        return len(nodes)

    elements, sections = [], []  # (three nodes, section); (diameter, direction 1)
    stubs = set()
    for (i, j), shift, vector, radius in zip(
        lattice.struts, lattice.shifts, lattice.strut_vectors, lattice.radii, strict=True
    ):
        start, end = int(i) + 1, int(j) + 1
        if shift.any():
            key = (int(j), *map(int, shift))
            if key not in image:
                image[key] = add(lattice.positions[j] + shift @ lattice.cell)
            end = image[key]
        steps = 2 * PIECES
        inner = [add(lattice.positions[i] + vector * k / steps) for k in range(1, steps)]
        chain = [start, *inner, end]
        axis, across, _ = local_axes(vector)
        elements += [(chain[k : k + 3], len(sections)) for k in range(0, steps, 2)]
        sections.append((2 * radius, across))
        # A node has rotations only where beams of different directions meet: a stub across makes every end such.
        for number in {start, end} - stubs:
            stubs.add(number)
            tip = [add(nodes[number - 1] + across * radius * k / 2) for k in (1, 2)]
            elements.append(([number, *tip], len(sections)))
            sections.append((2 * radius, axis))
    strain = [add(np.zeros(3)), add(np.zeros(3))]

    lines = ["*NODE, NSET=ALL"]
    lines += [f"{n},{x:.12g},{y:.12g},{z:.12g}" for n, (x, y, z) in enumerate(nodes, start=1)]
    lines.append(f"*NSET, NSET=STRAIN\n{strain[0]},{strain[1]}")
    for n, (members, section) in enumerate(elements, start=1):
        lines.append(f"*ELEMENT, TYPE=B32R, ELSET=S{section}\n{n},{','.join(map(str, members))}")
    lines.append(f"*MATERIAL, NAME=SOLID\n*ELASTIC\n{YOUNG:g},{nu:g}")
    for n, (diameter, direction) in enumerate(sections):
        lines.append(f"*BEAM SECTION, ELSET=S{n}, MATERIAL=SOLID, SECTION=CIRC\n{diameter:.12g},{diameter:.12g}")
        lines.append("{:.12g},{:.12g},{:.12g}".format(*direction))
    for (node, *shift), number in image.items():
        moved = MANDEL @ (np.array(shift) @ lattice.cell)  # [6, 3]: by each macro-strain
        for d in range(3):
            terms = [(number, d + 1, 1.0), (node + 1, d + 1, -1.0)]
            terms += [(strain[m // 3], m % 3 + 1, -moved[m, d]) for m in range(6) if abs(moved[m, d]) > 1e-12]
            lines.append(equation(terms))
        lines += [equation([(number, d, 1.0), (node + 1, d, -1.0)]) for d in (4, 5, 6)]
    for m in range(6):
        lines.append("*STEP\n*STATIC")
        if m == 0:
            lines.append("*BOUNDARY\n1,1,3,0.")
        lines.append(f"*CLOAD, OP=NEW\n{strain[m // 3]},{m % 3 + 1},{lattice.volume:.12g}")
        lines.append("*NODE PRINT, NSET=STRAIN\nU\n*END STEP")
    return "\n".join(lines) + "\n"


def equation(terms):
    """The terms (node, direction, factor) sum to zero; four a line."""
    texts = [f"{node},{direction},{factor:.12g}" for node, direction, factor in terms]
    rows = [",".join(texts[k : k + 4]) for k in range(0, len(texts), 4)]
    return "\n".join(["*EQUATION", str(len(terms)), *rows])
