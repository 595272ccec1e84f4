"""Fills of an order, added up, and what a report says of one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from orderly_sync.models.fill import Fill
from orderly_sync.values.arithmetic import owned

__all__ = ["is_over", "is_same", "of_fill", "running", "total_of"]

_NEARLY = 1e-9


def is_same(one: Any, other: Any) -> bool:
    """Whether two totals are the same, but for what floats are off."""
    return not is_over(one, other) and not is_over(other, one)


def is_over(one: Any, other: Any) -> bool:
    """Whether one total is greater than another, by more than floats are off."""
    return bool(one - other > _NEARLY) if isinstance(one, float) else bool(one > other)


def total_of(fills: Iterable[Fill]) -> Any:
    """How much these fills add up to."""
    total: Any = 0
    for fill in fills:
        total = _plus(total, fill.executed_quantity or 0)
    return total


@owned
def _plus(one: Any, other: Any) -> Any:
    """Their sum; of floats, the one that the wire's decimals have."""
    if isinstance(one, float) or isinstance(other, float):
        return float(Decimal(str(one)) + Decimal(str(other)))
    return one + other


def running(fills: Iterable[Fill], before: Any = 0) -> Iterator[tuple[Fill, Any]]:
    """Fills, oldest first, each with the total after it."""
    total: Any = before
    for fill in sorted(fills, key=lambda one: (one.executed_timestamp or 0, one.id)):
        total = _plus(total, fill.executed_quantity or 0)
        yield fill, total


def of_fill(fill: Fill) -> dict[str, Any]:
    """What a report says of its fill."""
    return {
        "trade_id": fill.id,
        "executed_price": fill.executed_price,
        "executed_quantity": fill.executed_quantity,
        "fee": fill.fee,
        "is_maker": fill.is_maker,
        "match_id": None if fill.match_id is None else str(fill.match_id),
    }
