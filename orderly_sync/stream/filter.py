"""Which events of a topic somebody wants."""

from __future__ import annotations

from typing import Any

__all__ = ["Filter"]


class Filter:
    """Which events of a topic somebody wants; plain comparisons, so any thread may ask.

    Args:
        symbol: The market, native form.
        order: An order id, or an algo order's root id.
        client_order_id: The caller's own id.
    """

    __slots__ = ("client_order_id", "order", "symbol")

    def __init__(
        self, symbol: str | None = None, order: int | None = None, client_order_id: str | None = None
    ) -> None:
        self.symbol = symbol
        self.order = order
        self.client_order_id = client_order_id

    @property
    def is_open(self) -> bool:
        """Whether it lets everything through."""
        return self.symbol is None and self.order is None and self.client_order_id is None

    def __call__(self, event: Any) -> bool:
        """Whether this event is wanted."""
        if self.symbol is not None and getattr(event, "symbol", None) != self.symbol:
            return False
        if (
            self.client_order_id is not None
            and getattr(event, "client_order_id", None) != self.client_order_id
        ):
            return False
        return self.order is None or self.order in {
            getattr(event, name, None) for name in ("order_id", "algo_order_id", "root_algo_order_id")
        }
