"""Every generated file is what its generator makes, byte for byte."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "codegen", "--check", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_generated_files_are_up_to_date() -> None:
    pytest.importorskip("e3nn")
    shown = run()
    assert shown.returncode == 0, shown.stdout + shown.stderr
    names = {line.partition(":")[0] for line in shown.stdout.splitlines()}
    # No generated file without a generator.
    folders = [ROOT / "kernels" / "generated", *(ROOT / "csrc").rglob("generated")]
    committed = {str(path.relative_to(ROOT)) for folder in folders for path in folder.glob("*.*")}
    assert committed - names <= {"kernels/generated/__init__.py"}


def test_table_of_nets_is_up_to_date() -> None:
    if not os.environ.get("PORMAKE_WHEEL"):
        pytest.skip("PORMAKE_WHEEL does not name the source of the table")
    pytest.importorskip("gemmi")
    shown = run("--wheel", os.environ["PORMAKE_WHEEL"], "nets")
    assert shown.returncode == 0, shown.stdout + shown.stderr


def test_another_wheel_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("gemmi")
    other = tmp_path / "other.whl"
    other.write_bytes(b"PK")
    shown = run("--wheel", str(other), "nets")
    assert shown.returncode == 1
    assert "SHA-256" in shown.stderr


def test_a_difference_is_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from codegen import __main__, mandel

    path, text = next(iter(mandel.files().items()))
    changed = tmp_path / path.name
    monkeypatch.setattr(mandel, "files", lambda: {changed: text})
    monkeypatch.setattr(__main__, "ROOT", tmp_path)
    changed.write_text(text)
    assert __main__.main(["--check", "mandel"]) == 0
    changed.write_text(text.replace("1", "2", 1))
    assert __main__.main(["--check", "mandel"]) == 1
    assert f"{path.name}: differs from what codegen/mandel.py makes" in capsys.readouterr().out
