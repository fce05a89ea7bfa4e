"""The runs behind tables 1, 2, 3, 8 and figures 2, 3 of Grega et al. (2024), as a list: what differs, and nothing else.

A run is what its configuration says, whatever table asks for it: MACE+ve of table 1 is a column of tables 2 and 3 and a
point of figure 3, and is trained once.

Names are the paper's. "+tr" turns every sample at random, "+ve" does so and ends in a positive semi-definite head,
"+lb" has the penalty on negative energy in its loss. CGC and mCGC without a suffix are those of Meyer et al. (2022):
positions as inputs, components scaled to their range, seven fixed orientations, RAdam and the smooth L1 loss; here that
loss is relative to each lattice's own stiffness. Networks have sizes from the small end of the paper's grids, so that
minutes on one core say something.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fastlattice.models.mace.config import uniform_irreps
from fastlattice.reproduction.paper import TABLE_1, TABLE_2, TABLE_3, TABLE_8

SEEDS = 3
"""Of table 1; all else has one."""
LEARNING_RATES = {"CGC": 1e-3, "MCGC": 1e-3, "NNConv": 1e-3, "LatticeMACE": 3e-3}
"""From the paper's grids."""
POSITIVE_RATE = 1e-3
"""Of a MACE with a positive head: the released code's."""
BATCH = 32
"""Lattices of a step: fewer than the paper's 256, for runs of minutes need steps more than smooth gradients."""
EVERY = 200
"""Steps from one measurement on the way to the next."""


@dataclass(frozen=True)
class Run:
    """One network, trained once.

    Attributes:
        network: name of a StiffnessModel.
        settings: its configuration.
        composition: the training set, one of `fastlattice.data.compositions.COMPOSITIONS`.
        augmentation: "none"; "static", seven fixed orientations (`fastlattice.data.augment`); "rotations", a random one
            for each sample.
        loss, energy_penalty, optimiser: entries of the training configuration.
        seed: of the first parameters and of the order of the samples.
    """

    network: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    composition: str = "1imp"
    augmentation: str = "none"
    loss: str = "squared"
    energy_penalty: float = 0.0
    optimiser: str = "adamw"
    seed: int = 0

    @property
    def training_set(self) -> str:
        """Name of the file of training samples."""
        return f"{self.composition}_7" if self.augmentation == "static" else self.composition

    @property
    def bounded_below(self) -> bool:
        """Whether it is a MACE that ends in a positive function: of few lattices it grows beyond single precision."""
        return self.network == "LatticeMACE" and self.settings["positive_function"] != "none"

    def key(self, minutes: float) -> str:
        """What a run of so many minutes is known by: a hash of its training configuration."""
        text = json.dumps(self.configuration("", minutes, 1, ""), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def configuration(self, folder: str, minutes: float, threads: int, test_set: str) -> dict[str, Any]:
        """Entries of the training configuration.

        Args:
            folder: of the files of training samples.
            minutes: of the processor, validation left out.
            threads: of torch and the kernels.
            test_set: file of the lattices that are measured on the way. None of it decides on anything: the weights at
                the end are taken.
        """
        rate, warm_up, precision = LEARNING_RATES[self.network], 50, {}
        if self.bounded_below:
            rate, warm_up, precision = POSITIVE_RATE, 300, {"dtype": "float64"}
        return {
            "model": {
                "network": self.network,
                "settings": dict(self.settings),
                "conventions": {"quantity": "C/density", "scale": 0.1},
            },
            "data": {
                "files": [f"{folder}/{self.training_set}.parquet"],
                "batch": BATCH,
                "rotate": self.augmentation == "rotations",
                "seed": self.seed,
            },
            "loss": {"name": self.loss, "energy_penalty": self.energy_penalty},
            "optimiser": {
                "name": self.optimiser,
                "learning_rate": rate,
                "betas": [0.9, 0.999],
                "weight_decay": 1e-8,
                "scale_learning_rates": self.network == "LatticeMACE",
                "clip_norm": 1.0,
                "averaging": 0.999,
            },
            "schedule": {"minutes": minutes, "clock": "processor", "decay": "constant", "warm_up": warm_up},
            "validation": {"data": [test_set], "every": EVERY, "rotations": 2},
            "run": {"seed": self.seed, "threads": threads, "tensorboard": False, **precision},
        }


@dataclass(frozen=True)
class Column:
    """An entry of a table, or a point of a figure.

    Attributes:
        label: the paper's name.
        run: what is trained.
        paper: what the paper has, by our name of the metric.
        panel, place: of a figure: the panel, and the number or name on its horizontal axis; points of one panel and
            `series` are one curve.
        series: see `panel`.
    """

    label: str
    run: Run
    paper: Mapping[str, float] = field(default_factory=dict)
    panel: str = ""
    series: str = ""
    place: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the paper, or the runs of a figure.

    Attributes:
        title: what it shows.
        columns: its entries, in the paper's order.
        seeds: how often each run is done, at most.
    """

    title: str
    columns: tuple[Column, ...]
    seeds: int = 1

    def only(self, labels: Collection[str]) -> Table:
        """The table with the entries of these labels, or with all where there are none."""
        return replace(self, columns=tuple(c for c in self.columns if c.label in labels)) if labels else self

    def runs(self, seed: int) -> list[Run]:
        """The runs of a seed; none where the table has fewer seeds."""
        return [replace(column.run, seed=seed) for column in self.columns] if seed < self.seeds else []


def _mace(positive: str = "matrix_power_2", lmax: int = 4, correlation: int = 3, **more: Any) -> Run:
    irreps = uniform_irreps(8, lmax)
    settings = {
        "hidden_irreps": irreps,
        "readout_irreps": irreps,
        "lmax": lmax,
        "correlation": correlation,
        "positive_function": positive,
        "max_edge_radius": 0.03,
        "max_edge_length": 1.0,
    }
    return Run("LatticeMACE", settings, **more)


_CGC = {"hidden_irreps": 32, "message_passes": 3}
_NNCONV = {"hidden_irreps": 16, "message_passes": 3}
_VANILLA: dict[str, Any] = {"augmentation": "static", "loss": "smooth_l1", "optimiser": "radam"}
_TURNED: dict[str, Any] = {"augmentation": "rotations"}

RUNS = {
    "CGC": Run("CGC", {**_CGC, "form": "vanilla"}, **_VANILLA),
    "CGC+tr": Run("CGC", _CGC, **_TURNED),
    "CGC+ve": Run("CGC", {**_CGC, "positive": "square"}, **_TURNED),
    "NNConv": Run("NNConv", _NNCONV),
    "NNConv+tr": Run("NNConv", _NNCONV, **_TURNED),
    "NNConv+ve": Run("NNConv", {**_NNCONV, "positive": "square"}, **_TURNED),
    "MACE": _mace("none"),
    "MACE+tr": _mace("none", **_TURNED),
    "MACE+ve": _mace(**_TURNED),
    "CGC at one orientation": Run("CGC", _CGC),
    "MACE+lb": _mace("none", energy_penalty=100.0),
    **{
        f"{label}, {kind}": Run("MCGC", {**_CGC, "graph": graph, **form}, **how)
        for label, graph in (("dual", "dual"), ("mCGC", "combined"))
        for kind, form, how in (("static", {"form": "vanilla"}, _VANILLA), ("dynamic", {}, _TURNED))
    },
}
"""Runs of set 1imp and seed 0, by the name that the paper gives to them or would."""

_POSITIVE = {
    "e^A": "matrix_exp",
    "A^2": "matrix_power_2",
    "A^4": "matrix_power_4",
    "(I + A/2)^2": "matrix_trunc_exp_2",
    "(I + A/4)^4": "matrix_trunc_exp_4",
}
COMPOSITIONS = ("0imp_quarter", "0imp", "1imp", "4imp")
"""Of the paper's six training sets, those of figure 3 here."""


def _columns(names: Mapping[str, str], paper: Mapping[str, Mapping[str, float]]) -> tuple[Column, ...]:
    """Entries by the names of their runs, with the paper's figures by label."""
    return tuple(Column(label, RUNS[name], paper.get(label, {})) for label, name in names.items())


def _figure_3() -> tuple[Column, ...]:
    data = [
        Column(f"{series}, {name}", replace(RUNS[run], composition=name), {}, "training set", series, name)
        for name in COMPOSITIONS
        for series, run in (("CGC", "CGC at one orientation"), ("CGC+ve", "CGC+ve"), ("MACE+ve", "MACE+ve"))
    ]
    degrees = [
        Column(f"MACE+ve, lmax {lmax}", _mace(lmax=lmax, **_TURNED), {}, "lmax", "MACE+ve", str(lmax))
        for lmax in (2, 3, 4)
    ]
    orders = [
        Column(f"MACE+ve, nu {nu}", _mace(correlation=nu, **_TURNED), {}, "nu", "MACE+ve", str(nu)) for nu in (1, 2, 3)
    ]
    return (*degrees, *orders, *data)


_BIASES = {
    "none: CGC at one orientation": "CGC at one orientation",
    "observation: CGC+tr": "CGC+tr",
    "inductive: MACE": "MACE",
    "learning: MACE+lb": "MACE+lb",
    "inductive: MACE+ve": "MACE+ve",
}
_GRAPHS = {
    "static, primal (CGC)": "CGC",
    "static, dual": "dual, static",
    "static, combined (mCGC)": "mCGC, static",
    "dynamic, primal (CGC)": "CGC+tr",
    "dynamic, dual": "dual, dynamic",
    "dynamic, combined (mCGC)": "mCGC, dynamic",
}

TABLES = {
    "table1": Table(
        "Table 1: networks and ways to train them",
        _columns({name: name for name in list(RUNS)[:9]}, TABLE_1),
        seeds=SEEDS,
    ),
    "table2": Table("Table 2: observation, learning and inductive bias", _columns(_BIASES, TABLE_2)),
    "table3": Table(
        "Table 3: ways to a positive semi-definite answer",
        tuple(Column(label, _mace(name, **_TURNED), TABLE_3[label]) for label, name in _POSITIVE.items()),
    ),
    "table8": Table("Table 8: CGC over the graph, its line graph, and both", _columns(_GRAPHS, TABLE_8)),
    "figure2": Table("Figure 2: errors during training", _columns({name: name for name in _BIASES.values()}, {})),
    "figure3": Table("Figure 3: size of the training set, lmax, and order nu", _figure_3()),
}
"""What is made by training, by the names of the command line."""


def runs_of(tables: Iterable[Table], seeds: int = SEEDS) -> list[Run]:
    """The distinct runs of tables: the first seed of all, then the second of those that have one, and so on.

    Args:
        tables: some of TABLES, or parts of them.
        seeds: at most so many of each run.
    """
    tables = list(tables)
    found = [run for seed in range(seeds) for table in tables for run in table.runs(seed)]
    return list({run.key(1.0): run for run in found}.values())
