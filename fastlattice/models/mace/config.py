"""Configuration of the network, under the names of Grega et al.'s released code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastlattice.errors import ConfigError
from fastlattice.fe import MAX_ORDER
from fastlattice.models.config import Configuration, entries_of
from fastlattice.ops.mandel import POSITIVE_FUNCTIONS

MOST_LAYERS = 63
"""Layers of a network: which of them add their input is a set of bits in the engine."""


def uniform_irreps(channels: int, lmax: int) -> str:
    """`channels` copies of every degree up to lmax: uniform_irreps(8, 2) is "8x0e+8x1o+8x2e"."""
    return "+".join(f"{channels}x{l}{'eo'[l % 2]}" for l in range(lmax + 1))


@dataclass(frozen=True)
class MACEConfig(Configuration):
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
        positive_function: one of POSITIVE_FUNCTIONS, where "none" returns the symmetric matrix as it is; or "bounded":
            between zero and the affine bound, which needs node_inputs "mechanics" and pooled_gate.
        interaction_reduction: "sum".
        global_reduction: "mean".
        interaction_bias: accepted and without effect: the released code has the biases in any case.
        max_edge_length: centre of the last Gaussian of the length embedding; 0.6 is a constant of the released code.
        scaled_lengths: whether lengths and radii are divided by (a b c)^(1/3), the geometric mean of the lattice
            constants; else they are as given, in units of the largest.
        slenderness: whether the radius embedding reads radius / length, and max_edge_radius is one of that.
        edge_scalars: "absolute", the released network's length and radius; or "relative": ln(length / the lattice's
            mean length) and ln(radius / length), mapped so that most lie in [0, 1] (max_edge_length and
            max_edge_radius are then 1).
        node_inputs: "ones", the released network's; "geometry": logarithms of degree, volume and density at the node
            and in the lattice; "mechanics": these, and the local mechanics of `models.mace.mechanics`, to
            degree 4 or, below lmax 4, to degree 2.
        relaxation_steps: 0, or K from 2 on: a bounded head starts from the bound C_K of `fastlattice.bounds` instead of
            the affine one, and from what the last two steps gained; nodes read their energies after K steps. Such a
            network contains a truncated solver.
        layer_norm: whether the features of each degree are divided by their root mean square between layers.
        pooled_gate: whether a network of the pooled scalars weighs the pooled channels. Below lmax 4 the part of degree
            4 is then of products of these in degree 2, beside what the guides of a bounded head have.

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
    max_edge_length: float = 0.6
    scaled_lengths: bool = False
    slenderness: bool = False
    edge_scalars: str = "absolute"
    node_inputs: str = "ones"
    relaxation_steps: int = 0
    layer_norm: bool = False
    pooled_gate: bool = False

    def __post_init__(self) -> None:
        for name in ("hidden_irreps", "readout_irreps"):
            object.__setattr__(self, name, str(getattr(self, name)).replace(" ", ""))
        for name in (
            "positive_function",
            "interaction_reduction",
            "global_reduction",
            "edge_scalars",
            "node_inputs",
        ):
            object.__setattr__(self, name, str(getattr(self, name)))
        for name, low in (
            ("lmax", 1),
            ("num_edge_bases", 2),
            ("inter_MLP_dim", 1),
            ("inter_MLP_layers", 2),
            ("correlation", 1),
            ("message_passes", 1),
            ("relaxation_steps", 0),
        ):
            self._check_integer(name, low)
        if self.message_passes > MOST_LAYERS:
            raise ConfigError(f"message_passes is {self.message_passes}; the engine runs up to {MOST_LAYERS} layers")
        for name in ("interaction_bias", "scaled_lengths", "slenderness", "layer_norm", "pooled_gate"):
            if getattr(self, name) not in (True, False):
                raise ConfigError(f"{name} is {getattr(self, name)!r}; it must be true or false")
            object.__setattr__(self, name, bool(getattr(self, name)))
        for name in ("max_edge_radius", "max_edge_length", "agg_norm_const"):
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
        for name, known in (
            ("positive_function", (*POSITIVE_FUNCTIONS, "bounded")),
            ("edge_scalars", ("absolute", "relative")),
            ("node_inputs", ("ones", "geometry", "mechanics")),
        ):
            self._check_choice(name, known)
        self._check_extensions()
        for name, wanted, why in (
            ("interaction_reduction", "sum", "messages are summed at the receiver and divided by agg_norm_const"),
            ("global_reduction", "mean", "only the mean over nodes is the same for a cell and its supercell"),
        ):
            if getattr(self, name) != wanted:
                raise ConfigError(f"{name} is {getattr(self, name)!r}; the engine has {wanted!r} only: {why}")
        if self.lmax < 4 and not self.pooled_gate and self.readout_channels % 2:
            raise ConfigError(
                f"readout_irreps has {self.readout_channels} channels; below lmax 4 the readout is split into two "
                "halves, so their number must be even"
            )

    def _check_extensions(self) -> None:
        if self.edge_scalars == "relative":
            if self.scaled_lengths or self.slenderness:
                raise ConfigError("edge_scalars 'relative' leave nothing for scaled_lengths or slenderness to do")
            if (self.max_edge_length, self.max_edge_radius) != (1.0, 1.0):
                raise ConfigError("with edge_scalars 'relative', max_edge_length and max_edge_radius must be 1")
        if self.pooled_gate and self.node_inputs == "ones":
            raise ConfigError("pooled_gate reads the lattice's scalars: node_inputs must be 'geometry' or 'mechanics'")
        if self.positive_function == "bounded" and not (self.pooled_gate and self.node_inputs == "mechanics"):
            raise ConfigError("positive_function 'bounded' needs node_inputs 'mechanics' and pooled_gate")
        if self.relaxation_steps and (self.relaxation_steps == 1 or self.positive_function != "bounded"):
            raise ConfigError(
                f"relaxation_steps is {self.relaxation_steps}; it must be 0 or at least 2, and then with "
                "positive_function 'bounded'"
            )
        if self.relaxation_steps > MAX_ORDER:
            raise ConfigError(f"relaxation_steps is {self.relaxation_steps}; more than {MAX_ORDER} are not taken")

    @property
    def extended(self) -> bool:
        """Whether the network has anything that the released one does not."""
        return (self.edge_scalars, self.node_inputs) != ("absolute", "ones") or self.layer_norm or self.pooled_gate

    @property
    def needs_density(self) -> bool:
        """Whether the network reads the relative density of a lattice."""
        return self.edge_scalars == "relative" or self.node_inputs != "ones"

    @property
    def channels(self) -> int:
        """Channels of the node features."""
        return _multiplicity("hidden_irreps", self.hidden_irreps, self.lmax)

    @property
    def readout_channels(self) -> int:
        """Channels after the readout."""
        return _multiplicity("readout_irreps", self.readout_irreps, self.lmax)

    @classmethod
    def from_original(cls, config: Any) -> MACEConfig:
        """A configuration from the hyperparameters of a released network, a mapping or a namespace.

        What is not the network's is left aside. Hyperparameters in sections (data, model, training) are those of the
        released code's successor: in "model", max_edge_L_a and max_edge_r_a are limits of length and radius over
        (a b c)^(1/3), max_edge_r_L instead of the latter one of radius over length.

        Raises:
            ConfigError: as `from_any`.
        """
        if isinstance(config, cls):
            return config
        entries = entries_of(config)
        if "model" in entries and "hidden_irreps" not in entries:
            entries = _of_successor(entries_of(entries["model"]))
        return cls._from_entries(entries)


def _multiplicity(name: str, irreps: str, lmax: int) -> int:
    # Read with plain text methods: torch 2.8 compiles them, and not a regular expression.
    first = irreps.partition("x")[0]
    channels = int(first) if first.isascii() and first.isdigit() else 0
    if channels < 1 or irreps != uniform_irreps(channels, lmax):
        raise ConfigError(
            f"{name} is {irreps!r}; the engine runs one multiplicity for every degree up to lmax, "
            f"such as {uniform_irreps(channels or 32, lmax)!r} for lmax {lmax}"
        )
    return channels


def _of_successor(entries: dict[str, Any]) -> dict[str, Any]:
    radius, slenderness = entries.get("max_edge_r_a"), entries.get("max_edge_r_L")
    if entries.get("max_edge_L_a") is None or (radius is None) == (slenderness is None):
        raise ConfigError("the section 'model' needs max_edge_L_a, and max_edge_r_a or max_edge_r_L")
    limits = {"max_edge_length": entries["max_edge_L_a"], "max_edge_radius": slenderness if radius is None else radius}
    return {**entries, **limits, "scaled_lengths": True, "slenderness": radius is None}
