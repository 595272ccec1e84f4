"""Fills: the account's own executions. The market's are trades, in ``models.market``."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.arithmetic import owned
from orderly_sync.models.base import Model, model, utc
from orderly_sync.models.enums import MarginMode, OrderSide

__all__ = ["Fill"]


@model
class Fill(Model):
    """One execution of one of the account's orders."""

    shown = ("symbol", "side", "executed_quantity", "executed_price", "fee", "is_maker", "order_id")

    id: int
    """The trade id, unique with the order."""
    order_id: int
    symbol: str | None = None
    side: OrderSide | None = None
    executed_price: Decimal | None = None
    executed_quantity: Decimal | None = None
    """Base units."""
    executed_timestamp: int | None = None
    """ms."""
    fee: Decimal | None = None
    """In ``fee_asset``; negative is a rebate."""
    fee_asset: str | None = None
    is_maker: bool | None = None
    realized_pnl: Decimal | None = None
    match_id: str | None = None
    """The venue's id of the match, kept as text because it exceeds what a float holds."""
    margin_mode: MarginMode | None = None
    margin_token: str | None = None
    margin_change_qty: Decimal | None = None
    order_tag: str | None = None
    order_enum_fee: Decimal | None = None
    """What the order tag's builder took of it."""
    order_enum_fee_rate: Decimal | None = None

    @property
    def time(self) -> datetime | None:
        """When it was executed, UTC."""
        return utc(self.executed_timestamp)

    @property
    @owned
    def notional(self) -> Decimal | None:
        """Price times quantity, in quote units."""
        if self.executed_price is None or self.executed_quantity is None:
            return None
        return self.executed_price * self.executed_quantity
