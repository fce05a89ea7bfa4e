"""Writes elasticipy.json: what Elasticipy computes for a few stiffnesses.

Elasticipy pulls a desktop toolkit, so the tests compare with these figures instead of importing it. To repeat, in an
environment of its own: pip install elasticipy==7.0.0 && python tests/data/make_elasticipy.py
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from elasticipy.tensors.elasticity import StiffnessTensor
from scipy.spatial.transform import Rotation


def triclinic(seed: int, softest: float) -> np.ndarray:
    generator = np.random.default_rng(seed)
    orthogonal = np.linalg.qr(generator.standard_normal((6, 6)))[0]
    matrix = orthogonal @ np.diag(np.geomspace(softest, 1, 6)) @ orthogonal.T
    return np.round(100 * (matrix + matrix.T) / 2, 6)


def cubic(c11: float, c12: float, c44: float) -> np.ndarray:
    matrix = np.diag([c11, c11, c11, c44, c44, c44])
    matrix[:3, :3] += c12 * (1 - np.eye(3))
    return matrix


def figures(voigt: np.ndarray) -> dict:
    stiffness = StiffnessTensor(voigt)
    n = np.array([[1.0, 0, 0], [1, 1, 1], [0.3, -0.5, 0.8]])
    m = np.array([[0.0, 1, 0], [1, -1, 0], [0.5, 0.3, 0.0]])
    n /= np.linalg.norm(n, axis=1, keepdims=True)
    m /= np.linalg.norm(m, axis=1, keepdims=True)
    turn = Rotation.from_rotvec([0.4, -0.9, 0.2])
    voigt_average, reuss, hill = (stiffness.average(name) for name in ("voigt", "reuss", "hill"))
    young, shear, poisson = stiffness.Young_modulus, stiffness.shear_modulus, stiffness.Poisson_ratio
    return {
        "voigt": voigt.tolist(),
        "n": n.tolist(),
        "m": m.tolist(),
        "young": young.eval(n).tolist(),
        "shear": shear.eval(n, m).tolist(),
        "poisson": poisson.eval(n, m).tolist(),
        "compressibility": stiffness.linear_compressibility.eval(n).tolist(),
        "young_extremes": [float(young.min()[0]), float(young.max()[0])],
        "shear_extremes": [float(shear.min()[0]), float(shear.max()[0])],
        "poisson_extremes": [float(poisson.min()[0]), float(poisson.max()[0])],
        "bulk": [float(x.bulk_modulus) for x in (voigt_average, reuss, hill)],
        "shear_average": [float(x.matrix()[3, 3]) for x in (voigt_average, reuss, hill)],
        "universal_anisotropy": float(stiffness.universal_anisotropy),
        "kelvin_moduli": np.linalg.eigvalsh(stiffness.to_Kelvin()).tolist(),
        "kelvin": stiffness.to_Kelvin().tolist(),
        "compliance_voigt": stiffness.inv().matrix().tolist(),
        "rotation": turn.as_matrix().tolist(),
        "rotated_voigt": (stiffness * turn).matrix().tolist(),
    }


cases = {
    "copper": figures(cubic(168.4, 121.4, 75.4)),
    "triclinic": figures(triclinic(1, 0.1)),
    "soft modes": figures(triclinic(2, 1e-3)),
}
document = {"library": f"elasticipy {version('elasticipy')}", "cases": cases}
Path(__file__).with_name("elasticipy.json").write_text(json.dumps(document) + "\n")
