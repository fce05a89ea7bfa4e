"""What the paper's tables say (Grega et al., ICLR 2024), by label and by our names of its metrics.

L_comp, L_dir and L_equiv are absolute there, and of other lattices. The text gives no unit; the released code
multiplies stiffness over E_s by 1e5, and its L_comp is a mean absolute component. L_dir,rel stands under both
definitions here: the text divides by sqrt(gamma), the code by the mean directional stiffness, and which of them the
tables have is not said.
"""

from __future__ import annotations

ABSOLUTE = ("L_comp (mean absolute)", "L_dir", "L_equiv")
"""Metrics in units of 1e-5 E_s."""
_NAMES = ("L_comp (mean absolute)", "L_dir", "L_dir_rel", "L_equiv", "negative eigenvalue")


def _by_label(labels: tuple[str, ...], rows: dict[str, tuple[float, ...]]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {label: {} for label in labels}
    for name, values in rows.items():
        for label, value in zip(labels, values, strict=True):
            if name == "L_dir_rel":
                found[label]["L_dir_rel (sqrt gamma)"] = found[label]["L_dir_rel (mean directional)"] = value
            else:
                found[label][name] = value
    return found


TABLE_1 = _by_label(
    ("CGC", "CGC+tr", "CGC+ve", "NNConv", "NNConv+tr", "NNConv+ve", "MACE", "MACE+tr", "MACE+ve"),
    {
        "L_comp (mean absolute)": (8.37, 4.47, 5.47, 8.99, 5.57, 7.07, 3.88, 3.47, 3.61),
        "L_dir": (8.77, 5.23, 5.86, 9.65, 6.90, 8.08, 4.17, 4.11, 4.21),
        "L_dir_rel": (0.42, 0.24, 0.26, 0.44, 0.38, 0.35, 0.21, 0.20, 0.21),
        "L_equiv": (0.33, 0.15, 0.17, 0.39, 0.25, 0.22, 0, 0, 0),
        "negative eigenvalue": (0.04, 0.26, 0, 0.08, 0.16, 0, 0.30, 0.34, 0),
    },
)
TABLE_2 = {
    "none: CGC at one orientation": {"L_equiv": 0.64, "L_comp (mean absolute)": 9.31},
    "observation: CGC+tr": {"L_equiv": 0.13, "L_comp (mean absolute)": 4.47},
    "inductive: MACE": {"L_equiv": 0.0, "L_comp (mean absolute)": 3.88, "negative eigenvalue": 0.30},
    "learning: MACE+lb": {"L_comp (mean absolute)": 3.63, "negative eigenvalue": 0.29},
    "inductive: MACE+ve": {"L_comp (mean absolute)": 3.61, "negative eigenvalue": 0.0},
}
TABLE_3 = _by_label(
    ("e^A", "A^2", "A^4", "(I + A/2)^2", "(I + A/4)^4"),
    {
        "L_comp (mean absolute)": (4.58, 3.61, 4.41, 3.87, 3.62),
        "L_dir": (5.12, 4.21, 5.17, 4.63, 4.41),
        "L_dir_rel": (0.35, 0.21, 0.28, 0.24, 0.26),
    },
)
TABLE_8 = _by_label(
    (
        "static, primal (CGC)",
        "static, dual",
        "static, combined (mCGC)",
        "dynamic, primal (CGC)",
        "dynamic, dual",
        "dynamic, combined (mCGC)",
    ),
    {
        "L_comp (mean absolute)": (7.81, 11.90, 8.49, 4.63, 9.10, 5.36),
        "L_dir": (8.31, 15.46, 8.71, 5.29, 12.03, 5.84),
        "L_dir_rel": (0.38, 1.14, 0.42, 0.25, 0.76, 0.27),
        "negative eigenvalue": (0.10, 0.01, 0.02, 0.26, 0.00, 0.28),
    },
)
