"""The history of positions that were closed, written from the fills that closed them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import attrs

from orderly_sync.models.enums import FundingPaymentType, OrderSide
from orderly_sync.venue.engine.facts import Deleveraged
from orderly_sync.venue.engine.records import Fill, FundingFee, LiquidationRow
from orderly_sync.venue.server.encoding import number

__all__ = ["ClosedPositions"]

_ZERO = Decimal(0)
_PRICE_DIGITS = 8


Leverage = Callable[[str, str, str], int]
"""Tells an account's leverage by account id, symbol and margin mode."""


@attrs.frozen(kw_only=True)
class _Change:
    """What happened to a position: so much was bought (above 0) or sold at a price."""

    key: tuple[str, str, str]
    """Account id, symbol and margin mode."""
    quantity: Decimal
    price: Decimal
    ts: int
    fee: Decimal = _ZERO
    realized: Decimal | None = None
    """None where only the prices tell."""
    type: str = "active"
    liquidation_id: int | None = None
    liquidator_fee: Decimal = _ZERO
    fund_fee: Decimal = _ZERO


@attrs.define
class _Open:
    """A position while it lasts. Quantities are unsigned but for ``quantity``."""

    since: int
    quantity: Decimal = _ZERO
    most: Decimal = _ZERO
    bought: Decimal = _ZERO
    paid: Decimal = _ZERO
    closed: Decimal = _ZERO
    received: Decimal = _ZERO
    fee: Decimal = _ZERO
    realized: Decimal = _ZERO
    funding: Decimal = _ZERO
    """Paid; below 0 if received."""
    type: str = "active"
    liquidation_id: int | None = None
    liquidator_fee: Decimal = _ZERO
    fund_fee: Decimal = _ZERO

    @property
    def average(self) -> Decimal:
        """What it was opened at."""
        return self.paid / self.bought if self.bought else _ZERO

    def close(self, change: _Change, quantity: Decimal) -> None:
        """Count what a change closes of it."""
        if change.realized is None:
            self.realized += quantity * (change.price - self.average) * (1 if self.quantity > 0 else -1)
        else:
            self.realized += change.realized
        self.closed += quantity
        self.received += quantity * change.price
        self.liquidator_fee += change.liquidator_fee
        self.fund_fee += change.fund_fee
        if change.type != "active":
            self.type, self.liquidation_id = change.type, change.liquidation_id


class ClosedPositions:
    """Follows the fills of all accounts."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str, str], _Open] = {}
        self._closed: dict[str, list[dict[str, object]]] = {}
        self._count = 0

    def of(self, account_id: str) -> list[dict[str, object]]:
        """The closed positions of an account as rows, newest first."""
        return self._closed.get(account_id, [])[::-1]

    def filled(self, fill: Fill, leverage: Leverage) -> None:
        """A fill of an account; ``leverage`` tells an account's by symbol and margin mode, asked when one closes."""
        change = _Change(
            key=(fill.account_id, fill.symbol, str(fill.margin_mode)),
            quantity=fill.quantity if fill.side is OrderSide.BUY else -fill.quantity,
            price=fill.price,
            ts=fill.ts,
            fee=fill.fee,
            realized=fill.realized_pnl,
        )
        self._move(change, leverage)

    def lost(self, row: LiquidationRow, leverage: Leverage) -> None:
        """An account lost positions to a liquidator."""
        for each in row.positions:
            change = _Change(
                key=(row.account_id, each.symbol, each.margin_mode.value),
                quantity=-each.position_qty,
                price=each.transfer_price,
                ts=row.timestamp,
                type="liquidated",
                liquidation_id=row.liquidation_id,
                liquidator_fee=each.abs_liquidator_fee,
                fund_fee=each.abs_insurance_fund_fee,
            )
            self._move(change, leverage)

    def taken(self, row: LiquidationRow, leverage: Leverage) -> None:
        """An account took positions over, onto its cross margin."""
        for each in row.positions:
            change = _Change(
                key=(row.liquidator_id, each.symbol, "CROSS"),
                quantity=each.position_qty,
                price=each.transfer_price,
                ts=row.timestamp,
            )
            self._move(change, leverage)

    def deleveraged(self, fact: Deleveraged, leverage: Leverage) -> None:
        """Part of an account's position was closed for the insurance fund's sake."""
        change = _Change(
            key=(fact.account_id, fact.symbol, str(fact.margin_mode)),
            quantity=fact.quantity,
            price=fact.price,
            ts=fact.ts,
            realized=fact.realized_pnl,
            type="adl",
        )
        self._move(change, leverage)

    def _move(self, change: _Change, leverage: Leverage) -> None:
        key, signed = change.key, change.quantity
        position = self._open.setdefault(key, _Open(change.ts))
        opposes = position.quantity * signed < 0
        closing = min(abs(signed), abs(position.quantity)) if opposes else _ZERO
        side = "LONG" if (position.quantity or signed) > 0 else "SHORT"
        share = closing / abs(signed)
        position.close(change, closing)
        position.fee += change.fee * share
        position.quantity += signed if not opposes else (closing if signed > 0 else -closing)
        opening = abs(signed) - closing
        if opposes and not position.quantity:
            self._close(key, position, side, change.ts, leverage(*key))
            del self._open[key]
            if not opening:
                return
            position = self._open[key] = _Open(change.ts)
            position.quantity = opening if signed > 0 else -opening
        position.fee += change.fee * (1 - share)
        position.bought += opening
        position.paid += opening * change.price
        position.most = max(position.most, abs(position.quantity))

    def funded(self, fee: FundingFee) -> None:
        """Funding was charged on a position."""
        position = self._open.get((fee.account_id, fee.symbol, str(fee.margin_mode)))
        if position is not None:
            paid = fee.payment_type is FundingPaymentType.PAY
            position.funding += fee.funding_fee if paid else -fee.funding_fee

    def _close(self, key: tuple[str, str, str], position: _Open, side: str, now: int, leverage: int) -> None:
        self._count += 1
        costs = position.fee + position.funding + position.liquidator_fee + position.fund_fee
        row = {
            "position_id": self._count,
            "status": "closed",
            "type": position.type,
            "symbol": key[1],
            "avg_open_price": number(round(position.average, _PRICE_DIGITS)),
            "avg_close_price": number(round(position.received / position.closed, _PRICE_DIGITS)),
            "max_position_qty": number(position.most),
            "closed_position_qty": number(position.closed),
            "side": side,
            "trading_fee": number(position.fee),
            "accumulated_funding_fee": number(position.funding),
            "insurance_fund_fee": number(position.fund_fee),
            "liquidator_fee": number(position.liquidator_fee),
            "liquidation_id": position.liquidation_id,
            "realized_pnl": number(position.realized - costs),
            "open_timestamp": position.since,
            "close_timestamp": now,
            "last_update_timestamp": now,
            "leverage": leverage,
            "margin_mode": key[2],
        }
        self._closed.setdefault(key[0], []).append(row)
