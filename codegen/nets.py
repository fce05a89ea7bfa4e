"""Writes fastlattice/topologies/rcsr_nets.npz, the table of RCSR nets, from the .cgd files in the pormake wheel.

    pip download --no-deps pormake==0.2.3
    python -m codegen [--check] --wheel pormake-0.2.3-py3-none-any.whl nets

The table is an uncompressed .npz with fixed time stamps (deflate differs between versions of zlib; git and wheels
compress anyway), and holds integers and decimal numbers only, so that every machine writes the same bytes:

    source                      text: package, version, SHA-256 of the wheel
    names, groups               text, one line a net: RCSR symbol, space group (gemmi's extended Hermann-Mauguin symbol)
    faulty                      text, lines "symbol <tab> reason" of the files that do not expand
    constants [B, 6]            a, b, c as in the source, angles in degrees
    node_counts, strut_counts   [B]
    places [N, 3], resolution   fractional positions are places / resolution, symmetric exactly
    struts [M, 2], shifts [M, 3]
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import numpy as np
from tqdm import tqdm

from fastlattice.errors import CatalogueError
from fastlattice.io.cgd import parse_cgd
from fastlattice.topologies.asymmetric_unit import DECIMALS, RESOLUTION
from fastlattice.topologies.crystal import Net, expand
from fastlattice.topologies.nets import TABLE

VERSION = "0.2.3"
SHA256 = "e49543b511ca5f812d50ece26b8f4a92a66b86950a5bf192f769c6f340152dcf"
FOLDER = "pormake/database/topologies/"
# The source prints five decimals, so that a finer resolution would store zeros.
SOURCE_DECIMALS = 5
COARSENING = 10 ** (DECIMALS - SOURCE_DECIMALS)


def read_wheel(wheel: Path) -> dict[str, str]:
    """Text of every .cgd file, by the net's symbol, sorted."""
    content = wheel.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        raise SystemExit(f"{wheel} is not the wheel of pormake {VERSION}: its SHA-256 is {digest}, expected {SHA256}")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        paths = [name for name in archive.namelist() if name.startswith(FOLDER) and name.endswith(".cgd")]
        return {PurePosixPath(path).stem: archive.read(path).decode() for path in sorted(paths, key=lambda p: p[:-4])}


def expand_all(texts: Mapping[str, str]) -> tuple[dict[str, Net], dict[str, str]]:
    """The nets by symbol, and the reasons of those that do not expand."""
    nets, faulty = {}, {}
    for symbol, text in tqdm(texts.items(), unit=" nets", disable=None):
        try:
            (crystal,) = parse_cgd(text, f"{symbol}.cgd")
            nets[symbol] = expand(crystal)
        except CatalogueError as error:
            faulty[symbol] = f"line {error.line} of {error.path}: {error.reason}"
    return nets, faulty


def table(nets: Mapping[str, Net], faulty: Mapping[str, str]) -> dict[str, np.ndarray]:
    """The arrays of the table."""

    def text(lines: list[str]) -> np.ndarray:
        return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)

    def integers(parts: list[np.ndarray], dtype: str) -> np.ndarray:
        values = np.concatenate(parts)
        result = values.astype(dtype)
        assert np.array_equal(result, values), f"a value does not fit {dtype}"
        return result

    places = [net.places for net in nets.values()]
    assert not any((part % COARSENING).any() for part in places), "the source has more decimals than expected"
    return {
        "source": text([f"pormake {VERSION} (PyPI), wheel SHA-256 {SHA256}"]),
        "names": text(list(nets)),
        "groups": text([net.group for net in nets.values()]),
        "faulty": text([f"{symbol}\t{reason}" for symbol, reason in faulty.items()]),
        "constants": np.array([net.constants for net in nets.values()], dtype="<f8"),
        "node_counts": np.array([len(net.places) for net in nets.values()], dtype="<i4"),
        "strut_counts": np.array([len(net.struts) for net in nets.values()], dtype="<i4"),
        "places": integers([part // COARSENING for part in places], "<i4"),
        "resolution": np.array(RESOLUTION // COARSENING, dtype="<i8"),
        "struts": integers([net.struts for net in nets.values()], "<u2"),
        "shifts": integers([net.shifts for net in nets.values()], "<i1"),
    }


def npz_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """An .npz file whose bytes depend on the arrays alone."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, member.getvalue())
    return file.getvalue()


def files(wheel: Path) -> dict[Path, bytes]:
    """The table, from the wheel of pormake."""
    return {TABLE: npz_bytes(table(*expand_all(read_wheel(wheel))))}
