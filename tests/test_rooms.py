"""What folders say of themselves is so: the rooms that a package stands on, the folders that native code includes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = {path.parent.name: path.parent for path in (ROOT / "fastlattice").glob("*/__init__.py")}
ROOMS = {**ROOMS, "kernels": ROOT / "kernels"}
TOLD = sorted(set(ROOMS) - {"_generated", "cli"})
NATIVE = [
    folder
    for folder in [*(ROOT / "csrc").iterdir(), *(ROOT / "csrc" / "ops").iterdir()]
    if folder.is_dir() and any(folder.glob("*.h"))
]


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """(module, what it imports of fastlattice), but for what only type checkers read."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    nodes = [ast.parse(path.read_text(encoding="utf-8"))]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "fastlattice":
            yield from ((module, f"{node.module}.{name.name}") for name in node.names)
        elif isinstance(node, ast.Import):
            yield from ((module, name.name) for name in node.names if name.name.startswith("fastlattice."))
        nodes += ast.iter_child_nodes(node)


@pytest.mark.parametrize("room", TOLD)
def test_a_room_stands_on_what_it_says(room: str) -> None:
    """All and only these, but for what methods import when they are called: the contract in pyproject.toml names it."""
    told = ast.get_docstring(ast.parse((ROOMS[room] / "__init__.py").read_text(encoding="utf-8"))) or ""
    (stands_on,) = re.findall(r"Stands on ([a-z, ]+)[.;]", " ".join(told.split()))
    expected = set() if stands_on == "no other room" else set(stands_on.split(", "))
    named = set(re.findall(r'"(fastlattice\.[\w.]+) -> (fastlattice\.[\w.]+)"', (ROOT / "pyproject.toml").read_text()))
    found = set()
    for path in ROOMS[room].rglob("*.py"):
        for module, imported in imports(path):
            if not any(module == one and imported.startswith(other) for one, other in named):
                found.add(imported.split(".")[1])
    assert found & set(ROOMS) - {room, "_generated"} == expected


@pytest.mark.parametrize("folder", NATIVE, ids=lambda folder: folder.name)
def test_a_native_folder_includes_what_it_says(folder: Path) -> None:
    name = folder.relative_to(ROOT / "csrc").as_posix()
    told = (ROOT / "csrc" / "README.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| `{name}/` \|.*\| ?([\w/, ]*) ?\|$", told, re.MULTILINE)
    found = set()
    for path in (path for path in folder.rglob("*") if path.suffix in (".h", ".cpp", ".cu")):
        for included in re.findall(r'^#include "([\w/]+)/\w+\.\w+"', path.read_text(encoding="utf-8"), re.MULTILINE):
            found.add(re.sub(r"/generated$", "", included))
    assert found - {name} == {other for other in re.split(r", ?", row.strip()) if other}


def test_every_private_file_is_on_the_map() -> None:
    page = (ROOT / "docs" / "how-a-call-travels.md").read_text(encoding="utf-8")
    files = {path.name for path in (ROOT / "fastlattice").glob("*.py")} - {"__init__.py", "__main__.py"}
    assert files <= set(re.findall(r"\((?:\.\./fastlattice/)(\w+\.py)\)", page))


def test_what_rooms_share_is_in_support() -> None:
    """Files of one room may share; benchmarks may read the proofs of the GPU's kernels."""
    for path in [*(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]:
        here = path.relative_to(ROOT).parts
        for taken in re.findall(r"^\s*from tests\.([\w.]+) import", path.read_text(encoding="utf-8"), re.MULTILINE):
            room = taken.split(".")[:-1] or [taken]
            own = ["tests", *room] == list(here[: len(room) + 1])
            assert room[0] == "support" or own or (here[0], room[0]) == ("bench", "gpu"), (path, taken)
