"""Positions, open and past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from orderly_sync.models.account_enums import PositionHistoryStatus, PositionHistoryType, PositionSide
from orderly_sync.models.base import Model, Rows, model, utc, wire, zero_like
from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.tables.shown import Tabular
from orderly_sync.values.arithmetic import owned

__all__ = ["OpenPositions", "PastPosition", "Position"]


@model
class Position(Model):
    """What the account holds of one market; one position a symbol and margin mode.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-one-position-info
    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-positions-info
    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-lite-positions-info
    """

    shown = ("symbol", "margin_mode", "position_qty", "average_open_price", "mark_price", "unrealized_pnl")
    always = ("position_qty",)

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    margin_mode: MarginMode | None = None
    """CROSS shares the account's collateral, ISOLATED has its own ``margin``; None is not said, which is CROSS."""
    position_qty: Decimal | None = None
    """Base units; above 0 is long, below 0 short, 0 is closed though PnL may wait to be settled."""
    average_open_price: Decimal | None = None
    """Mean price of opening, USDC; adding moves it, reducing does not. 0 or None while flat."""
    cost_position: Decimal | None = None
    """What the position cost, USDC, with fees, funding charged and PnL realised since the last settlement in it;
    below 0 on a short."""
    mark_price: Decimal | None = None
    """Mark price of the answer, USDC."""
    settle_price: Decimal | None = None
    """Price at which PnL was last settled, USDC; of a flat position not documented, 0 at the paper venue."""
    est_liq_price: Decimal | None = None
    """Mark price at which liquidation begins, other prices standing still, USDC; None or 0 where it cannot."""
    unsettled_pnl: Decimal | None = None
    """PnL not yet in the balance, at the mark price, funding included, USDC; below 0 is a loss."""
    unrealized_pnl: Decimal | None = None
    """Quantity times the way from entry to mark, USDC; below 0 is a loss. In no schema: REST rows have None where it
    is not sent, as by the paper venue; in ``ex.positions`` it is reckoned from the mark price as that moves."""
    accrued_funding_fee: Decimal | None = None
    """Funding since the position was opened, USDC; above 0 is owed by the account. Adding to the position does not
    reset it."""
    last_sum_unitary_funding: Decimal | None = None
    """The market's funding index (USDC a base unit) up to which this position has been charged."""
    pending_long_qty: Decimal | None = None
    """Unfilled size of its open buy orders, base units, at least 0; algo orders count once they trigger."""
    pending_short_qty: Decimal | None = None
    """Unfilled size of its open sell orders, base units; 0 or below in the venue's examples."""
    leverage: int | None = None
    """Leverage of the symbol in this margin mode, 10 is 10x."""
    margin: Decimal | None = None
    """USDC set aside for an isolated position; 0 or None on cross."""
    margin_token: str | None = None
    """The token of ``margin``, such as USDC; None where the venue does not say."""
    imr: Decimal | None = None
    """Initial margin ratio, a fraction of the notional: 0.1 is 10 %."""
    mmr: Decimal | None = None
    """Maintenance margin ratio, a fraction of the notional: 0.05 is 5 %."""
    imr_withdraw_orders: Decimal | None = wire("IMR_withdraw_orders", "IMR_with_orders", "imr_with_orders")
    """Initial margin ratio with the open orders counted, a fraction. One page explains it as withdrawals: the name
    is a slip of the venue."""
    mmr_with_orders: Decimal | None = wire("MMR_with_orders")
    """Maintenance margin ratio with the open orders counted, a fraction."""
    pnl_24_h: Decimal | None = wire("pnl_24_h", "pnl_24h")
    """PnL of the last 24 hours, USDC; below 0 is a loss."""
    fee_24_h: Decimal | None = wire("fee_24_h", "fee_24h")
    """Fees of the last 24 hours, USDC; above 0 was paid."""
    seq: int | None = None
    """Grows with the venue's events; exceeds what a float holds. The lite list has none."""
    timestamp: int | None = None
    """When the position was opened, ms, as the page says; the paper venue sends the time of the answer."""
    updated_time: int | None = None
    """When the position last changed, ms."""

    @property
    def quantity(self) -> Decimal:
        """Base units; negative is short, 0 is none."""
        return self.position_qty or zero_like(self)

    @property
    def side(self) -> OrderSide | None:
        """BUY where it is long, SELL where it is short, None where there is none."""
        if not self.quantity:
            return None
        return OrderSide.BUY if self.quantity > 0 else OrderSide.SELL

    @property
    @owned
    def notional(self) -> Decimal | None:
        """Quantity times mark price, USDC; negative is short."""
        return None if self.mark_price is None else self.quantity * self.mark_price

    @property
    def time(self) -> datetime | None:
        """When it last changed, UTC."""
        return utc(self.updated_time or self.timestamp)


@model
class OpenPositions(Tabular, Model):
    """All open positions with the account's margin figures; iterating goes over the positions.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-positions-info
    """

    shown = ("rows", "account_value", "free_collateral", "margin_ratio")

    rows: Rows[Position] = Rows()
    """One row a symbol and margin mode; flat ones stay while PnL waits to be settled."""
    account_value: Decimal | None = None
    """All that the account is worth, USDC, isolated margin and PnL included; below 0 is owed. Lists of light rows
    have none."""
    free_collateral: Decimal | None = None
    """USDC that new orders may use; never below 0."""
    total_collateral_value: Decimal | None = None
    """What counts as cross collateral, USDC: balances, discounted tokens and cross PnL."""
    margin_ratio: Decimal | None = None
    """Collateral over the notional of all cross positions, a fraction: 0.05 is 5 %. 10 without positions (the
    venue's page and the paper venue)."""
    current_margin_ratio_with_orders: Decimal | None = None
    """The same with open orders counted in the notional, a fraction."""
    open_margin_ratio: Decimal | None = None
    """A fraction that the venue does not document, near ``current_margin_ratio_with_orders`` in its example; the
    paper venue sends that."""
    initial_margin_ratio: Decimal | None = None
    """Mean initial margin ratio of the positions, weighted by notional, a fraction; 0 without positions."""
    initial_margin_ratio_with_orders: Decimal | None = None
    """The same with open orders counted, a fraction."""
    maintenance_margin_ratio: Decimal | None = None
    """Mean maintenance margin ratio, a fraction; liquidation begins where ``margin_ratio`` falls below it."""
    maintenance_margin_ratio_with_orders: Decimal | None = None
    """The same with open orders counted, a fraction."""
    total_pnl_24_h: Decimal | None = wire("total_pnl_24_h", "total_pnl_24h")
    """PnL of all positions over the last 24 hours, USDC; below 0 is a loss."""

    def __iter__(self) -> Iterator[Position]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def _table(self) -> tuple[type | None, Iterable[Position]]:
        return Position, self.rows

    def get(self, symbol: str, margin_mode: MarginMode = MarginMode.CROSS) -> Position | None:
        """The position in that symbol and margin mode, if there is one."""
        modes = (margin_mode, None) if margin_mode == MarginMode.CROSS else (margin_mode,)
        return next((row for row in self.rows if row.symbol == symbol and row.margin_mode in modes), None)


@model
class PastPosition(Model):
    """A position that was closed, or the closed part of one.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-position-history
    """

    position_id: int
    """The venue's id of it."""
    symbol: str | None = None
    """The market, ``PERP_ETH_USDC``."""
    status: PositionHistoryStatus | None = wire("status", "position_status")
    """Whether all of it is closed or a part; the JS SDK reads it as ``position_status``."""
    type: PositionHistoryType | None = None
    """What closed it: trading, a liquidation or deleveraging."""
    side: PositionSide | None = None
    """LONG or SHORT; the quantities carry no sign."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED; None is not said."""
    avg_open_price: Decimal | None = None
    """Mean price of opening, USDC."""
    avg_close_price: Decimal | None = None
    """Mean price of what was closed, USDC."""
    max_position_qty: Decimal | None = None
    """The largest it has been, base units, at least 0."""
    closed_position_qty: Decimal | None = None
    """How much of it is closed, base units, at least 0."""
    realized_pnl: Decimal | None = None
    """PnL of what is closed, USDC; below 0 is a loss. Whether costs are in it is not documented; the paper venue
    takes all fees and the funding off."""
    trading_fee: Decimal | None = None
    """Fees of its fills, USDC; above 0 was paid."""
    accumulated_funding_fee: Decimal | None = None
    """Funding over its life, USDC; the sign is not documented. The paper venue writes above 0 for what was paid."""
    insurance_fund_fee: Decimal | None = None
    """Liquidation fee to the insurance fund, USDC; 0 or None where it was not liquidated."""
    liquidator_fee: Decimal | None = None
    """Liquidation fee to the liquidator, USDC; 0 or None where it was not liquidated."""
    liquidation_id: int | None = None
    """The liquidation that closed it; None where none did."""
    leverage: int | None = None
    """Leverage of the symbol, 10 is 10x."""
    open_timestamp: int | None = None
    """When it was opened, ms."""
    close_timestamp: int | None = None
    """When it was closed, ms; None or 0 while a part is open."""
    last_update_timestamp: int | None = wire("last_update_timestamp", "last_update_time")
    """When it last changed, ms."""

    @property
    def opened(self) -> datetime | None:
        """When it was opened, UTC."""
        return utc(self.open_timestamp)

    @property
    def closed(self) -> datetime | None:
        """When it was closed, UTC."""
        return utc(self.close_timestamp)
