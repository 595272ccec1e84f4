"""The classes of the package's models, the same in every run."""

from __future__ import annotations

import importlib
import pkgutil
import sys

from orderly_sync import models
from orderly_sync.models.base import Model

__all__ = ["model_classes"]


def model_classes() -> list[type[Model]]:
    """Every model, by module and name.

    attrs makes a class anew for its slots, and the first one is among the subclasses until it is collected: which of them
    are there is chance, and workers that collect different tests run none.
    """
    for module in pkgutil.walk_packages(models.__path__, "orderly_sync.models."):
        importlib.import_module(module.name)
    found: set[type[Model]] = set()
    waiting: list[type[Model]] = [Model]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        own = getattr(sys.modules[kind.__module__], kind.__name__, None) is kind
        if own and kind.__module__.startswith("orderly_sync.models."):
            found.add(kind)
    return sorted(found, key=lambda kind: (kind.__module__, kind.__qualname__))
