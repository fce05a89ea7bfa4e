"""Where the original authors' data lie, if they are here: the project does not ship them."""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[3] / "shared"
CATALOGUES = _FOLDER / "data" / "grega"
GOLDEN = _FOLDER / "golden"
RCSR = _FOLDER / "data" / "rcsr" / "RCSRnets-2019-06-01.cgd"
