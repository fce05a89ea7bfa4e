"""Configuration of the network, under the names of Grega et al.'s released code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from fastlattice.errors import ConfigError
from fastlattice.ops.mandel import POSITIVE_FUNCTIONS


def uniform_irreps(channels: int, lmax: int) -> str:
    """`channels` copies of every degree up to lmax: uniform_irreps(8, 2) is "8x0e+8x1o+8x2e"."""
    return "+".join(f"{channels}x{l}{'eo'[l % 2]}" for l in range(lmax + 1))


@dataclass(frozen=True)
class MACEConfig:
    """What the network is made of.

    Attributes:
        hidden_irreps: node features, e.g. "32x0e+32x1o+32x2e+32x3o+32x4e": one multiplicity (the channels), every
            degree up to lmax once, with the parity of a spherical harmonic.
        readout_irreps: the same after the readout.
        max_edge_radius: centre of the last Gaussian of the radius embedding; the first is at 0.
        lmax: largest degree of the spherical harmonics, 2, 3 or 4.
        num_edge_bases: Gaussians for the length, and again for the radius; at least 2.
        agg_norm_const: what the sum over a node's edges is divided by.
        inter_MLP_dim: width of the radial network's hidden layers.
        inter_MLP_layers: linear layers of the radial network, the last without bias; at least 2.
        correlation: largest order of the symmetric contraction, 1, 2 or 3.
        message_passes: number of layers.
        positive_function: one of POSITIVE_FUNCTIONS; "none" returns the symmetric matrix as it is.
        interaction_reduction: "sum".
        global_reduction: "mean".
        interaction_bias: accepted and without effect: the released code has the biases in any case.

    Raises:
        ConfigError: an entry is malformed or asks for what the engine cannot run; the message says why.
    """

    hidden_irreps: str
    readout_irreps: str
    max_edge_radius: float
    lmax: int = 4
    num_edge_bases: int = 6
    agg_norm_const: float = 4.0
    inter_MLP_dim: int = 64  # noqa: N815 - the original's name
    inter_MLP_layers: int = 3  # noqa: N815
    correlation: int = 3
    message_passes: int = 2
    positive_function: str = "matrix_power_2"
    interaction_reduction: str = "sum"
    global_reduction: str = "mean"
    interaction_bias: bool = True

    max_edge_length: ClassVar[float] = 0.6
    """Centre of the last Gaussian of the length embedding, a constant of the released code."""

    def __post_init__(self) -> None:
        for name in ("hidden_irreps", "readout_irreps"):
            object.__setattr__(self, name, str(getattr(self, name)).replace(" ", ""))
        for name, low in (
            ("lmax", 1),
            ("num_edge_bases", 2),
            ("inter_MLP_dim", 1),
            ("inter_MLP_layers", 2),
            ("correlation", 1),
            ("message_passes", 1),
        ):
            value = getattr(self, name)
            if isinstance(value, bool) or value != int(value) or value < low:
                raise ConfigError(f"{name} is {value!r}; it must be an integer, at least {low}")
            object.__setattr__(self, name, int(value))
        for name in ("max_edge_radius", "agg_norm_const"):
            value = float(getattr(self, name))
            if not 0 < value < float("inf"):
                raise ConfigError(f"{name} is {value}; it must be a positive number")
            object.__setattr__(self, name, value)
        self._check_engine()

    def _check_engine(self) -> None:
        if self.lmax == 1:
            raise ConfigError("lmax 1 cannot produce a stiffness: a product of two vectors has no part with l = 4")
        if self.lmax > 4:
            raise ConfigError(f"lmax is {self.lmax}; the engine has tables up to lmax 4")
        _ = self.channels, self.readout_channels
        if self.correlation > 3:
            raise ConfigError(f"correlation is {self.correlation}; the engine contracts up to three factors")
        if self.positive_function not in POSITIVE_FUNCTIONS:
            raise ConfigError(
                f"positive_function is {self.positive_function!r}; choose from {', '.join(POSITIVE_FUNCTIONS)}"
            )
        for name, wanted, why in (
            ("interaction_reduction", "sum", "messages are summed at the receiver and divided by agg_norm_const"),
            ("global_reduction", "mean", "only the mean over nodes is the same for a cell and its supercell"),
        ):
            if getattr(self, name) != wanted:
                raise ConfigError(f"{name} is {getattr(self, name)!r}; the engine has {wanted!r} only: {why}")
        if self.lmax < 4 and self.readout_channels % 2:
            raise ConfigError(
                f"readout_irreps has {self.readout_channels} channels; below lmax 4 the readout is split into two "
                "halves, so their number must be even"
            )

    @property
    def channels(self) -> int:
        """Channels of the node features."""
        return _multiplicity("hidden_irreps", self.hidden_irreps, self.lmax)

    @property
    def readout_channels(self) -> int:
        """Channels after the readout."""
        return _multiplicity("readout_irreps", self.readout_irreps, self.lmax)

    @classmethod
    def from_any(cls, config: Any) -> MACEConfig:
        """A configuration from a MACEConfig, a mapping, or any object with the original's names as attributes.

        Entries that are not the network's (learning rate, batch size, ...) are left aside.

        Raises:
            ConfigError: hidden_irreps, readout_irreps or max_edge_radius is missing, or an entry is bad.
        """
        if isinstance(config, cls):
            return config
        try:
            entries = dict(config) if isinstance(config, Mapping) else vars(config)
        except TypeError:
            raise ConfigError(f"a configuration is a mapping or a namespace, not a {type(config).__name__}") from None
        known = {f.name: entries[f.name] for f in fields(cls) if f.name in entries}
        missing = [name for name in ("hidden_irreps", "readout_irreps", "max_edge_radius") if name not in known]
        if missing:
            raise ConfigError(f"the configuration has no {', '.join(missing)}")
        try:
            return cls(**known)
        except (TypeError, ValueError) as error:
            if isinstance(error, ConfigError):
                raise
            raise ConfigError(f"malformed configuration: {error}") from None

    def to_dict(self) -> dict[str, Any]:
        """The entries under the original's names, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Conventions:
    """What a network's raw output and its radii mean.

    Attributes:
        quantity: the raw output times `scale` is "C" (the stiffness in units of the solid's Young's modulus) or
            "C/density" (that divided by the relative density).
        scale: see `quantity`; 1 unless the training targets were scaled.
        radii: "strut" where radii are those of the struts; "both_directions" where the training data took the radius
            from the density by counting every strut twice, so that the network saw radii smaller by sqrt(2).

    Raises:
        ConfigError: an entry is none of these.
    """

    quantity: str = "C"
    scale: float = 1.0
    radii: str = "strut"

    def __post_init__(self) -> None:
        for name, allowed in (("quantity", ("C", "C/density")), ("radii", ("strut", "both_directions"))):
            if getattr(self, name) not in allowed:
                raise ConfigError(f"{name} is {getattr(self, name)!r}; choose from {', '.join(allowed)}")
        if not 0 < self.scale < float("inf"):
            raise ConfigError(f"scale is {self.scale}; it must be a positive number")

    @property
    def radius_factor(self) -> float:
        """What a strut's radius is multiplied by before the network sees it."""
        return 0.5**0.5 if self.radii == "both_directions" else 1.0


def _multiplicity(name: str, irreps: str, lmax: int) -> int:
    first = re.match(r"(\d+)x", irreps)
    channels = int(first.group(1)) if first else 0
    if channels < 1 or irreps != uniform_irreps(channels, lmax):
        raise ConfigError(
            f"{name} is {irreps!r}; the engine runs one multiplicity for every degree up to lmax, "
            f"such as {uniform_irreps(channels or 32, lmax)!r} for lmax {lmax}"
        )
    return channels
