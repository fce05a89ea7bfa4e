"""Programs of others, which do not run everywhere."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest


def opensees() -> Any:
    """The module tests.support.frame_opensees; the test is skipped where OpenSeesPy is not there or does not load."""
    pytest.importorskip("openseespy")
    try:
        return import_module("tests.support.frame_opensees")
    except RuntimeError as error:  # the wheel does not load on every system
        pytest.skip(str(error))
