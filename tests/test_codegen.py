"""Every generated file is what its generator makes, byte for byte."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.published import RCSR

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
    wheel, rcsr = os.environ.get("PORMAKE_WHEEL"), os.environ.get("RCSR_CGD") or str(RCSR)
    if not wheel or not Path(rcsr).is_file():
        pytest.skip("PORMAKE_WHEEL and RCSR_CGD do not name the sources of the table")
    pytest.importorskip("gemmi")
    shown = run("--rcsr", rcsr, "--wheel", wheel, "nets")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "rcsr_nets.npz: up to date" in shown.stdout


def test_the_table_of_nets_without_its_sources_is_skipped_and_said_so() -> None:
    assert "--rcsr FILE and --wheel FILE" in run("nets").stderr


def test_other_sources_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("gemmi")
    other = tmp_path / "other.whl"
    other.write_bytes(b"PK")
    shown = run("--rcsr", str(other), "--wheel", str(other), "nets")
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
