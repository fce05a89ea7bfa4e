"""The picture: lattices a second against the number of nodes of their cell, for every way to a stiffness."""

import numpy as np

from fastlattice._files import replacing

OP = "stiffness of cells of one size"
# Table 4 of Grega et al., ICLR 2024 (arXiv 2401.16914): seconds for 5,000 lattices; and the median, p10 and p90 of the
# nodes of the lattices that they published.
PUBLISHED = {"CGC, NNConv (RTX 3070)": (5.0, "^"), "MACE (RTX 3070)": (15.0, "s"), "FE (i7-11700)": (1.1e4, "D")}
PUBLISHED_LATTICES, PUBLISHED_NODES = 5000, (16, 6, 40)
COLOURS = {"LatticeMACE": "#0072B2", "exact FE": "#D55E00", "OpenSeesPy": "#009E73", "CalculiX": "#CC79A7"}


def series(run, backend):
    """(nodes per cell, lattices a second), sorted."""
    rows = sorted((r["nodes_per_cell"], r["lattices_per_second"]) for r in run.all(OP, backend=backend))
    return np.array(rows).reshape(-1, 2).T


def crossover(run):
    """Nodes per cell at which the network and exact elements are equally fast; None where no such size was measured.

    Between two sizes, rates are taken to follow a power of the number of nodes.
    """
    nodes, network = series(run, "LatticeMACE")
    other, exact = series(run, "exact FE")
    if not np.array_equal(nodes, other):
        raise LookupError("the network and exact elements were not timed on the same sizes")
    lead = np.log(network / exact)
    after = np.flatnonzero((lead[1:] > 0) & (lead[:-1] <= 0))
    if not len(after):
        return None
    k = after[-1]
    return float(np.exp(np.interp(0, lead[k : k + 2], np.log(nodes[k : k + 2]))))


def draw(run, path):
    """Writes the picture, whole or not at all."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 5.2), layout="constrained")
    for backend, colour in COLOURS.items():
        nodes, rate = series(run, backend)
        if len(nodes):
            axes.plot(nodes, rate, "o-", color=colour, markersize=4.5, linewidth=1.8)
            text = {"xytext": (8, 3), "textcoords": "offset points", "va": "center", "weight": "bold"}
            axes.annotate(backend, (nodes[-1], rate[-1]), color=colour, **text)
    middle, low, high = PUBLISHED_NODES
    for name, (seconds, marker) in PUBLISHED.items():
        rate = PUBLISHED_LATTICES / seconds
        axes.plot([low, high], [rate, rate], color="0.55", linewidth=1)
        axes.plot(middle, rate, marker, color="white", markeredgecolor="0.25", markersize=6.5, label=name)
    axes.legend(
        title="published: Grega et al. (2024), Table 4;\nbars: sizes of their lattices (p10 to p90)",
        title_fontsize=8.5,
        fontsize=8.5,
        loc="upper right",
        bbox_to_anchor=(1, 0.93),
        frameon=False,
        labelcolor="0.25",
    )
    if (nodes := crossover(run)) is not None:
        axes.axvline(nodes, color="0.7", linewidth=1, linestyle=":")
        axes.annotate(
            f"exact FE is faster ← about {float(f'{nodes:.1e}'):,.0f} nodes → the network is faster",
            (nodes, 1),
            (0, -4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=8.5,
            color="0.35",
            backgroundcolor="white",
        )
    axes.set(xscale="log", yscale="log", xlabel="nodes per cell", ylabel="lattices per second")
    axes.set_xlim(1.5, 40_000)
    axes.set_title("Stiffness of a periodic lattice, one CPU core", loc="left", weight="bold")
    axes.grid(which="major", color="0.92")
    axes.spines[["top", "right"]].set_visible(False)
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=160, format="png", bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
