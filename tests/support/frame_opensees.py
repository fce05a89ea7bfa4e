"""The same homogenisation with OpenSeesPy's ElasticTimoshenkoBeam, or its Euler-Bernoulli element where kappa is
infinite: its assembled matrix, made periodic by hand."""

import atexit
import ctypes
import importlib.util
import os
from pathlib import Path

import numpy as np

# The Linux wheel brings its own BLAS, but does not say where it lies.
_wheel = importlib.util.find_spec("openseespylinux")
if _wheel is not None and _wheel.origin is not None:
    for _library in (Path(_wheel.origin).parent / "lib").glob("libblas.so*"):
        ctypes.CDLL(str(_library), mode=ctypes.RTLD_GLOBAL)

import openseespy.opensees as ops  # noqa: E402

from tests.support.frame_reference import MANDEL, local_axes, pinned_nodes  # noqa: E402


@atexit.register
def _silently() -> None:
    """The last that OpenSees does is to tell the terminal that it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


SOFTENING = 1e6  # OpenSees refuses to assemble very small stiffnesses: scale Young's modulus


def assembled() -> np.ndarray:
    """The stiffness matrix of the model that stands, rows in the order of `ops.nodeDOFs`, in units of E_s."""
    ops.constraints("Plain")
    ops.numberer("Plain")
    ops.system("FullGeneral")
    ops.test("NormUnbalance", 1e9, 1)
    ops.algorithm("Linear")
    ops.integrator("GimmeMCK", 0.0, 0.0, 1.0)
    ops.analysis("Transient")
    ops.analyze(1, 0.0)
    size = ops.systemSize()
    return np.array(ops.printA("-ret")).reshape(size, size) / SOFTENING


def modelled(lattice, nu, kappa):
    """Makes the model of a cell, elements numbered from 1 as struts; tags of nodes (i, 0, 0, 0) and of their images."""
    ops.wipe()
    ops.model("basic", "-ndm", 3, "-ndf", 6)
    n, young, shear = lattice.num_nodes, SOFTENING, SOFTENING / 2 / (1 + nu)
    node = {(i, 0, 0, 0): i + 1 for i in range(n)}
    for (_, j), shift in zip(lattice.struts, lattice.shifts, strict=True):
        node.setdefault((int(j), *map(int, shift)), len(node) + 1)
    for (i, *shift), tag in node.items():
        ops.node(tag, *map(float, lattice.positions[i] + np.array(shift) @ lattice.cell))
    for k, ((i, j), shift, vector, radius) in enumerate(
        zip(lattice.struts, lattice.shifts, lattice.strut_vectors, lattice.radii, strict=True), start=1
    ):
        area, inertia = float(np.pi * radius**2), float(np.pi * radius**4 / 4)
        ops.geomTransf("Linear", k, *map(float, local_axes(vector)[2]))
        ends = int(i) + 1, node[(int(j), *map(int, shift))]
        if np.isinf(kappa):
            ops.element("elasticBeamColumn", k, *ends, area, young, shear, 2 * inertia, inertia, inertia, k)
        else:
            section = young, shear, area, 2 * inertia, inertia, inertia, kappa * area, kappa * area
            ops.element("ElasticTimoshenkoBeam", k, *ends, *section, k)
    return node


def periodic(lattice, node):
    """[6, 6] stiffness, Mandel, E_s = 1, of the model that stands; [DOFs, 6] its displacements under unit strains."""
    K = assembled()
    n, size = lattice.num_nodes, len(K)

    # Every image follows its node and the macro-strain, numbers 6 n to 6 n + 5.
    T = np.zeros((size, 6 * n + 6))
    for (i, *shift), tag in node.items():
        rows = ops.nodeDOFs(tag)
        T[rows, np.arange(6 * i, 6 * i + 6)] = 1
        T[rows[:3], 6 * n :] = (MANDEL @ (np.array(shift) @ lattice.cell)).T
    reduced = T.T @ K @ T
    pinned = {6 * p + d for p in pinned_nodes(lattice) for d in range(3)}
    free = [d for d in range(6 * n) if d not in pinned]
    G, macro = reduced[np.ix_(free, range(6 * n, 6 * n + 6))], reduced[6 * n :, 6 * n :]
    moved = np.linalg.solve(reduced[np.ix_(free, free)], -G)
    return (macro + G.T @ moved) / lattice.volume, T[:, free] @ moved + T[:, 6 * n :]


def opensees_stiffness(lattice, nu=0.3, kappa=0.89):
    """[6, 6] homogenised stiffness, Mandel, E_s = 1."""
    return periodic(lattice, modelled(lattice, nu, kappa))[0]


def opensees_end_loads(lattice, nu=0.3, kappa=0.89):
    """[M, 12, 6] force and moment on both ends of every strut under unit macro-strains, as OpenSees' elements say."""
    node = modelled(lattice, nu, kappa)
    _, moved = periodic(lattice, node)
    rows = {tag: ops.nodeDOFs(tag) for tag in node.values()}
    found = np.empty((lattice.num_struts, 12, 6))
    for load in range(6):
        modelled(lattice, nu, kappa)
        ops.timeSeries("Linear", 1)
        ops.pattern("Plain", 1, 1)
        for tag, numbers in rows.items():
            for place, number in enumerate(numbers, start=1):
                ops.sp(tag, place, float(moved[number, load]))
        ops.constraints("Lagrange")
        ops.numberer("Plain")
        ops.system("FullGeneral")
        ops.algorithm("Linear")
        ops.integrator("LoadControl", 1.0)
        ops.analysis("Static")
        assert ops.analyze(1) == 0
        for strut in range(lattice.num_struts):
            found[strut, :, load] = ops.eleResponse(strut + 1, "globalForce")
    return found / SOFTENING
