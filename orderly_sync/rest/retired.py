"""The mark of operations that the venue no longer documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["is_retired", "retired"]

F = TypeVar("F", bound=Callable[..., Any])


def retired(operation: F) -> F:
    """Mark an operation as retired: hosts may still serve it, or answer that it is not there."""
    operation.__retired__ = True  # type: ignore[attr-defined]
    return operation


def is_retired(operation: object) -> bool:
    """Whether an operation bears the mark; works on methods of classes and of instances."""
    return bool(getattr(operation, "__retired__", False))
