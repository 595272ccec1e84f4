"""The sources of an index price that a listing names, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from orderly_sync.errors import UsageError
from orderly_sync.models.base import changed
from orderly_sync.models.listing import ListingSource
from orderly_sync.wire.converter import to_wire
from orderly_sync.wire.numbers import number

__all__ = ["weighted"]

_WHOLE = 100


def weighted(sources: Iterable[object]) -> list[dict[str, Any]]:
    """The sources as the wire wants them.

    Raises:
        UsageError: There is none, one is no ``ListingSource``, a multiplier is no plain number above 0, or the weights
            are not whole numbers above 0 that sum to 100.
    """
    rows = [_checked(row) for row in sources]
    total = sum(row.weight for row in rows)
    if total != _WHOLE:
        raise UsageError(f"the weights of the sources sum to {total}; they must sum to {_WHOLE}")
    return [to_wire(row) for row in rows]


def _checked(row: object) -> ListingSource:
    if not isinstance(row, ListingSource):
        raise UsageError(f"sources holds a {type(row).__name__}; pass ListingSource(source=..., weight=...)")
    weight: object = row.weight
    if not isinstance(weight, int) or isinstance(weight, bool) or weight < 1:
        raise UsageError(f"{row.source}: weight={weight!r:.60} is no whole number of percent above 0")
    multiplier = number(row.price_multiplier, "price_multiplier")
    if not multiplier:
        raise UsageError(f"{row.source}: price_multiplier={row.price_multiplier!r:.60} must be above 0")
    return changed(row, price_multiplier=multiplier)
