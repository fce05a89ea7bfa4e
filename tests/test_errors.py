"""Every error of the package reaches another process as it was raised."""

import copy
import multiprocessing
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
import torch
from torch.utils.data import DataLoader, Dataset

import fastlattice.cli  # noqa: F401 - errors may be defined anywhere
from fastlattice import CatalogueError, MissingExtraError, errors, read_catalogue
from fastlattice._native import NativeError

ARGUMENTS = {
    CatalogueError: [("a.lat", 3, "no nodes", "x"), ("a.lat", None, "empty"), ("a text alone",)],
    MissingExtraError: [("reading Parquet", "parquet"), ("a text alone",)],
}


def kinds(base: type[BaseException]) -> Iterator[type[BaseException]]:
    yield base
    for kind in base.__subclasses__():
        yield from kinds(kind)


ERRORS = [
    kind(*arguments)
    for kind in (*dict.fromkeys(kinds(errors.FastlatticeError)), NativeError)
    for arguments in ARGUMENTS.get(kind, [("what is wrong",)])
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_can_be_pickled(error: BaseException) -> None:
    error.__notes__ = ["a note"]  # type: ignore[attr-defined]
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again) == vars(error)


def damaged(folder: str) -> str:
    path = Path(folder) / "damaged.lat"
    path.write_text("----- lattice_transition -----\nName: x\nnonsense\n")
    return str(path)


def read(path: str) -> None:
    read_catalogue(path)


class Reading(Dataset):
    def __init__(self, path: str) -> None:
        self.path = path

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> torch.Tensor:
        read_catalogue(self.path)
        return torch.zeros(1)


def in_a_pool(path: str) -> None:
    with multiprocessing.get_context("fork").Pool(1) as pool:
        pool.map(read, [path])


def in_an_executor(path: str) -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        pool.submit(read, path).result()


def in_a_loader(path: str) -> None:
    list(DataLoader(Reading(path), num_workers=1))


@pytest.mark.parametrize("function", ["in_a_pool", "in_an_executor", "in_a_loader"])
def test_errors_of_other_processes(function: str, tmp_path: Path) -> None:
    """The parent gets the worker's error. In a process of its own: a Pool that cannot unpickle one waits for ever."""
    path = damaged(str(tmp_path))
    code = (
        f"from tests import test_errors as t\nfrom fastlattice import CatalogueError\n"
        f"try:\n    t.{function}({path!r})\n"
        "except CatalogueError as error:\n    print(type(error).__name__, 'damaged.lat' in str(error))\n"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=120)
    assert done.stdout == "CatalogueError True\n", done.stderr
