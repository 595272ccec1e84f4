"""Pages that know how to fetch their successors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["with_fetch"]

P = TypeVar("P")


def with_fetch(page: P, fetch: Callable[[Any], Any]) -> P:
    """The page, able to read further pages through ``fetch(number)`` or ``fetch(cursor)``."""
    page.fetch = fetch  # type: ignore[attr-defined]
    return page
