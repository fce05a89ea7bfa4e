"""StiffnessModel: what every network of this package does alike, whatever it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar, cast

import torch
from torch import nn

from fastlattice.errors import CheckpointError, ConfigError
from fastlattice.lattice import Lattice, LatticeBatch
from fastlattice.models import checkpoint
from fastlattice.models.conventions import Conventions
from fastlattice.models.inputs import Inputs, inputs_of
from fastlattice.models.predict import in_chunks

Model = TypeVar("Model", bound="StiffnessModel")


class NetworkConfig(Protocol):
    """What a network's configuration can do."""

    @property
    def scaled_lengths(self) -> bool:
        """Whether lengths are divided by the geometric mean of the lattice constants."""

    @property
    def needs_density(self) -> bool:
        """Whether the network reads the relative density, whatever its output means."""

    @classmethod
    def from_any(cls, config: Any) -> Any:
        """From what users have; misspelt entries are refused."""

    @classmethod
    def from_original(cls, config: Any) -> Any:
        """From the original's mapping or namespace; what is not the network's is left aside."""

    def to_dict(self) -> dict[str, Any]:
        """Entries ready for JSON."""


class StiffnessModel(nn.Module):
    """A network from a periodic strut lattice to its homogenised stiffness.

    A subclass sets `Config` and `original_prefix`, and computes in `raw`; units, chunks, files and the original's
    checkpoints are done here.

    Args:
        config: what `Config.from_any` takes.
        conventions: what the raw output and the radii mean; `stiffness` and `predict` use it.
        backend: "auto" or the name of a backend of `fastlattice.ops`.

    Raises:
        ConfigError: the configuration is malformed, or asks for what the engine cannot run.
    """

    Config: ClassVar[type[NetworkConfig]]
    """The class of `config`."""
    original_prefix: ClassVar[str]
    """How parameters begin that only this network has in the original's checkpoints."""
    _kinds: ClassVar[dict[str, type[StiffnessModel]]] = {}

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        if "Config" in vars(cls):
            StiffnessModel._kinds[cls.__name__] = cls

    def __init__(self, config: Any, conventions: Conventions | None = None, backend: str = "auto") -> None:
        super().__init__()
        self.config = self.Config.from_any(config)
        self.conventions = conventions or Conventions()
        self.backend = backend

    def extra_repr(self) -> str:
        """The configuration and the conventions."""
        return f"{self.config}, {self.conventions}"

    def raw(self, graph: Inputs) -> torch.Tensor:
        """[B, 6, 6] raw output of the network."""
        raise NotImplementedError

    def inputs(self, batch: Any, with_density: bool = False) -> Inputs:
        """What the network reads of a batch, checked, in its dtype and on its device.

        Args:
            batch: as for `forward`.
            with_density: whether the relative density is read as well, where the conventions need it.
        """
        return inputs_of(
            batch,
            next(self.parameters()),
            with_density=self.config.needs_density or (with_density and self.conventions.quantity == "C/density"),
            with_scale=self.config.scaled_lengths,
        )

    def forward(self, batch: Any) -> dict[str, torch.Tensor]:
        """The network's raw output, differentiable.

        Args:
            batch: a LatticeBatch or a Graph of any dtype, or any object with edge_index [2, E] int64, positions [N, 3],
                shifts [E, 3] Cartesian, edge_attr [E, 1] radii, node_attrs [N, 1], batch [N] int64 and num_graphs, as
                attributes or items, in the dtype and on the device of the network. The edge vector is
                positions[receiver] - positions[sender] + shift; lengths in units of the largest cell constant.

        Returns:
            {"stiffness": [B, 6, 6]}, Mandel matrices in the order 11, 22, 33, 23, 13, 12.

        Raises:
            GraphError: an attribute is missing or has a wrong type, shape, dtype, device or value.
            BackendError: the backend asked for does not exist or cannot run this.
        """
        return {"stiffness": self.raw(self.inputs(batch))}

    def stiffness(self, batch: Any) -> torch.Tensor:
        """[B, 6, 6] stiffness in units of the solid's Young's modulus, differentiable, according to the conventions.

        Args:
            batch: as for `forward`, with the radii of the struts. Where the network's quantity is "C/density", a
                LatticeBatch, its Graph, or an object with relative_density [B].

        Raises:
            GraphError: as `forward`, or the relative density is needed and missing.
        """
        return self.in_units(self.inputs(batch, with_density=True))

    def in_units(self, graph: Inputs) -> torch.Tensor:
        """[B, 6, 6] stiffness of inputs, according to the conventions."""
        if self.conventions.radius_factor != 1:
            graph = replace(graph, radius=graph.radius * self.conventions.radius_factor)
        stiffness = self.raw(graph) * self.conventions.scale
        if self.conventions.quantity == "C/density":
            assert graph.relative_density is not None
            stiffness = stiffness * graph.relative_density[:, None, None]
        return stiffness

    @torch.no_grad()
    def predict(self, batch: Any, chunk: int | None = None, progress: bool = False) -> torch.Tensor:
        """[B, 6, 6] stiffness in units of the solid's Young's modulus, without gradients.

        Args:
            batch: as for `stiffness`, or one lattice or a list of lattices. It is worked on in chunks, which bounds the
                memory; on the CPU in as many threads as torch has, torch's own work in one thread each.
            chunk: lattices in a chunk; None: on the CPU 64 to 512, so that all threads get some, fewer where they are
                large; 4,096 on a GPU.
            progress: show a progress bar.

        Raises:
            GraphError: as `stiffness`.
        """
        if isinstance(batch, Lattice | list | tuple):
            batch = LatticeBatch.from_lattices([batch] if isinstance(batch, Lattice) else batch)
        return in_chunks(self, batch, chunk, progress)

    @classmethod
    def from_original(
        cls: type[Model],
        source: Mapping[str, Any] | str | Path,
        config: Any = None,
        conventions: Conventions | None = None,
        backend: str = "auto",
    ) -> Model:
        """The network with the parameters of the released one, in their dtype.

        Args:
            source: a state dict, a Lightning checkpoint (with "state_dict"), or the path of either, read with
                weights_only: nothing in the file is executed.
            config: the original's configuration; None takes the hyperparameters of a Lightning checkpoint.
            conventions: what the training data meant. Networks trained on catalogues without radii, loaded by the
                released code, saw radii smaller by sqrt(2): Conventions(radii="both_directions").
            backend: as for the constructor.

        Raises:
            CheckpointError: the file cannot be read, or parameters are missing, unexpected, or of another shape.
            ConfigError: there is no configuration, or it is bad.
        """
        original = checkpoint.read_original(source)
        config = original.hyperparameters if config is None else config
        if config is None:
            raise ConfigError(f"{original.origin} holds no hyperparameters: pass the network's configuration")
        kind = cls if "Config" in vars(cls) else cls._kind_of(list(original.parameters), original.origin)
        model = kind(kind.Config.from_original(config), conventions, backend)
        checkpoint.fill(model, original.parameters, original.origin)
        return model

    @classmethod
    def _kind_of(cls: type[Model], names: Sequence[str], origin: str) -> type[Model]:
        for kind in cls._kinds.values():
            if issubclass(kind, cls) and any(name.startswith(kind.original_prefix) for name in names):
                return kind
        raise CheckpointError(f"{origin} holds none of the networks {', '.join(cls._kinds)}")

    def save(self, path: str | Path) -> None:
        """Writes parameters, configuration and conventions as one safetensors file, whole or not at all."""
        kind = next(k.__name__ for k in type(self).__mro__ if k.__name__ in self._kinds)
        saved = checkpoint.Saved(kind, self.config.to_dict(), vars(self.conventions), self.state_dict())
        checkpoint.write(path, saved)

    @classmethod
    def load(cls: type[Model], path: str | Path, backend: str = "auto") -> Model:
        """Reads what `save` wrote; called on StiffnessModel, whichever network that was.

        Raises:
            CheckpointError: the file is not one of ours, holds another network, is damaged, or comes from a newer
                format.
        """
        saved = checkpoint.read(path, cls.__name__)
        kind = cls._kinds.get(saved.kind)
        if kind is None or not (issubclass(kind, cls) or issubclass(cls, kind)):
            raise CheckpointError(f"{path} holds a {saved.kind}, not a {cls.__name__}")
        try:
            config, conventions = kind.Config.from_any(saved.config), Conventions(**saved.conventions)
        except (TypeError, ValueError) as error:
            raise checkpoint.damaged(path, error) from None
        model = cast(type[Model], cls if issubclass(cls, kind) else kind)(config, conventions, backend)
        checkpoint.fill(model, saved.parameters, str(path))
        return model
