"""What algo orders ask of the placing of ordinary orders."""

from __future__ import annotations

from typing import Protocol

from orderly_sync.venue.engine.commands import EditOrder, PlaceOrder
from orderly_sync.venue.engine.orders import Order
from orderly_sync.venue.engine.rules.draft import Draft
from orderly_sync.venue.engine.state import Account

__all__ = ["OrderEntry"]


class OrderEntry(Protocol):
    """Takes the orders that triggers send; ``trading.Trading`` is the one there is."""

    def drafted(
        self, account: Account, command: PlaceOrder, *, algo_order_id: int | None = None, closes: bool = False
    ) -> Draft:
        """The admitted draft of an order, or Refused."""

    def enter(self, account: Account, admitted: Order) -> Order:
        """Give an admitted order its id and let it trade."""

    def edit(self, account: Account, command: EditOrder) -> Order:
        """Change price or quantity; raises Refused, and nothing has changed."""

    def check_edit(self, account: Account, command: EditOrder) -> None:
        """Raise what ``edit`` would raise."""

    def cancel(self, account: Account, order: Order, reason: str = "") -> Order:
        """Take an open order off the book."""
