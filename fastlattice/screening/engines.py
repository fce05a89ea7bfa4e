"""What computes stiffness in a screening: exact finite elements, a network, or both beside each other."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from fastlattice._version import __version__
from fastlattice.errors import FastlatticeError
from fastlattice.fe import Status, StiffnessResult
from fastlattice.fe.homogenise import homogenise_and_measure
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.models.base import StiffnessModel
from fastlattice.models.card import RangeWarning
from fastlattice.models.predict import predict
from fastlattice.models.weights import pretrained_names, weights_of

if TYPE_CHECKING:
    from fastlattice.screening.sources import Source

CROSSOVER = 650
"""Nodes per cell of the diamond at which exact finite elements and *hybrid* are equally fast on a CPU: between those of
docs/accuracy.md, "Large cells"."""
BOTH = "fe+"


@dataclass(frozen=True)
class Computed:
    """Stiffness of n lattices.

    Attributes:
        stiffness: [n, 6, 6] float64 Mandel, in units of E_s; NaN where status is not OK.
        status: [n] int32, values of `fastlattice.Status`.
        density: [n] float64, relative densities, as the source states them or of the geometry; NaN where there is none.
        beam_valid: [n] bool, every strut has r/L <= 0.25.
        joints_valid: [n] bool, struts overlap little at the nodes; see `fastlattice.lattice.joints`.
        in_range: [n] bool, within what the network was trained on; true throughout for finite elements.
        predicted: [n, 6, 6], of the network where finite elements have been asked as well, else None.
    """

    stiffness: NDArray[np.float64]
    status: NDArray[np.int32]
    density: NDArray[np.float64]
    beam_valid: NDArray[np.bool_]
    joints_valid: NDArray[np.bool_]
    in_range: NDArray[np.bool_]
    predicted: NDArray[np.float64] | None = None


class FiniteElements:
    """Exact periodic frame finite elements.

    Attributes:
        name: as the user says it.
        identity: what changes a result, ready for JSON.
        parallel: can chunks be computed at the same time, each in one thread?
        choice: one sentence on why this engine was taken, where the user left it open; else "".
    """

    name, parallel, choice, both = "fe", True, "", False
    identity: dict[str, Any] = {"name": "fe"}  # noqa: RUF012

    def compute(self, batch: LatticeBatch) -> Computed:
        """The stiffness of every lattice, in one thread."""
        result, density = homogenise_and_measure(batch, threads=1)
        everywhere = np.ones(len(batch), dtype=bool)
        return _computed(result, _stated(batch, density), everywhere)


class Network:
    """A network's predictions.

    Args:
        name: of a network that comes with the package, or a .safetensors file.
        device: torch device.
        both: compute finite elements as well; they are then the stiffness, and the network's is `predicted`.

    Attributes: as `FiniteElements`.

    Raises:
        CheckpointError: there is no such network.
        FastlatticeError: there is no such device.
    """

    parallel, choice = False, ""

    def __init__(self, name: str, device: str = "cpu", both: bool = False) -> None:
        path = Path(name) if name.endswith(".safetensors") or Path(name).is_file() else weights_of(name)
        if not path.is_file():
            raise FastlatticeError(f"{path}: there is no such file")
        try:
            torch.empty(0, device=device)
        except (RuntimeError, AssertionError) as error:
            raise FastlatticeError(f"device {device}: {str(error).splitlines()[0]}") from None
        self.name, self.both = BOTH * both + name, both
        self._made_from = name, device, both
        self._model = StiffnessModel.load(path).requires_grad_(False).to(device)
        self._chunk = 512 if device == "cpu" else 4096  # always the same: a network's last bits may depend on it
        where = device if device == "cpu" else torch.cuda.get_device_name(device)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.identity = {
            "name": BOTH * both + "network",
            "weights": digest,
            "device": where,
            "torch": torch.__version__,
        }

    def compute(self, batch: LatticeBatch) -> Computed:
        """The stiffness of every lattice, in torch's number of threads."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RangeWarning)  # the column in_range says it
            found = predict(self._model, batch, self._chunk)
        predicted, in_range = found.stiffness.numpy(), found.in_range.numpy()
        if not self.both:
            return _computed(found, _stated(batch, batch.relative_density), in_range)
        result, density = homogenise_and_measure(batch)
        return _computed(result, _stated(batch, density), in_range, predicted)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process reads the weights for itself."""
        return Network, self._made_from


def _stated(batch: LatticeBatch, density: torch.Tensor) -> torch.Tensor:
    """The relative densities that the source states, or else those of the geometry."""
    stated = batch.columns.get("density")
    return stated if isinstance(stated, torch.Tensor) else density


def _computed(
    result: StiffnessResult,
    density: torch.Tensor,
    in_range: NDArray[np.bool_],
    predicted: NDArray[np.float64] | None = None,
) -> Computed:
    flags = result.beam_valid.numpy(), result.joints_valid.numpy(), in_range
    return Computed(result.stiffness.numpy(), result.status.numpy(), density.numpy(), *flags, predicted)


Engine = FiniteElements | Network


def open_engine(name: str, source: Source | None = None, device: str = "cpu") -> Engine:
    """The engine of a name.

    Args:
        name: "fe"; a shipped network or a .safetensors file; "fe+NAME" for both; "auto".
        source: what "auto" looks at: finite elements where the cells of its first rows are smaller than `CROSSOVER` and
            the device is a CPU, or where no network comes with the package.
        device: of a network.

    Raises:
        CheckpointError, FastlatticeError: there is no such network or device.
    """
    if name == "fe":
        return FiniteElements()
    if name == "auto":
        return _chosen(source, device)
    both = name.startswith(BOTH)
    return Network(name.removeprefix(BOTH), device, both)


def _chosen(source: Source | None, device: str) -> Engine:
    if not pretrained_names():
        return _with_reason(FiniteElements(), "no network comes with the package")
    if device != "cpu":
        return _with_reason(Network("base", device), f"the device is {device}, where the network is the faster one")
    first = next(source.pieces(0, min(source.count, 4096), lambda reject: None), None) if source else None
    nodes = float(first[1]().node_counts.double().mean()) if first else 0.0
    why = f"cells of {nodes:.0f} nodes, and on a CPU both are equally fast at {CROSSOVER}"
    return _with_reason(FiniteElements() if nodes < CROSSOVER else Network("hybrid", device), why)


def _with_reason(engine: Engine, why: str) -> Engine:
    engine.choice = f"engine {engine.name}: {why}"
    return engine


STATUS_NAMES = np.array([status.name.lower() for status in Status])
"""By value of `Status`."""


def platform_identity() -> dict[str, str]:
    """What of this machine and its software changes the bits of a result or of the file that holds it."""
    import pyarrow

    from fastlattice import _native

    return {
        "fastlattice": __version__,
        "instruction_set": _native.instruction_set(),
        "pyarrow": pyarrow.__version__,
        "numpy": np.__version__,
    }
