"""Writes fastlattice/topologies/rcsr_nets.npz, the table of nets: RCSR's own file first, then what only pormake has.

    pip download --no-deps pormake==0.2.3
    python -m codegen [--check] --rcsr RCSRnets-2019-06-01.cgd --wheel pormake-0.2.3-py3-none-any.whl nets

The SHA-256 of both is below.

The table is an uncompressed .npz with fixed time stamps (deflate differs between versions of zlib; git and wheels
compress anyway), and holds integers and decimal numbers only, so that every machine writes the same bytes:

    sources                     text, one line a source: what it is, and its SHA-256
    names, groups               text, one line a net: RCSR symbol, space group (gemmi's extended Hermann-Mauguin symbol)
    fingerprints                text, one line a net, of fastlattice.lattice.identity
    source [B]                  the line of `sources` that a net is from
    faulty                      text, lines "symbol <tab> reason" of the nets that do not expand
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
from fastlattice.io.cgd import blocks, parse_block
from fastlattice.lattice.identity import Net as Graph
from fastlattice.lattice.identity import fingerprint, nets_of_graph
from fastlattice.topologies.asymmetric_unit import DECIMALS, RESOLUTION, Crystal
from fastlattice.topologies.crystal import Net, expand
from fastlattice.topologies.rcsr_table import TABLE

RCSR = "RCSRnets-2019-06-01.cgd"
RCSR_SHA256 = "1b089dd3c6bb55b4d28a3b676da39c681b88de1a4b877e774e18060ddc217d14"
VERSION = "0.2.3"
SHA256 = "e49543b511ca5f812d50ece26b8f4a92a66b86950a5bf192f769c6f340152dcf"
SOURCES = (f"RCSR, {RCSR}, SHA-256 {RCSR_SHA256}", f"pormake {VERSION} (PyPI), wheel SHA-256 {SHA256}")
FOLDER = "pormake/database/topologies/"
NO_NETS = {"test-"}
"""Files of pormake's that describe no net of the RCSR."""
# The sources print five decimals, so that a finer resolution would store zeros.
SOURCE_DECIMALS = 5
COARSENING = 10 ** (DECIMALS - SOURCE_DECIMALS)


def verified(path: Path, what: str, sha256: str) -> bytes:
    """The content of a source, which must be the one that the table is made of."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        raise SystemExit(f"{path} is not {what}: its SHA-256 is {digest}, expected {sha256}")
    return content


def read_rcsr(path: Path) -> dict[str, tuple[str, str]]:
    """Where each net with three periods stands, and its text, by symbol; plane nets come first in the file."""
    texts = {}
    for block in blocks(verified(path, f"RCSR's file {RCSR}", RCSR_SHA256).decode()):
        (name,) = (line.split()[1] for line in block.lines if line.split()[0].upper() == "NAME")
        (group,) = (line.split(None, 1)[1] for line in block.lines if line.split()[0].upper() == "GROUP")
        if not group[0].islower():  # plane groups are written p4mm
            texts[name] = (RCSR, "\n" * (block.first - 1) + "\n".join(block.lines))
    return texts


def read_wheel(wheel: Path) -> dict[str, tuple[str, str]]:
    """The same of every .cgd file in pormake's wheel."""
    with zipfile.ZipFile(io.BytesIO(verified(wheel, f"the wheel of pormake {VERSION}", SHA256))) as archive:
        paths = [
            PurePosixPath(name) for name in archive.namelist() if name.startswith(FOLDER) and name.endswith(".cgd")
        ]
        return {path.stem: (path.name, archive.read(str(path)).decode()) for path in paths}


def expand_all(texts: Mapping[str, tuple[str, str]]) -> tuple[dict[str, Net], dict[str, str]]:
    """The nets by symbol, and the reasons of those that do not expand."""
    nets, faulty = {}, {}
    for symbol, (file, text) in tqdm(texts.items(), unit=" nets", disable=None):
        try:
            (block,) = blocks(text)
            crystal = parse_block(block, file)
            assert isinstance(crystal, Crystal)
            nets[symbol] = expand(crystal)
        except CatalogueError as error:
            faulty[symbol] = f"line {error.line} of {error.path}: {error.reason}"
    return nets, faulty


def all_nets(rcsr: Path, wheel: Path) -> tuple[dict[str, tuple[Net, int]], dict[str, str]]:
    """Each net with the number of its source, by symbol, sorted; and the reasons of those that do not expand."""
    nets: dict[str, tuple[Net, int]] = {}
    faulty: dict[str, str] = {}
    for number, texts in enumerate((read_rcsr(rcsr), read_wheel(wheel))):
        missing = {symbol: text for symbol, text in texts.items() if symbol not in nets and symbol not in NO_NETS}
        expanded, reasons = expand_all(missing)
        nets.update({symbol: (net, number) for symbol, net in expanded.items()})
        faulty = {**reasons, **faulty}
    left = {symbol: reason for symbol, reason in sorted(faulty.items()) if symbol not in nets}
    return dict(sorted(nets.items())), left


def table(sourced: Mapping[str, tuple[Net, int]], faulty: Mapping[str, str]) -> dict[str, np.ndarray]:
    """The arrays of the table."""

    def text(lines: list[str]) -> np.ndarray:
        return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)

    def integers(parts: list[np.ndarray], dtype: str) -> np.ndarray:
        values = np.concatenate(parts)
        result = values.astype(dtype)
        assert np.array_equal(result, values), f"a value does not fit {dtype}"
        return result

    nets = {symbol: net for symbol, (net, _) in sourced.items()}
    places = [net.places for net in nets.values()]
    assert not any((part % COARSENING).any() for part in places), "a source has more decimals than expected"
    return {
        "sources": text(list(SOURCES)),
        "names": text(list(nets)),
        "groups": text([net.group for net in nets.values()]),
        "fingerprints": text([fingerprint(graph_of(net)) for net in tqdm(nets.values(), unit=" nets", disable=None)]),
        "source": np.array([number for _, number in sourced.values()], dtype="<u1"),
        "faulty": text([f"{symbol}\t{reason}" for symbol, reason in faulty.items()]),
        "constants": np.array([net.constants for net in nets.values()], dtype="<f8"),
        "node_counts": np.array([len(net.places) for net in nets.values()], dtype="<i4"),
        "strut_counts": np.array([len(net.struts) for net in nets.values()], dtype="<i4"),
        "places": integers([part // COARSENING for part in places], "<i4"),
        "resolution": np.array(RESOLUTION // COARSENING, dtype="<i8"),
        "struts": integers([net.struts for net in nets.values()], "<u2"),
        "shifts": integers([net.shifts for net in nets.values()], "<i1"),
    }


def graph_of(net: Net) -> list[tuple[Graph, int]]:
    """The connected nets that a net on its full cell consists of."""
    return nets_of_graph(len(net.places), net.struts, net.shifts)


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


def files(rcsr: Path, wheel: Path) -> dict[Path, bytes]:
    """The table, from RCSR's file and the wheel of pormake."""
    return {TABLE: npz_bytes(table(*all_nets(rcsr, wheel)))}
