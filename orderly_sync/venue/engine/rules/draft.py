"""An order about to be admitted, with everything a rule may look at."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.orders import Key, Order
from orderly_sync.venue.engine.state import Account, MarketState
from orderly_sync.venue.engine.symbols import SymbolRules

__all__ = ["Draft"]


@attrs.frozen(kw_only=True)
class Draft:
    """The order as it would stand, before anything of it is booked: a rule reads it, and raises ``Refused`` or returns.

    Args:
        markets: Every market by symbol, with its mark price and book.
        account: Whose order it is, with its positions, holdings and open orders, ``replaces`` among them.
        order: The order itself: its terms read, its size in ``remaining``, no id yet unless it is an edit.
        replaces: The open order that an edit puts it in place of; None where it is new.
        closes: Whether the exchange sent it to close a position whole: size limits do not apply then.
    """

    markets: Mapping[str, MarketState]
    account: Account
    order: Order
    replaces: Order | None = None
    closes: bool = False

    @property
    def market(self) -> MarketState:
        """The order's market."""
        return self.markets[self.order.symbol]

    @property
    def rules(self) -> SymbolRules:
        """The rules of its symbol."""
        return self.market.rules

    @property
    def key(self) -> Key:
        """Whose position it changes."""
        return self.order.symbol, self.order.margin_mode

    @property
    def replaced_id(self) -> int:
        """The id of the order it replaces, 0 if none."""
        return self.replaces.order_id if self.replaces else 0

    @property
    def reference(self) -> Decimal:
        """The price by which its notional is measured: its own, else the best it meets, else mark."""
        if self.order.price is not None:
            return self.order.price
        best = self.market.book.best(self.order.side.opposite)
        return self.market.mark if best is None else best

    @property
    def only_reduces(self) -> bool:
        """Whether it and all open orders of its side cannot do more than close the position."""
        if self.order.reduce_only:
            return True
        quantity = self.account.entry(self.key).quantity
        if quantity * self.order.sign >= 0:
            return False
        buys, sells = self.account.pending(self.key, self.replaced_id)
        waiting = buys if self.order.side is OrderSide.BUY else sells
        return waiting + self.order.remaining <= abs(quantity)
