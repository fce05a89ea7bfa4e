"""What the table of the native boundary is written in: functions, their arguments, and the extents of buffers."""

from __future__ import annotations

from dataclasses import dataclass

# Element types: C type, name in fastlattice/_generated/abi.py. "T" is both of f32 and f64.
TYPES = {
    "f32": "float",
    "f64": "double",
    "i64": "int64_t",
    "i32": "int32_t",
    "u8": "char",
    "bool": "uint8_t",
    "T": "T",
}


@dataclass(frozen=True)
class Argument:
    """An argument of an exported function.

    Attributes:
        name: as in C.
        kind: threads, size (>= 0), degree (0 to 4), integer, number (double), the name of an enumeration, in or out (a
            buffer), offsets (of ragged rows: ascending from 0), list_in or list_out (of buffers), handle, reference
            (to a handle, an integer or a text that the function sets), or stream (of a device; null is its default).
        type: of a buffer's elements.
        extent: how many elements, in C++; of offsets, how many rows; of the buffers of a list, element n's. None: the
            call looks itself.
        optional: whether null stands for "not given".
        count: of a list, how many buffers.
        aligned: of a buffer, in bytes.
    """

    name: str
    kind: str
    type: str = ""
    extent: str | None = None
    optional: bool = False
    count: str | None = None
    aligned: int = 1

    @property
    def written(self) -> bool:
        """Whether the function writes it."""
        return self.kind in ("out", "list_out")

    @property
    def is_buffer(self) -> bool:
        """Whether it is one buffer."""
        return self.kind in ("in", "out", "offsets")

    @property
    def is_list(self) -> bool:
        """Whether it is a list of buffers."""
        return self.kind.startswith("list")


def _of_kind(kind: str, names: str) -> list[Argument]:
    return [Argument(name, kind) for name in names.split()]


def sizes(names: str) -> list[Argument]:
    """Numbers of things."""
    return _of_kind("size", names)


def degrees(names: str) -> list[Argument]:
    """Degrees l."""
    return _of_kind("degree", names)


def integers(names: str) -> list[Argument]:
    """Integers that the call looks at itself."""
    return _of_kind("integer", names)


def numbers(names: str) -> list[Argument]:
    """Doubles."""
    return _of_kind("number", names)


def references(names: str) -> list[Argument]:
    """What the function sets."""
    return _of_kind("reference", names)


def reads(type_: str, aligned: int = 1, **extents: str | None) -> list[Argument]:
    """Buffers that are read; a name that ends in two underscores is optional."""
    return _buffers("in", type_, aligned, extents)


def writes(type_: str, aligned: int = 1, **extents: str | None) -> list[Argument]:
    """Buffers that are written."""
    return _buffers("out", type_, aligned, extents)


def offsets(**rows: str) -> list[Argument]:
    """Where each of the rows of a ragged array starts, and its end."""
    return _buffers("offsets", "i64", 1, dict(rows))


def _buffers(kind: str, type_: str, aligned: int, extents: dict[str, str | None]) -> list[Argument]:
    return [
        Argument(name.removesuffix("__"), kind, type_, extent, name.endswith("__"), aligned=aligned)
        for name, extent in extents.items()
    ]


def lists(kind: str, names: str, count: str | None = None, extent: str | None = None, optional: bool = False):  # type: ignore[no-untyped-def]
    """Lists of buffers of T; kind: in or out."""
    return [Argument(name, f"list_{kind}", "T", extent, optional, count) for name in names.split()]


THREADS, HANDLE = Argument("threads", "threads"), Argument("handle", "handle")
STREAM = Argument("stream", "stream")


@dataclass(frozen=True)
class Function:
    """An exported function.

    Attributes:
        name: with "T" for the dtype in the name of each of the two functions that it stands for: none, or a suffix.
        folder: of csrc, where the call is written; "cuda": the function is the CUDA library's, its buffers a device's.
        story: for csrc/abi.h.
        arguments: in the order in which Python gives them.
    """

    name: str
    folder: str
    story: str
    arguments: tuple[Argument, ...]

    @property
    def generic(self) -> bool:
        """Whether there is one function for each dtype."""
        return any(a.type == "T" for a in self.arguments)

    @property
    def struct(self) -> str:
        """Name of the struct of arguments: fl_edge_sh -> EdgeSh."""
        return "".join(part.capitalize() for part in self.name.split("_")[1:])

    def exported(self) -> list[tuple[str, str]]:
        """(name, type T) of each function."""
        return [(f"{self.name}_{t}", t) for t in ("f32", "f64")] if self.generic else [(self.name, "")]


def function(name: str, folder: str, story: str, *arguments: Argument | list[Argument]) -> Function:
    """A row of the table."""
    flat = [a for group in arguments for a in (group if isinstance(group, list) else [group])]
    return Function(name, folder, " ".join(story.split()), tuple(flat))
