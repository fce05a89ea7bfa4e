"""StiffnessModel: what every network of this package does alike, whatever it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar, cast

import torch
from torch import nn

from fastlattice._observers import autocasting
from fastlattice.errors import CheckpointError, ConfigError
from fastlattice.lattice import Lattice, LatticeBatch
from fastlattice.models import checkpoint
from fastlattice.models.card import Card
from fastlattice.models.config import Configuration
from fastlattice.models.conventions import Conventions
from fastlattice.models.frozen import Fast, Frozen
from fastlattice.models.inputs import Inputs, inputs_of
from fastlattice.models.predict import in_chunks
from fastlattice.models.weights import weights_of

Model = TypeVar("Model", bound="StiffnessModel")


def own_precision(device: torch.device | str) -> AbstractContextManager[Any]:
    """Where torch.autocast is on, it is off within: networks compute in the dtype of their parameters."""
    kind = torch.device(device).type
    return torch.autocast(kind, enabled=False) if autocasting(kind) else nullcontext()


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

    Config: ClassVar[type[Configuration]]
    """The class of `config`."""
    original_prefix: ClassVar[str] = ""
    """How parameters begin that only this network has in the original's checkpoints; "" where there are none."""
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
        self.card: Card | None = None

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

    def frozen(self) -> Frozen:
        """The network as it is now, for predictions of single lattices one after another, with the bits of `predict`.

        Example:
            >>> predictor = model.frozen()
            >>> predictor(fastlattice.unit_cell("octet", 0.02)).stiffness
        """
        return Frozen(self)

    def packed(self) -> Fast | None:
        """A faster way to the stiffness of a few lattices, for `Frozen`; None where there is none.

        It takes the model and the batch, and gives None where only the ordinary way says what is wrong with a lattice.
        """
        return None

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
        kind = cls._kind_of(original.parameters, original.origin)
        config = original.hyperparameters if config is None else config
        if config is None:
            raise ConfigError(f"{original.origin} holds no hyperparameters: pass the network's configuration")
        model = kind(kind._original_config(config, original.parameters), conventions, backend)
        checkpoint.fill(model, original.parameters, original.origin)
        return model

    @classmethod
    def _original_config(cls, config: Any, parameters: Mapping[str, torch.Tensor]) -> Configuration:
        """The network's configuration from the original's, which may leave to the parameters what they show."""
        return cls.Config.from_original(config)

    @classmethod
    def _kind_of(cls: type[Model], names: Iterable[str], origin: str) -> type[Model]:
        """The class whose parameters these are; `cls` itself where that cannot be told, so that `fill` says why."""
        if hasattr(cls, "Config") and not cls.original_prefix:
            raise CheckpointError(f"the released code has no {cls.__name__}: {cls.__name__}.load reads what save wrote")
        names = list(names)
        kinds = [kind for kind in cls._kinds.values() if kind.original_prefix]
        found = [kind for kind in kinds if any(name.startswith(kind.original_prefix) for name in names)]
        if any(issubclass(cls, kind) for kind in found):
            return cls
        for kind in found:
            if issubclass(kind, cls):
                return kind
            name = kind.__name__
            raise CheckpointError(f"{origin} is a {name} checkpoint: fastlattice.{name}.from_original reads it")
        if hasattr(cls, "Config"):
            return cls
        raise CheckpointError(f"{origin} holds none of the networks {', '.join(kind.__name__ for kind in kinds)}")

    def save(self, path: str | Path) -> None:
        """Writes parameters, configuration, conventions and card as one safetensors file, whole or not at all."""
        kind = next(k.__name__ for k in type(self).__mro__ if k.__name__ in self._kinds)
        saved = checkpoint.Saved(
            kind,
            self.config.to_dict(),
            vars(self.conventions),
            self.state_dict(),
            None if self.card is None else self.card.to_dict(),
        )
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
            card = None if saved.card is None else Card.from_dict(saved.card)
        except (TypeError, ValueError) as error:
            raise checkpoint.damaged(path, error) from None
        model = cast(type[Model], cls if issubclass(cls, kind) else kind)(config, conventions, backend)
        checkpoint.fill(model, saved.parameters, str(path))
        model.card = card
        return model

    @classmethod
    def from_pretrained(cls: type[Model], name: str, backend: str = "auto") -> Model:
        """A network that comes with the package, with its weights; `card` says what they are. Nothing is downloaded.

        Args:
            name: one of `fastlattice.models.pretrained_names()`, such as "base".
            backend: as for the constructor.

        Raises:
            CheckpointError: there is none of that name, or it is another kind of network.
        """
        return cls.load(weights_of(name), backend)
