"""What a training run is: a configuration from YAML, every entry checked before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from fastlattice._files import replacing
from fastlattice.errors import ConfigError
from fastlattice.models import Conventions, StiffnessModel
from fastlattice.training._settings import from_mapping, require
from fastlattice.training._yaml import apply, read_yaml, write_yaml
from fastlattice.training.metrics import L_DIR_REL, METRICS


@dataclass(frozen=True)
class ModelSettings:
    """The network.

    Attributes:
        network: name of a StiffnessModel.
        settings: its configuration, by name; what is left out has its default.
        conventions: quantity, scale and radii of `Conventions`.
        start: weights (.safetensors) to begin from; then settings and conventions come from there and stay empty here.
    """

    network: str = "LatticeMACE"
    settings: dict[str, Any] = field(default_factory=dict)
    conventions: dict[str, Any] = field(default_factory=lambda: {"quantity": "C/density"})
    start: str | None = None


@dataclass(frozen=True)
class DataSettings:
    """The samples: labelled files, or an endless stream of fresh ones.

    Attributes:
        files: lattices in files, in an order that is shuffled anew in each pass; what has no label gets that of exact
            finite elements. Empty: a stream.
        bases: of the stream: arguments of `fastlattice.data.bases`, such as {kinds: [rcsr], max_nodes: 20}; the side is
            "training" unless it is given.
        base_files: files of lattices that are bases of the stream beside those, in their primitive cells.
        recipe: of the stream: entries of `fastlattice.data.Recipe`.
        seed: of the stream or of the order.
        batch: lattices of a step, in each process; of a stream, those without a stiffness are left out.
        rotate: turn every sample by a random rotation ("+tr" of Grega et al. 2024), another one in each pass.
    """

    files: tuple[str, ...] = ()
    bases: dict[str, Any] = field(default_factory=dict)
    base_files: tuple[str, ...] = ()
    recipe: dict[str, Any] = field(default_factory=dict)
    seed: int = 0
    batch: int = 64
    rotate: bool = False

    def __post_init__(self) -> None:
        require("data", self, "batch", 1)
        require("data", self, "seed", 0, 2**63, below=True)
        for name in ("bases", "base_files", "recipe"):
            if self.files and getattr(self, name):
                raise ConfigError(f"data.{name} belongs to a stream, but data.files are given")


@dataclass(frozen=True)
class LossSettings:
    """What is made small.

    Attributes:
        name: "relative_frobenius", "log_frobenius", "squared" (the released code's), "whitened" or "smooth_l1":
            `fastlattice.training.losses`.
        energy_penalty: factor of the penalty on negative strain energy ("+lb").
    """

    name: Literal["relative_frobenius", "log_frobenius", "squared", "whitened", "smooth_l1"] = "relative_frobenius"
    energy_penalty: float = 0.0

    def __post_init__(self) -> None:
        require("loss", self, "energy_penalty", 0)


@dataclass(frozen=True)
class OptimiserSettings:
    """The optimiser, and what happens to gradients before it.

    Attributes:
        name: "adamw", or "radam" with the decoupled weight decay of AdamW.
        learning_rate: at its highest.
        betas, epsilon, weight_decay, amsgrad: of torch.optim.AdamW; RAdam has no amsgrad.
        scale_learning_rates: multiply the learning rate of each parameter by what the network's `parameter_scales()`
            says, such as the square root of its fan-in where weights are stored without it.
        clip_value: bound of every entry of the gradient, or null.
        clip_norm: bound of the norm of the whole gradient, after that, or null.
        parts: a batch is worked on in so many parts, for memory's sake.
        averaging: decay of the exponential moving average of the parameters that is validated and kept; 0: none.
    """

    name: Literal["adamw", "radam"] = "adamw"
    learning_rate: float = 4e-3
    betas: tuple[float, float] = (0.9, 0.99)
    epsilon: float = 1e-8
    weight_decay: float = 1e-6
    amsgrad: bool = False
    scale_learning_rates: bool = False
    clip_value: float | None = None
    clip_norm: float | None = 1.0
    parts: int = 1
    averaging: float = 0.999

    def __post_init__(self) -> None:
        require("optimiser", self, "learning_rate epsilon clip_value clip_norm", 0, above=True)
        require("optimiser", self, "weight_decay", 0)
        require("optimiser", self, "betas averaging", 0, 1, below=True)
        require("optimiser", self, "parts", 1)
        if self.amsgrad and self.name != "adamw":
            raise ConfigError("optimiser.amsgrad belongs to adamw")


@dataclass(frozen=True)
class ScheduleSettings:
    """How long, and the learning rate on the way; exactly one of steps, samples and minutes.

    Attributes:
        steps, samples, minutes: length of the run. By minutes, validation left out, it is not repeatable: how far it
            comes depends on the machine.
        clock: of the minutes: the wall's, or the processor's, which counts the time that the process computes, all
            threads together: beside other busy processes a run then learns as much as alone.
        warm_up: steps in which the learning rate rises from 0.
        decay: "cosine" over the whole length down to `last`, or "constant".
        last: share of the learning rate at the end of the cosine.
    """

    steps: int | None = None
    samples: int | None = None
    minutes: float | None = None
    clock: Literal["wall", "processor"] = "wall"
    warm_up: int = 150
    decay: Literal["cosine", "constant"] = "cosine"
    last: float = 0.001

    def __post_init__(self) -> None:
        if sum(length is not None for length in (self.steps, self.samples, self.minutes)) != 1:
            raise ConfigError("schedule needs exactly one of steps, samples and minutes")
        require("schedule", self, "steps samples", 1)
        require("schedule", self, "minutes", 0, above=True)
        require("schedule", self, "warm_up", 0)
        require("schedule", self, "last", 0, 1)


@dataclass(frozen=True)
class ValidationSettings:
    """How the averaged network does on lattices that training does not see.

    Attributes:
        data: names of test sets of `fastlattice.data`, or files of lattices; empty: no validation.
        every: steps from one validation to the next.
        metric: a name of `fastlattice.training.metrics`; its mean decides which weights are the best.
        patience: stop after so many validations without a better one; null: never.
        rotations: orientations of each lattice in the equivariance loss, for a column of its own; 0: none.
    """

    data: tuple[str, ...] = ("validation",)
    every: int = 500
    metric: str = L_DIR_REL
    patience: int | None = None
    rotations: int = 0

    def __post_init__(self) -> None:
        require("validation", self, "every patience", 1)
        require("validation", self, "rotations", 0)
        if self.metric not in METRICS:
            raise ConfigError(f"validation.metric is {self.metric!r}; choose from {', '.join(METRICS)}")


@dataclass(frozen=True)
class RunSettings:
    """The machine, and what is kept; nothing here changes what is learnt, but for the seed, dtype, device and backend.

    Attributes:
        seed: of the first parameters.
        device, dtype, backend: of the network.
        threads: of torch and of the kernels; null: torch's number.
        log_every: steps from one row of training.csv to the next.
        state_minutes: the state is saved so often, for --resume.
        tensorboard: write its logs too, if it is installed.
    """

    seed: int = 0
    device: str = "cpu"
    dtype: Literal["float32", "float64"] = "float32"
    backend: str = "auto"
    threads: int | None = None
    log_every: int = 20
    state_minutes: float = 2.0
    tensorboard: bool = True

    def __post_init__(self) -> None:
        require("run", self, "seed", 0, 2**63, below=True)
        require("run", self, "threads log_every", 1)
        require("run", self, "state_minutes", 0)


@dataclass(frozen=True)
class TrainingConfig:
    """A training run: the sections of its configuration file.

    Raises:
        ConfigError: an entry is out of range, or the network or its settings are not what there is.
    """

    model: ModelSettings
    data: DataSettings
    loss: LossSettings
    optimiser: OptimiserSettings
    schedule: ScheduleSettings
    validation: ValidationSettings
    run: RunSettings

    @classmethod
    def from_mapping(cls, entries: Mapping[str, Any]) -> TrainingConfig:
        """From nested mappings, by section and name; what is left out has its default.

        Raises:
            ConfigError: as TrainingConfig, or an entry is unknown or of a wrong type.
        """
        config = from_mapping(cls, entries)
        return replace(config, model=_resolved(config.model))

    @classmethod
    def from_yaml(cls, path: str | Path, changes: Iterable[str] = ()) -> TrainingConfig:
        """From a YAML file, read without executing anything in it (extra "train").

        Args:
            path: the file.
            changes: such as "optimiser.learning_rate=1e-3": the value is read as YAML.

        Raises:
            ConfigError: as `from_mapping`, or the file or a change is not YAML.
            OSError: the file cannot be read.
        """
        entries = read_yaml(Path(path).read_text(encoding="utf-8"), str(path))
        if not isinstance(entries, dict):
            raise ConfigError(f"{path}: a configuration is a mapping of sections")
        for change in changes:
            apply(entries, change)
        try:
            return cls.from_mapping(entries)
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}") from None

    def to_dict(self) -> dict[str, Any]:
        """All entries as nested dictionaries of plain values, ready for YAML or JSON."""
        return _plain(asdict(self))

    def to_yaml(self, path: str | Path) -> None:
        """Writes every entry, also those at their defaults, whole or not at all (extra "train")."""
        text = write_yaml(self.to_dict())
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8")


def _resolved(model: ModelSettings) -> ModelSettings:
    """The settings with every entry of the network's configuration and conventions, checked."""
    kinds: dict[str, Any] = dict(StiffnessModel._kinds)
    if model.network not in kinds:
        raise ConfigError(f"model.network is {model.network!r}; choose from {', '.join(kinds)}")
    if model.start is not None:
        if model.settings:
            raise ConfigError("model.settings come from the weights at model.start: leave them out")
        return replace(model, conventions={})
    try:
        settings = kinds[model.network].Config.from_settings(model.settings).to_dict()
    except ConfigError as error:
        raise ConfigError(f"model.settings: {error}") from None
    conventions = from_mapping(Conventions, model.conventions, "model.conventions.")
    return replace(model, settings=settings, conventions=asdict(conventions))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
