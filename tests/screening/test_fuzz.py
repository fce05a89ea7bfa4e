"""The command on folders of damaged files: it ends in time with rejects that have reasons, never with a traceback."""

import csv
import json
import random
import signal
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from fastlattice import LatticeBatch, unit_cell, write, write_catalogue
from fastlattice.cli import main

ROUNDS, COPIES, LONGEST = 10, 4, 60  # folders; damaged files of every format in each; seconds for a folder
FORMATS = (".obj", ".vtu", ".vtk", ".ltcx", ".inp", ".json", ".3mf", ".csv", ".txt")
CGD = """CRYSTAL
  NAME dia
  GROUP Fd-3m:2
  CELL 2.3094 2.3094 2.3094 90.0000 90.0000 90.0000
  NODE 1 4 0.12500 0.12500 0.12500
  EDGE 0.12500 0.12500 0.12500 -0.12500 -0.12500 0.12500
END
"""
HOSTILE = (
    b"",
    b"\0",
    b"nan",
    b"-1",
    b"1e999",
    b"999999999999",
    b"\xff\xfe",
    b"\n",
    b"<!DOCTYPE x>",
    b"../",
    b"{",
    b"0 0 0 ",
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Files as they should be, by suffix."""
    folder = tmp_path_factory.mktemp("sound")
    batch = LatticeBatch.from_lattices([unit_cell(name, 0.02) for name in ("octet", "kelvin", "bcc")])
    batch.to_parquet(folder / "a.parquet")
    for name in ("a.lat", "a.lat.gz"):
        write_catalogue(folder / name, batch)
    (folder / "a.cgd").write_text(CGD)
    for suffix in FORMATS:
        try:
            write(folder / f"a{suffix}", batch[0], tessellate=1)
        except Exception:  # formats that are read only, or whose package is not there
            (folder / f"a{suffix}").unlink(missing_ok=True)
    assert len(list(folder.iterdir())) >= 8
    return {path.name[1:]: path.read_bytes() for path in sorted(folder.iterdir())}


def damaged(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """A file after one to six accidents."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(found) + 1)
        length = chance.choice((1, 4, 30, 500))
        match chance.randrange(7):
            case 0:
                del found[place:]
            case 1:
                del found[place : place + length]
            case 2:
                found[place : place + length] = chance.randbytes(length)
            case 3:
                found[place:place] = chance.choice(HOSTILE)
            case 4:
                found[place:place] = found[place : place + length] * chance.randint(1, 20)
            case 5:
                found[place:] = chance.choice(others)[place:]  # another format's end
            case _:
                if place < len(found):
                    found[place] ^= 1 << chance.randrange(8)
    return bytes(found)


def hidden(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Damage within what gzip packs, whose checksum is right."""
    plain = zlib.decompress(content, wbits=31)
    packer = zlib.compressobj(wbits=31)
    return packer.compress(damaged(plain, chance, others)) + packer.flush()


class Late(BaseException):
    """No exception that a reader might take for one of its own."""


@contextmanager
def in_time(seconds: int) -> Iterator[None]:
    def late(number: int, frame: FrameType | None) -> None:
        raise Late(f"the command is still at work after {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_hostile_files_end_as_rejects(
    sound: dict[str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    chance, folder, out = random.Random(seed), tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    others = list(sound.values())
    for suffix, content in sound.items():
        for k in range(COPIES):
            damage = hidden if suffix == ".lat.gz" and k % 2 else damaged
            (folder / f"hostile{k}{suffix}").write_bytes(damage(content, chance, others))
    (folder / "sound.parquet").write_bytes(sound[".parquet"])
    with in_time(LONGEST):
        code = main(["screen", str(folder), "-o", str(out), "--extremes", "--top", "5", "--by", "E_min"])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert code in (0, 1), said.err
    summary = json.loads((out / "complete.json").read_text())
    with (out / "rejected.csv").open(newline="", encoding="utf-8") as stream:
        rejects = list(csv.DictReader(stream))
    assert len(rejects) == summary["rejected"]
    assert code == (1 if rejects else 0)
    assert all(each["reason"] and Path(each["file"]).parent == folder for each in rejects)
    assert not [each for each in rejects if each["file"].endswith("sound.parquet")]
    assert summary["selected"] >= 3  # those of the sound file
