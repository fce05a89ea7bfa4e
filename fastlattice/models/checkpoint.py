"""Weights in and out: the released network's checkpoints, and our own safetensors files."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from fastlattice._files import replacing
from fastlattice._version import __version__
from fastlattice.errors import CheckpointError, ConfigError
from fastlattice.models.mace.config import Conventions, MACEConfig
from fastlattice.models.mace.model import LatticeMACE

FORMAT = "fastlattice.LatticeMACE"
FORMAT_VERSION = 1
UNITS = "stiffness / Young's modulus of the solid; Mandel order 11, 22, 33, 23, 13, 12; lengths / largest cell constant"

# What a checkpoint of the released network holds besides its parameters: constants that e3nn derives.
_DERIVED = re.compile(
    r"(\.output_mask|\.U_matrix_\d+|\._w3j_\d+_\d+_\d+|\.sph_to_cart\.Q_flat|\.cart_to_Mandel\.(mask|rows|cols))$"
)
_WRAPPERS = ("model.", "module.", "_orig_mod.")


def load_original(
    source: Mapping[str, Any] | str | Path, config: Any, conventions: Conventions | None, backend: str
) -> LatticeMACE:
    """The work of `LatticeMACE.from_original`."""
    origin = "the state dict" if isinstance(source, Mapping) else str(source)
    content = source if isinstance(source, Mapping) else _read_torch(source)
    if not isinstance(content, Mapping):
        raise CheckpointError(f"{origin} holds a {type(content).__name__}, not a state dict")
    if config is None:
        config = content.get("hyper_parameters")
        if config is None:
            raise ConfigError(f"{origin} holds no hyperparameters: pass the network's configuration")
    parameters = _parameters(content.get("state_dict", content), origin)
    model = LatticeMACE(config, conventions, backend)
    return _filled(model, parameters, origin)


def _read_torch(path: str | Path) -> Any:
    # Hyperparameters may be a namespace, and numpy scalars where they come from a table: plain data, allowed by name.
    scalar = np.float64(0).__reduce__()[0]
    numbers = {type(np.dtype(name)) for name in ("bool", "int32", "int64", "float32", "float64")}
    try:
        with torch.serialization.safe_globals([Namespace, np.dtype, scalar, *numbers]):
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch's unpickler raises whatever damaged bytes lead it to
        found = re.search(r"GLOBAL \S+ was not an allowed global", str(error)) or re.search(r"[^\n]+", str(error))
        reason = found.group(0) if found else type(error).__name__
        raise CheckpointError(f"{path}: cannot be read as weights only ({reason})") from None


def _parameters(state: Any, origin: str) -> dict[str, torch.Tensor]:
    """Tensors by name, without the prefix of a wrapper and without what is derived."""
    if not isinstance(state, Mapping):
        raise CheckpointError(f"{origin}: its state dict is a {type(state).__name__}")
    parameters = {}
    for key, value in state.items():
        if not isinstance(value, torch.Tensor):
            raise CheckpointError(f"{origin}: entry {key!r} is a {type(value).__name__}, not a tensor")
        name = str(key)
        while name.startswith(_WRAPPERS):
            name = name.split(".", 1)[1]
        if value.numel() and not _DERIVED.search(name):
            parameters[name] = value
    return parameters


def _filled(model: LatticeMACE, parameters: Mapping[str, torch.Tensor], origin: str) -> LatticeMACE:
    """The model with these parameters, in their dtype.

    Raises:
        CheckpointError: names, shapes or dtypes do not fit.
    """
    wanted = model.state_dict()
    problems = [
        *_listed("missing", wanted.keys() - parameters.keys()),
        *_listed("unexpected", parameters.keys() - wanted.keys()),
        *_listed(
            "of another shape",
            {
                f"{name} {list(parameters[name].shape)} for {list(tensor.shape)}"
                for name, tensor in wanted.items()
                if name in parameters and parameters[name].shape != tensor.shape
            },
        ),
    ]
    if problems:
        raise CheckpointError(f"{origin} does not fit the configuration; parameters {'; '.join(problems)}")
    dtypes = {tensor.dtype for tensor in parameters.values()}
    if len(dtypes) != 1 or not next(iter(dtypes)).is_floating_point:
        raise CheckpointError(f"{origin}: parameters have the dtypes {', '.join(sorted(map(str, dtypes)))}")
    model = model.to(dtypes.pop())
    model.load_state_dict(dict(parameters))
    return model


def _listed(what: str, names: Iterable[str]) -> list[str]:
    names = sorted(names)
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return [f"{what}: {', '.join(names[:3])}{more}"] if names else []


def save(model: LatticeMACE, path: str | Path) -> None:
    """The work of `LatticeMACE.save`."""
    metadata = {
        "format_version": FORMAT_VERSION,
        "fastlattice_version": __version__,
        "config": model.config.to_dict(),
        "conventions": vars(model.conventions),
        "units": UNITS,
    }
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    with replacing(path) as temporary:
        save_file(tensors, temporary, {FORMAT: json.dumps(metadata)})  # one entry: several come in any order


def load(path: str | Path, backend: str) -> LatticeMACE:
    """The work of `LatticeMACE.load`."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path}: cannot be read as safetensors ({error})") from None
    if FORMAT not in metadata:
        raise CheckpointError(f"{path} is not a checkpoint that LatticeMACE.save wrote")
    try:
        entries = json.loads(metadata[FORMAT])
        version = int(entries["format_version"])
        if version > FORMAT_VERSION:
            raise CheckpointError(f"{path} has format {version}; this fastlattice reads up to {FORMAT_VERSION}")
        config = MACEConfig.from_any(entries["config"])
        conventions = Conventions(**entries["conventions"])
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(f"{path}: damaged metadata ({error})") from None
    return _filled(LatticeMACE(config, conventions, backend), tensors, str(path))
