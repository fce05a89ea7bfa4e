"""Weights in and out: checkpoints of released networks, and our own safetensors files. No network is known here."""

from __future__ import annotations

import json
import pathlib
import re
from argparse import Namespace
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import nn

from fastlattice._files import replacing
from fastlattice._version import __version__
from fastlattice.errors import CheckpointError

FORMAT = "fastlattice."
"""Key of our metadata, with the class of the network behind it."""
FORMAT_VERSION = 1
UNITS = "stiffness / Young's modulus of the solid; Mandel order 11, 22, 33, 23, 13, 12; lengths / largest cell constant"

# What a checkpoint of a released network holds besides its parameters: constants that e3nn derives, and NNConv's
# places of the 21 components.
_DERIVED = re.compile(
    r"(^indices|\.output_mask|\.U_matrix_\d+|\._w3j_\d+_\d+_\d+|\.sph_to_cart\.Q_flat|\.cart_to_Mandel\.(mask|rows|cols))$"
)
_WRAPPERS = ("model.", "module.", "_orig_mod.")


@dataclass(frozen=True)
class Original:
    """What a checkpoint of a released network holds.

    Attributes:
        parameters: tensors by name, without the prefix of a wrapper and without what is derived.
        hyperparameters: mapping or namespace, or None where there are none.
        origin: the file, for messages.
    """

    parameters: dict[str, torch.Tensor]
    hyperparameters: Any
    origin: str


def read_original(source: Mapping[str, Any] | str | Path) -> Original:
    """Reads a state dict, a Lightning checkpoint, or the file of either; nothing in the file is executed.

    Raises:
        CheckpointError: it cannot be read as weights only, or holds no state dict.
    """
    origin = "the state dict" if isinstance(source, Mapping) else str(source)
    content = source if isinstance(source, Mapping) else _read_torch(source)
    if not isinstance(content, Mapping):
        raise CheckpointError(f"{origin} holds a {type(content).__name__}, not a state dict")
    parameters = _parameters(content.get("state_dict", content), origin)
    return Original(parameters, content.get("hyper_parameters"), origin)


def _read_torch(path: str | Path) -> Any:
    try:
        with torch.serialization.safe_globals(_harmless()):
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch's unpickler raises whatever damaged bytes lead it to
        raise CheckpointError(f"{path}: cannot be read as weights only ({_reason(error)})") from None


def _reason(error: Exception) -> str:
    """What torch says is wrong, without its advice to execute the file."""
    text = str(error)
    if found := re.search(r"GLOBAL (\S+)", text):
        return f"it holds {found.group(1)}, which is neither a tensor nor plain data"
    found = re.search(r"WeightsUnpickler error: ([^\n]+)", text) or re.search(r"[^\n]+", text)
    reason = found.group(found.re.groups) if found else ""
    return type(error).__name__ if not reason or re.search("weights.only", reason, re.IGNORECASE) else reason


def _harmless() -> list[Any]:
    """Plain data beside tensors that authors' checkpoints hold, under each name that it was pickled by.

    Numbers and dtypes of numpy (hyperparameters from a table; numpy 1 calls its module numpy.core, numpy 2
    numpy._core), namespaces, and paths. Making any of these touches nothing but memory.
    """
    scalar = np.float64(0).__reduce__()[0]
    kinds = [np.dtype(code) for code in "?bBhHiIlLqQefdgFDGSUmM"]
    types = {*(kind.type for kind in kinds), *map(type, kinds)}
    paths = (pathlib.PurePosixPath, pathlib.PureWindowsPath, pathlib.PosixPath, pathlib.WindowsPath)
    named = [(_path, f"{module}.{kind.__name__}") for kind in paths for module in ("pathlib", "pathlib._local")]
    numpy_1 = [(scalar, f"numpy.{core}.multiarray.scalar") for core in ("core", "_core")]
    return [Namespace, np.dtype, *types, *numpy_1, *named]


def _path(*parts: str) -> pathlib.PurePath:
    """A path as text: one of another operating system could not be made here."""
    return pathlib.PurePosixPath(*parts)


def _parameters(state: Any, origin: str) -> dict[str, torch.Tensor]:
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


def fill(model: nn.Module, parameters: Mapping[str, torch.Tensor], origin: str) -> None:
    """Gives a network these parameters, in their dtype.

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
    model.to(dtypes.pop())
    model.load_state_dict(dict(parameters))


def _listed(what: str, names: Iterable[str]) -> list[str]:
    names = sorted(names)
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return [f"{what}: {', '.join(names[:3])}{more}"] if names else []


@dataclass(frozen=True)
class Saved:
    """What a file of ours holds.

    Attributes:
        kind: name of the network's class.
        config: its configuration.
        conventions: what its output and radii mean.
        parameters: tensors by name.
        card: what is known of the weights, or None.
    """

    kind: str
    config: dict[str, Any]
    conventions: dict[str, Any]
    parameters: dict[str, torch.Tensor]
    card: dict[str, Any] | None = None


def write(path: str | Path, saved: Saved) -> None:
    """Writes a network as one safetensors file, whole or not at all."""
    metadata = {
        "format_version": FORMAT_VERSION,
        "fastlattice_version": __version__,
        "config": saved.config,
        "conventions": saved.conventions,
        "units": UNITS,
        **({} if saved.card is None else {"card": saved.card}),
    }
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in saved.parameters.items()}
    # One entry: several come in any order. Not `save_file`, whose file only its owner may read.
    content = save(tensors, {FORMAT + saved.kind: json.dumps(metadata)})
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def read(path: str | Path, wanted: str) -> Saved:
    """Reads what `write` wrote.

    Args:
        path: the file.
        wanted: name of the class that asks, for messages.

    Raises:
        CheckpointError: the file is not one of ours, is damaged, or comes from a newer format.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path}: cannot be read as safetensors ({error})") from None
    ours = [key for key in metadata if key.startswith(FORMAT)]
    if len(ours) != 1:
        raise CheckpointError(f"{path} is not a checkpoint that {wanted}.save wrote")
    try:
        entries = json.loads(metadata[ours[0]])
        version = int(entries["format_version"])
        config, conventions = dict(entries["config"]), dict(entries["conventions"])
        card = None if entries.get("card") is None else dict(entries["card"])
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(path, error) from None
    if version > FORMAT_VERSION:
        raise CheckpointError(f"{path} has format {version}; this fastlattice reads up to {FORMAT_VERSION}")
    return Saved(ours[0].removeprefix(FORMAT), config, conventions, tensors, card)


def damaged(path: str | Path, error: Exception) -> CheckpointError:
    """The error for metadata that make no sense."""
    return CheckpointError(f"{path}: damaged metadata ({error})")
