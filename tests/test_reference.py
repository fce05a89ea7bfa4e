"""The examples of docstrings run, and the site's reference has every public name."""

import contextlib
import doctest
import importlib
import io
import pkgutil
from pathlib import Path

import pytest
import torch

import fastlattice
from fastlattice import data, elasticity, fe, lattice, models, screening, training
from fastlattice.data import sides
from fastlattice.elasticity import convert, symmetrised
from fastlattice.io.parquet import ParquetWriter

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE_MODULES = ("fastlattice.kernels", "fastlattice.__main__")


def _examples() -> list[doctest.DocTest]:
    names = [name for _, name, _ in pkgutil.walk_packages(fastlattice.__path__, "fastlattice.")]
    modules = [importlib.import_module(name) for name in names if not name.startswith(OUTSIDE_MODULES)]
    found = [test for module in modules for test in doctest.DocTestFinder().find(module) if test.examples]
    return list({test.name.rpartition(".")[2]: test for test in found}.values())


def test_examples_of_docstrings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each runs with what it takes for granted; it prints what it says it prints."""
    monkeypatch.chdir(tmp_path)
    batch = fastlattice.LatticeBatch.from_lattices([fastlattice.unit_cell("octet"), fastlattice.unit_cell("kelvin")])
    for name in ("mine.lat", "part.lat", "all.lat.gz"):
        fastlattice.write_catalogue(name, batch)
    examples = _examples()
    assert {"screen", "design", "predict", "symmetrised", "CatalogueWriter", "ParquetWriter", "replace"} <= {
        test.name.rpartition(".")[2] for test in examples
    }
    for test in examples:
        names = {
            **{name: getattr(fastlattice, name) for name in fastlattice.__all__},
            **{"stream": data.Stream(batch), "network": lambda lattices: torch.zeros(len(lattices), 6, 6)},
            **{"fastlattice": fastlattice, "torch": torch, "batch": batch, "sides": sides, "data": data},
            **{"convert": convert, "symmetrised": symmetrised, "printed": torch.eye(6), "ParquetWriter": ParquetWriter},
            **{"model": fastlattice.LatticeMACE.from_pretrained("base"), "screening": screening},
        }
        for example in test.examples:
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                exec(compile(example.source, test.name, "exec"), names)
            assert not example.want or said.getvalue() == example.want, test.name


def test_the_reference_has_every_public_name() -> None:
    """By the directives of docs/api: a package lists its `__all__`, but for functions that hide behind their module."""
    pages = "\n".join(page.read_text("utf-8") for page in (ROOT / "docs" / "api").glob("*.md"))
    listed = {line.removeprefix("::: ") for line in pages.splitlines() if line.startswith("::: ")}
    rooms = {room.__name__: room for room in (data, elasticity, fe, lattice, models, screening, training)}
    for name in sorted(listed):
        module, _, attribute = name.rpartition(".")
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            assert hasattr(importlib.import_module(module), attribute), name
    for name, room in rooms.items():
        assert name in listed
        hidden = {each.name for each in pkgutil.iter_modules(room.__path__)} & set(room.__all__)
        assert {f"{name}.{each}.{each}" for each in hidden} <= listed
    for name in set(fastlattice.__all__) - {"__version__", "warmup"}:
        made_in = getattr(fastlattice, name).__module__
        packages = {made_in.rsplit(".", parts)[0] for parts in range(made_in.count(".") + 1)} | {made_in}
        assert packages & listed, f"{name} of {made_in} is in no page of docs/api"
