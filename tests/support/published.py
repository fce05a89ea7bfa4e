"""What the original authors published, where it lies beside the project; tests that read it are skipped elsewhere."""

from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[3] / "shared"
CATALOGUES = _FOLDER / "data" / "grega"
GOLDEN = _FOLDER / "golden"
RCSR = _FOLDER / "data" / "rcsr" / "RCSRnets-2019-06-01.cgd"


def authors_catalogue(name: str) -> Path:
    """A catalogue of the authors'; the test is skipped where it is not."""
    if (CATALOGUES / name).is_file():
        return CATALOGUES / name
    pytest.skip(f"{name} does not come with the project: this runs where it is in {CATALOGUES}")
