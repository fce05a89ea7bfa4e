"""Writing files so that none is ever half written."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends well, and vanishes when it does not.

    The temporary name ends like `path`, for libraries that choose a format by the suffix. The file gets the
    permissions that a newly made file would have. After a loss of power there is the old file or the whole new one.

    Raises:
        OSError: the folder does not exist or cannot be written to.
    """
    path = Path(path)
    temporary: Path | None = None
    try:
        while temporary is None:
            # Known before it is there: an interrupt may come as soon as it is.
            temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{''.join(path.suffixes[-2:])}")
            try:
                _make(temporary)
            except FileExistsError:  # another's
                temporary = None
        yield temporary
        _synchronise(temporary)
        temporary.replace(path)
        with suppress(OSError):  # the file is in its place; a few file systems do not synchronise folders
            _synchronise(path.parent)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _make(path: Path) -> None:
    """An empty file, made so that the process's mask decides on its permissions."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))


def _synchronise(path: Path) -> None:
    """Waits until a file's content, or a folder's entries, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
