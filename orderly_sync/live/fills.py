"""What a fill does to a position and to the balance behind it, reckoned as the venue reckons it. Pure.

The report of a fill comes first, the venue's own word on the position and the balance up to half a second later, or
never. So the fill is booked here at once, on what the venue said last:

- quantity, cost (fee and funding due in it), average open price, PnL: exact, by the documented bookkeeping;
- in cross margin the balance does not move: the fee is in the cost until the PnL is settled;
- in isolated margin a close moves its share of margin and PnL back, exactly; what an opening moves is the documented
  ``quantity * price * (1 / leverage + 0.0006)``, at the order's limit, or at the fill's price where it had none.
"""

from __future__ import annotations

from collections.abc import Hashable
from decimal import ROUND_UP, Decimal
from typing import Any

import attrs

from orderly_sync.models.base import changed
from orderly_sync.models.enums import AlgoType, MarginMode, OrderSide
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.values.arithmetic import owned

__all__ = ["Booked", "CountedTrade", "Move", "booked", "exact", "opening_rate", "trade_of"]

_ZERO = Decimal(0)
_FEE_RESERVE = Decimal("0.0006")
_RATE_STEP = Decimal("1e-10")
"""1 / leverage is rounded up to this."""
_PRICE_STEP = Decimal("0.00000001")
"""[assumed] Average prices are kept to eight decimals, as every captured one shows."""
_SHARE_STEP = Decimal("1e-12")
"""[assumed] Shares of a margin are cut here."""
_FLOAT_NOISE = 9
"""Digits below which a funding due that was reckoned from floats is their noise."""
_CONTAINERS = frozenset({AlgoType.TP_SL, AlgoType.POSITIONAL_TP_SL})
"""Nodes that hold their legs together; the venue may or may not repeat a leg's fill on them."""


@attrs.frozen(kw_only=True)
class CountedTrade:
    """One fill of this account's."""

    id: Hashable
    """The same for the same fill, whichever topic or operation tells of it."""
    symbol: str
    margin_mode: MarginMode
    quantity: Decimal
    """Base units; negative is sold."""
    price: Decimal
    fee: Decimal
    limit: Decimal | None = None
    """The order's own price."""
    created: int | None = None
    """When the order was created, ms."""
    ts: int | None = None
    """When it happened, ms."""
    seq: int | None = None

    @property
    def cost(self) -> Decimal:
        """What it adds to the position's cost, fee included."""
        return self.quantity * self.price + self.fee


@attrs.frozen(kw_only=True)
class Move:
    """What a fill in isolated margin moves in the USDC balance."""

    holding: Decimal
    isolated_margin: Decimal
    freed: Decimal
    """What the order may have frozen for it until then."""
    created: int | None = None
    ts: int | None = None


@attrs.frozen(kw_only=True)
class Booked:
    """A position after a fill."""

    row: Position
    move: Move | None = None


def exact(value: object) -> Decimal:
    """A number of a model as a decimal; a float by its shortest text, None as 0."""
    if value is None:
        return _ZERO
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def trade_of(
    report: ExecutionReport | AlgoExecutionReport, margin_mode: MarginMode | None = None
) -> CountedTrade | None:
    """The fill a report tells of; None if it tells of none, or not enough of it.

    Args:
        report: Of an order, or of an algo order's node.
        margin_mode: That of the report's tree, for a node that does not say.
    """
    side = report.side
    if not report.trade_id or not report.executed_quantity or report.executed_price is None:
        return None
    if side not in {OrderSide.BUY, OrderSide.SELL}:
        return None
    if isinstance(report, AlgoExecutionReport):
        if report.algo_type in _CONTAINERS:
            return None
        mode, seq = report.tree_margin_mode or margin_mode, None
    else:
        mode, seq = report.margin_mode, report.seq
    size = exact(report.executed_quantity)
    return CountedTrade(
        id=(report.symbol, report.trade_id, side),
        symbol=report.symbol,
        margin_mode=MarginMode.ISOLATED if mode == MarginMode.ISOLATED else MarginMode.CROSS,
        quantity=size if side == OrderSide.BUY else -size,
        price=exact(report.executed_price),
        fee=exact(report.fee),
        limit=exact(report.price) if report.price else None,
        created=report.created_time,
        ts=report.timestamp or report.ts,
        seq=seq,
    )


@attrs.define(kw_only=True)
class _Entry:
    """A position's figures while a fill is booked, exact."""

    quantity: Decimal
    cost: Decimal | None
    average: Decimal | None
    margin: Decimal
    realized: Decimal = _ZERO
    given: Decimal = _ZERO
    taken: Decimal = _ZERO


@owned
def booked(row: Position, trade: CountedTrade, *, leverage: int, kind: type = Decimal) -> Booked:
    """The position after a fill, and what moved in the balance.

    What depends on more than the fill (liquidation price, margin ratios) waits for the venue.

    Args:
        row: The position before; of quantity 0 if there was none.
        trade: The fill.
        leverage: Of the symbol in isolated margin, for what an opening moves.
        kind: ``Decimal`` or ``float``, the numbers of the result.
    """
    entry = _entry_of(row, kind)
    if trade.margin_mode == MarginMode.ISOLATED:
        _book_isolated(entry, trade, leverage)
    else:
        _book(entry, trade.quantity, trade.price, trade.fee)
    after = _row_of(row, entry, trade, kind)
    if trade.margin_mode != MarginMode.ISOLATED:
        return Booked(row=after)
    move = Move(
        holding=entry.given - entry.taken,
        isolated_margin=entry.margin - exact(row.margin),
        freed=entry.taken,
        created=trade.created,
        ts=trade.ts,
    )
    return Booked(row=after, move=move)


def _entry_of(row: Position, kind: type) -> _Entry:
    quantity = exact(row.position_qty)
    cost = exact(row.cost_position) if row.cost_position is not None or not quantity else None
    if cost is not None and row.mark_price is not None and row.unsettled_pnl is not None:
        # Funding due on the old quantity enters the cost with the fill; the row tells it by what is left of its PnL.
        due = quantity * exact(row.mark_price) - cost - exact(row.unsettled_pnl)
        cost += round(due, _FLOAT_NOISE) if kind is float else due
    average = exact(row.average_open_price) if row.average_open_price is not None or not quantity else None
    return _Entry(quantity=quantity, cost=cost, average=average, margin=exact(row.margin))


def _book(entry: _Entry, quantity: Decimal, price: Decimal, fee: Decimal) -> None:
    old, new = entry.quantity, entry.quantity + quantity
    reduces = old * quantity < 0
    if reduces and entry.average is not None:
        closed = min(abs(quantity), abs(old)) * (1 if old > 0 else -1)
        entry.realized += closed * (price - entry.average)
    if not new:
        entry.average = _ZERO
    elif reduces:
        entry.average = price if old * new < 0 else entry.average
    elif entry.average is not None:
        total = abs(old) * entry.average + abs(quantity) * price
        entry.average = (total / abs(new)).quantize(_PRICE_STEP)
    if entry.cost is not None:
        entry.cost += quantity * price + fee
    entry.quantity = new


def _book_isolated(entry: _Entry, trade: CountedTrade, leverage: int) -> None:
    """First what the fill closes, then what it opens."""
    size, fee = abs(trade.quantity), trade.fee
    closing = min(size, abs(entry.quantity)) if entry.quantity * trade.quantity < 0 else _ZERO
    if closing:
        share = fee if closing == size else (fee * closing / size).quantize(_SHARE_STEP)
        _close_isolated(entry, closing, trade.price, share)
        fee -= share
    opening = size - closing
    if opening:
        entry.taken = opening * _reference(trade) * opening_rate(leverage)
        entry.margin += entry.taken
        _book(entry, opening if trade.quantity > 0 else -opening, trade.price, fee)


def opening_rate(leverage: int) -> Decimal:
    """The part of its notional that an opening moves."""
    return (1 / Decimal(leverage)).quantize(_RATE_STEP, ROUND_UP) + _FEE_RESERVE


def _reference(trade: CountedTrade) -> Decimal:
    """The price that froze margin for the order: a buy's limit, the higher of a sell's limit and the best bid.

    [assumed] Of an order without a limit, and of the bid a sell met, the fill's own price is the best guess.
    """
    if trade.limit is None:
        return trade.price
    return trade.limit if trade.quantity > 0 else max(trade.limit, trade.price)


def _close_isolated(entry: _Entry, closing: Decimal, price: Decimal, fee: Decimal) -> None:
    held = entry.quantity
    whole = closing == abs(held)
    closed = closing if held > 0 else -closing
    cost = entry.cost if entry.cost is not None else held * price
    cost_share = cost if whole else (cost * closing / abs(held)).quantize(_SHARE_STEP)
    margin_share = entry.margin if whole else (entry.margin * closing / abs(held)).quantize(_SHARE_STEP)
    if entry.average is not None:
        entry.realized += closed * (price - entry.average)
    given = margin_share + closed * price - cost_share - fee
    entry.margin -= margin_share
    if given < 0 and not whole:
        # A loss beyond its share eats into the rest of the margin before it reaches the account.
        entry.margin, given = entry.margin + given, _ZERO
    entry.given = given
    entry.quantity, entry.cost = held - closed, cost - cost_share
    entry.average = _ZERO if whole else entry.average


def _row_of(row: Position, entry: _Entry, trade: CountedTrade, kind: type) -> Position:
    def number(value: Decimal | None) -> Any:
        return value if value is None or kind is Decimal else kind(value)

    mark = None if row.mark_price is None else exact(row.mark_price)
    unsettled = unrealized = None
    if mark is not None and entry.cost is not None:
        unsettled = entry.quantity * mark - entry.cost
    if mark is not None and entry.average is not None:
        unrealized = entry.quantity * (mark - entry.average)
    if not entry.quantity and entry.cost is not None:
        unsettled, unrealized = -entry.cost, _ZERO
    new: dict[str, object] = {
        "margin_mode": row.margin_mode or trade.margin_mode,
        "position_qty": number(entry.quantity),
        "cost_position": number(entry.cost),
        "average_open_price": number(entry.average),
        "unsettled_pnl": number(unsettled),
        "unrealized_pnl": number(unrealized),
        "est_liq_price": None,
        "updated_time": max(trade.ts or 0, row.updated_time or 0) or None,
    }
    if trade.margin_mode == MarginMode.ISOLATED:
        new["margin"] = number(entry.margin)
    if row.pnl_24_h is not None:
        new["pnl_24_h"] = number(exact(row.pnl_24_h) + entry.realized)
    if row.fee_24_h is not None:
        new["fee_24_h"] = number(exact(row.fee_24_h) + trade.fee)
    return changed(row, **new)
