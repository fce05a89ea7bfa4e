"""What the original authors published: one catalogue comes with the project, the rest lies beside it, if anywhere."""

from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[3] / "shared"
CATALOGUES = _FOLDER / "data" / "grega"
GOLDEN = _FOLDER / "golden"
RCSR = _FOLDER / "data" / "rcsr" / "RCSRnets-2019-06-01.cgd"
COMMITTED = Path(__file__).parents[1] / "data"


def authors_catalogue(name: str) -> Path:
    """A catalogue of the authors'; the test is skipped where it is not."""
    for folder in (COMMITTED, CATALOGUES):
        if (folder / name).is_file():
            return folder / name
    pytest.skip(f"{name} does not come with the project: this runs where it is in {CATALOGUES}")
