"""What all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.published import CATALOGUES

# Machines are shared and slow at times: a deadline would fail tests at random.
settings.register_profile("fastlattice", deadline=None, max_examples=50, print_blob=True)
settings.load_profile("fastlattice")


@pytest.fixture
def torch_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """What "auto" takes is the portable backend."""
    monkeypatch.setenv("FASTLATTICE_BACKEND", "torch")


@pytest.fixture(scope="session")
def grega() -> Path:
    """Folder of the original authors' catalogues, which the project does not ship."""
    if not CATALOGUES.is_dir():
        pytest.skip("the original authors' catalogues are not here")
    return CATALOGUES
