"""What all tests share."""

import locale
import os
import sys
from collections.abc import Iterator

import pytest
import torch
from hypothesis import settings

# GPU kernels run on the CPU by Triton's interpreter, if this is set before anything imports Triton. It is set here, so
# that every test has the same process, whether it is run alone or with those of tests/gpu.
if "triton" in sys.modules and os.environ.get("TRITON_INTERPRET") != "1":
    raise RuntimeError("Triton was imported before the tests could choose its interpreter: set TRITON_INTERPRET=1")
os.environ["TRITON_INTERPRET"] = "1"

# Machines are shared and slow at times: a deadline would fail tests at random.
settings.register_profile("fastlattice", deadline=None, max_examples=50, print_blob=True)
settings.load_profile("fastlattice")


ENCODING = locale.setlocale(locale.LC_CTYPE)


@pytest.fixture(autouse=True)
def encoding_stays() -> None:
    """Libraries that tests load beside ours change it, and torch's compiler reads its templates by it."""
    if locale.setlocale(locale.LC_CTYPE) != ENCODING:
        locale.setlocale(locale.LC_CTYPE, ENCODING)


@pytest.fixture
def torch_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """What "auto" takes is the portable backend."""
    monkeypatch.setenv("FASTLATTICE_BACKEND", "torch")


@pytest.fixture
def uninitialised_memory_is_nan() -> Iterator[None]:
    """torch.empty and new_empty give NaN and the largest integer: what an op does not write shows."""
    torch.use_deterministic_algorithms(True)
    assert torch.utils.deterministic.fill_uninitialized_memory
    assert torch.empty(9, dtype=torch.float64).isnan().all()
    yield
    torch.use_deterministic_algorithms(False)
