"""Files appear whole or not at all."""

import errno
import os
import stat
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from fastlattice._files import replacing


def test_a_file_takes_its_place_when_all_went_well(tmp_path: Path) -> None:
    path = tmp_path / "all.lat.gz"
    path.write_text("old")
    with replacing(path) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.name.endswith(".lat.gz")
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def fail_half_way() -> None:
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "nowhere" / "file"):
        pass


def test_an_interrupt_while_the_file_is_made_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def close(handle: int, original: Callable[[int], None] = os.close) -> None:
        original(handle)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "close", close)
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "file"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".file.taken").write_text("another's")
    names = iter(("taken", "free"))
    monkeypatch.setattr("fastlattice._files.secrets.token_hex", lambda size: next(names))
    with replacing(tmp_path / "file") as temporary:
        assert temporary.name == ".file.free"
    assert (tmp_path / ".file.taken").read_text() == "another's"


def test_a_loss_of_power_finds_the_old_file_or_the_whole_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The content is on the disk before it takes the old file's place, and the folder's entry after that."""
    path, events = tmp_path / "file", []

    def fsync(handle: int) -> None:
        events.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else os.pread(handle, 9, 0))

    def replace(source: Path, target: Path) -> None:
        events.append("replace")
        os.rename(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    with replacing(path) as temporary:
        temporary.write_bytes(b"content")
    assert events == [b"content", "replace", "folder"]


def test_permissions_are_those_of_any_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for mask in (0o022, 0o077):
        before = os.umask(mask)
        try:
            (tmp_path / "plain").write_text("")
            with replacing(tmp_path / "ours"):
                pass
            assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode
        finally:
            os.umask(before)
        (tmp_path / "plain").unlink()


def test_the_mask_of_the_process_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is shared by all threads: changing it for a moment would change the files that they make then."""
    monkeypatch.setattr(os, "umask", lambda mask: pytest.fail("the mask was changed"))
    with replacing(tmp_path / "file"):
        pass


def test_threads_write_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "file"

    def write(number: int) -> None:
        for _ in range(20):
            with replacing(path) as temporary:
                temporary.write_text(str(number) * 1000)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(path.read_text())) == 1
    assert len(path.read_text()) == 1000
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    """Of every kind of file that lattices are written to: the error says so, and nothing half written stays."""
    code = """
    import resource, signal, sys
    from fastlattice import LatticeBatch, rcsr_batch, write
    batch = rcsr_batch()[:200]
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
    for path in sys.argv[1:]:
        try:
            write(path, batch)
        except OSError as error:
            print(type(error).__name__, error.errno)
    """
    paths = [tmp_path / name for name in ("all.lat", "all.lat.gz", "all.parquet")]
    for path in paths:
        path.write_text("precious")
    shown = subprocess.run([sys.executable, "-c", textwrap.dedent(code), *paths], capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.splitlines() == [f"OSError {errno.EFBIG}"] * len(paths)
    assert [path.read_text() for path in paths] == ["precious"] * len(paths)
    assert set(tmp_path.iterdir()) == set(paths)
