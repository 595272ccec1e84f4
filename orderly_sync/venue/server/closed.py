"""The history of positions that were closed, written from the fills that closed them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.models.enums import FundingPaymentType, OrderSide
from orderly_sync.venue.facts import Fill
from orderly_sync.venue.funding import FundingFee
from orderly_sync.venue.server.text import number

__all__ = ["ClosedPositions"]

_ZERO = Decimal(0)
_PRICE_DIGITS = 8


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


class ClosedPositions:
    """Follows the fills of all accounts."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str, str], _Open] = {}
        self._closed: dict[str, list[dict[str, Any]]] = {}
        self._count = 0

    def of(self, account_id: str) -> list[dict[str, Any]]:
        """The closed positions of an account as rows, newest first."""
        return self._closed.get(account_id, [])[::-1]

    def filled(self, fill: Fill, leverage: Callable[[str, str, str], int]) -> None:
        """A fill of an account; ``leverage`` tells an account's by symbol and margin mode, asked when one closes."""
        key = (fill.account_id, fill.symbol, str(fill.margin_mode))
        position = self._open.setdefault(key, _Open(fill.ts))
        signed = fill.quantity if fill.side is OrderSide.BUY else -fill.quantity
        opposes = position.quantity * signed < 0
        closing = min(abs(signed), abs(position.quantity)) if opposes else _ZERO
        side = "LONG" if (position.quantity or signed) > 0 else "SHORT"
        share = closing / fill.quantity
        position.fee += fill.fee * share
        position.realized += fill.realized_pnl
        position.closed += closing
        position.received += closing * fill.price
        position.quantity += signed if not opposes else (closing if signed > 0 else -closing)
        opening = fill.quantity - closing
        if opposes and not position.quantity:
            self._close(key, position, side, fill.ts, leverage(*key))
            del self._open[key]
            if not opening:
                return
            position = self._open[key] = _Open(fill.ts)
            position.quantity = opening if signed > 0 else -opening
        position.fee += fill.fee * (1 - share)
        position.bought += opening
        position.paid += opening * fill.price
        position.most = max(position.most, abs(position.quantity))

    def funded(self, fee: FundingFee) -> None:
        """Funding was charged on a position."""
        position = self._open.get((fee.account_id, fee.symbol, str(fee.margin_mode)))
        if position is not None:
            paid = fee.payment_type is FundingPaymentType.PAY
            position.funding += fee.funding_fee if paid else -fee.funding_fee

    def _close(self, key: tuple[str, str, str], position: _Open, side: str, now: int, leverage: int) -> None:
        self._count += 1
        average = position.paid / position.bought if position.bought else _ZERO
        row = {
            "position_id": self._count,
            "status": "closed",
            "type": "normal",
            "symbol": key[1],
            "avg_open_price": number(round(average, _PRICE_DIGITS)),
            "avg_close_price": number(round(position.received / position.closed, _PRICE_DIGITS)),
            "max_position_qty": number(position.most),
            "closed_position_qty": number(position.closed),
            "side": side,
            "trading_fee": number(position.fee),
            "accumulated_funding_fee": number(position.funding),
            "insurance_fund_fee": number(_ZERO),
            "liquidator_fee": number(_ZERO),
            "liquidation_id": None,
            "realized_pnl": number(position.realized - position.fee - position.funding),
            "open_timestamp": position.since,
            "close_timestamp": now,
            "last_update_timestamp": now,
            "leverage": leverage,
            "margin_mode": key[2],
        }
        self._closed.setdefault(key[0], []).append(row)
