"""Fills: the account's own executions. The market's are trades, in ``models.market``."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc
from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.values.arithmetic import owned

__all__ = ["Fill"]


@model
class Fill(Model):
    """One execution of one of the account's orders.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-trades
    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-trade
    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-trades-of-specific-order
    """

    shown = ("symbol", "side", "executed_quantity", "executed_price", "fee", "is_maker", "order_id")

    id: int
    """The trade id. Taker and maker of a match have one each; unique together with the order."""
    order_id: int
    """The order it belongs to."""
    symbol: str | None = None
    """The market, ``PERP_ETH_USDC``."""
    side: OrderSide | None = None
    """The side of this account's order."""
    executed_price: Decimal | None = None
    """Price of this fill, USDC."""
    executed_quantity: Decimal | None = None
    """Size of this fill, base units, above 0 on both sides."""
    executed_timestamp: int | None = None
    """When it was matched, ms."""
    fee: Decimal | None = None
    """What this fill cost, in ``fee_asset``, with ``order_enum_fee`` in it; above 0 is paid, below 0 is a rebate."""
    fee_asset: str | None = None
    """The token of the fee: USDC on perpetual markets."""
    is_maker: bool | None = None
    """Whether this order rested in the book; the wire says 1 or 0."""
    realized_pnl: Decimal | None = None
    """What this fill realised by reducing the position, USDC, before its fee; below 0 is a loss, 0 where it only
    opened."""
    match_id: str | None = None
    """The venue's id of the match, shared by both sides; kept as text because it exceeds what a float holds."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED; None on fills of algo orders, which do not say."""
    margin_token: str | None = None
    """The token of ``margin_change_qty``; None where it is not sent."""
    margin_change_qty: Decimal | None = None
    """Not documented by the venue; by its name, what the fill moved into or out of isolated margin, in
    ``margin_token``. The paper venue sends 0."""
    order_tag: str | None = None
    """The order's tag; on no page, None where it is not sent."""
    order_enum_fee: Decimal | None = None
    """The part of ``fee`` that goes to the owner of the order's tag, in ``fee_asset``; 0 or None without such a tag."""
    order_enum_fee_rate: Decimal | None = None
    """The tag's rate when the fill was made, a fraction (0.0001 is 1 bp); the rest of the fee's rate is the
    account's own."""

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
