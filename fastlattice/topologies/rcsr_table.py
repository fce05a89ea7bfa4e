"""The committed table of the RCSR's nets, as plain arrays: what can be known of a net without making its lattice."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fastlattice.errors import LatticeError

TABLE = Path(__file__).parent / "rcsr_nets.npz"


@dataclass(frozen=True)
class Table:
    """The committed table, B nets in all (see codegen/nets.py for its arrays)."""

    names: tuple[str, ...]
    rows: dict[str, int]
    groups: tuple[str, ...]
    sources: tuple[str, ...]
    source: NDArray[np.uint8]
    fingerprints: tuple[str, ...]
    faulty: dict[str, str]
    constants: NDArray[np.float64]
    places: NDArray[np.int32]
    resolution: int
    struts: NDArray[np.uint16]
    shifts: NDArray[np.int8]
    node_offsets: NDArray[np.int64]
    strut_offsets: NDArray[np.int64]


@cache
def table() -> Table:
    """The table, read when it is first asked for."""
    with np.load(TABLE, allow_pickle=False) as arrays:
        text = {
            key: arrays[key].tobytes().decode().split("\n")
            for key in ("names", "groups", "sources", "fingerprints", "faulty")
        }
        return Table(
            names=tuple(text["names"]),
            rows={name: row for row, name in enumerate(text["names"])},
            groups=tuple(text["groups"]),
            sources=tuple(text["sources"]),
            source=arrays["source"],
            fingerprints=tuple(text["fingerprints"]),
            faulty=dict(line.split("\t") for line in text["faulty"]),
            constants=arrays["constants"],
            places=arrays["places"],
            resolution=int(arrays["resolution"]),
            struts=arrays["struts"],
            shifts=arrays["shifts"],
            node_offsets=np.cumsum(np.r_[0, arrays["node_counts"]], dtype=np.int64),
            strut_offsets=np.cumsum(np.r_[0, arrays["strut_counts"]], dtype=np.int64),
        )


def symbol_of(name: str) -> str | None:
    """The symbol of a net in the table, however its letters are cased, or None."""
    return next((each for each in (name, name.lower()) if each in table().rows), None)


def row_of(name: str) -> int:
    """Row of a net in the table.

    Raises:
        LatticeError: there is no such net, or its source file is faulty.
    """
    known = table()
    if name in known.faulty:
        raise LatticeError(f"RCSR net {name!r} is not available, its source file is faulty: {known.faulty[name]}")
    if name not in known.rows:
        near = difflib.get_close_matches(name, known.names)
        hint = f"did you mean {', '.join(near)}?" if near else "rcsr_names() lists them"
        raise LatticeError(f"there is no RCSR net {name!r}; {hint}")
    return known.rows[name]
