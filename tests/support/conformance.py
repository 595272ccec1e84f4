"""What tests of conformance ask of an account afterwards."""

from __future__ import annotations

from orderly_sync import Rest

__all__ = ["open_on"]


def open_on(rest: Rest) -> tuple[int, int, int]:
    """Open orders, open algo orders, and positions that are not flat."""
    held = [row for row in rest.positions.list().rows if row.position_qty]
    return (
        rest.orders.list(status="INCOMPLETE").meta.total,
        rest.orders.list_algo(status="INCOMPLETE").meta.total,
        len(held),
    )
