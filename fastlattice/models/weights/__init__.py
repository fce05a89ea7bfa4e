"""Weights that come with the package: each a safetensors file with its configuration, conventions and card, and a page
beside it that says in words what it is."""

from __future__ import annotations

from pathlib import Path

from fastlattice.errors import CheckpointError

FOLDER = Path(__file__).parent


def pretrained_names() -> tuple[str, ...]:
    """Names of the networks that come with the package, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.safetensors")))


def weights_of(name: str) -> Path:
    """The file of a network that comes with the package.

    Raises:
        CheckpointError: there is none of that name.
    """
    if name not in pretrained_names():
        raise CheckpointError(f"no network {name!r} comes with the package; there is {', '.join(pretrained_names())}")
    return FOLDER / f"{name}.safetensors"
