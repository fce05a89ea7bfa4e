"""Calls a function as soon as torch has been imported, by whomever."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType


def call_with_torch(function: Callable[[], object]) -> None:
    """Calls the function: now if torch is there, else at the end of the statement that imports it first."""
    if "torch" in sys.modules:
        function()
    else:
        sys.meta_path.insert(0, _Finder(function))


class _Finder(MetaPathFinder):
    """Finds torch as the others do, once, and loads it with the call at the end."""

    def __init__(self, function: Callable[[], object]) -> None:
        self._function = function

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != "torch":
            return None
        sys.meta_path.remove(self)
        spec = find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self._function)
        return spec


class _Loader(Loader):
    def __init__(self, loader: Loader, function: Callable[[], object]) -> None:
        self._loader, self._function = loader, function

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._function()
