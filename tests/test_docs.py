"""Every example of the README and of docs/ runs: Python prints what the page says it prints, commands exit with 0."""

import contextlib
import io
import re
import shlex
from pathlib import Path

import pyarrow.parquet
import pytest
import torch

from fastlattice import LatticeBatch, homogenise, unit_cell, write, write_catalogue
from fastlattice.cli import main
from tests.support.golden import load_golden

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages_with(kind: str) -> list[Path]:
    """The pages that have an example of a kind."""
    return [page for page in PAGES if any(block[1] == kind for block in FENCE.finditer(page.read_text("utf-8")))]


AXES = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
BEAMS = {
    "cell.json": str([[0, 0, 0, *axis] for axis in AXES]),
    "cell.txt": "GRID 1 0 0 0\n"
    + "".join(f"GRID {k} {x} {y} {z}\nSTRUT {k} 1 {k}\n" for k, (x, y, z) in enumerate(AXES, start=2)),
    "cell_nodes.csv": "id,x,y,z\n0,0,0,0\n"
    + "".join(f"{k},{x},{y},{z}\n" for k, (x, y, z) in enumerate(AXES, start=1)),
    "cell_struts.csv": "start,end,radius\n0,1,0.05\n0,2,0.05\n0,3,0.05\n",
}


@pytest.fixture
def user_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder with the files that the pages assume: a labelled catalogue, Lightning checkpoints, beams."""
    monkeypatch.chdir(tmp_path)
    batch = LatticeBatch.from_lattices([unit_cell("octet"), unit_cell("kelvin")])
    batch = batch.with_columns(target=homogenise(batch).stiffness)
    write_catalogue("catalogue.lat", batch)
    write_catalogue("catalogue.lat.gz", batch)
    for name in ("block.3mf", "block.ltcx", "block.obj", "block.vtu", "cell.inp"):
        write(name, batch[0], tessellate=1)
    for name, text in BEAMS.items():
        (tmp_path / name).write_text(text)
    faces = [[0.5 + 0.5 * side * (axis == k) for k in range(3)] for axis in range(3) for side in (-1, 1)]
    cross = {"frac_coords": [[0.5] * 3, *faces], "edge_index": [[0] * 6, [1, 2, 3, 4, 5, 6]]}
    table = pyarrow.Table.from_pylist([cross | {"lengths": [1.0] * 3, "angles": [90.0] * 3}])
    pyarrow.parquet.write_table(table, "metamodulus.parquet")
    for name, path in (("E", "network.ckpt"), ("cgc_vanilla_E", "cgc.ckpt"), ("nnconv_E", "nnconv.ckpt")):
        golden = load_golden(name)
        state = {f"model.{key}": tensor for key, tensor in golden.parameters.items()}
        torch.save({"state_dict": state, "hyper_parameters": golden.config, "epoch": 1}, path)


@pytest.mark.usefixtures("user_files")
@pytest.mark.parametrize("page", pages_with("python"), ids=lambda page: page.name)
def test_python_examples(page: Path) -> None:
    """The python blocks of a page share one namespace; a text block right after one is its exact output."""
    text = page.read_text(encoding="utf-8")
    blocks = list(FENCE.finditer(text))
    namespace: dict = {"__name__": "__main__"}
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block[1] != "python":
            continue
        line = text.count("\n", 0, block.start()) + 1
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile("\n" * line + block[2], str(page), "exec"), namespace)
        if following and following[1] == "text" and not text[block.end() : following.start()].strip():
            assert printed.getvalue() == following[2], f"{page.name}:{line} prints something else"


@pytest.mark.usefixtures("user_files")
@pytest.mark.parametrize("page", pages_with("sh"), ids=lambda page: page.name)
def test_command_examples(page: Path) -> None:
    """The lines of sh blocks that call `fastlattice`."""
    blocks = [block[2] for block in FENCE.finditer(page.read_text(encoding="utf-8")) if block[1] == "sh"]
    for line in "".join(blocks).splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["fastlattice"]:
            assert main(words[1:]) == 0, line
