"""Which fills the venue's word on a position holds already, and which of two such words is the later. Pure.

A push or a REST row bears marks: a version (pushes alone), a sequence number, the time of the position's last change.
[assumed] A position's ``seq`` and ``updated_time`` run with those of the execution reports, as in every captured frame;
``timestamp`` is when it was opened and says nothing here. Where marks are missing or equal, the quantity decides.
"""

from __future__ import annotations

from collections.abc import Container
from decimal import Decimal

import attrs

from orderly_sync.live.fills import CountedTrade, exact
from orderly_sync.models.position import Position

__all__ = ["LEDGER_LAG_MS", "MarkedPosition", "Marks", "holds", "is_older", "outlives", "split", "when"]


LEDGER_LAG_MS = 250
"""[assumed] How long after a fill the ledger may still write a position without it, under a later time."""


@attrs.frozen(kw_only=True)
class Marks:
    """When the venue said something of a position."""

    version: int | None = None
    seq: int | None = None
    time: int | None = None
    """When the position had changed last, ms."""
    at_least: bool = False
    """Whether ``time`` is only a lower bound: a list that lacks the position says no time of its own."""


@attrs.define
class MarkedPosition:
    """What is known of one position."""

    base: Position
    """As the venue said last."""
    marks: Marks = attrs.field(factory=Marks)
    fills: list[CountedTrade] = attrs.field(factory=list)
    """Those the venue's word does not hold yet, oldest first."""
    surplus: Decimal | None = None
    """Quantity in ``base`` that no fill told here explains; None while there was nothing to compare with."""
    before: Position | None = None
    """As reckoned before the venue's word changed it unexplained: its fill's report is still to come."""
    touched: bool = False
    """Whether a push told of it since the running REST snapshot was asked for."""
    added_up: tuple[Position, int | None, tuple[CountedTrade, ...], Position] | None = None
    """What was reckoned last: of which base, leverage and fills, and what came of it."""


def when(trade: CountedTrade) -> tuple[int, int]:
    """Where a fill belongs among others."""
    return (trade.ts or 0, trade.seq or 0)


def is_older(new: Marks, held: Marks) -> bool:
    """Whether the venue said this before what is held."""
    if held.at_least:
        return new.time is not None and held.time is not None and new.time <= held.time
    later = new.time is not None and held.time is not None and new.time - held.time
    if new.version is not None and held.version is not None and new.version != held.version:
        # A lower version of a later time: versions were counted anew.
        return new.version < held.version and not (later and later > 0)
    if later:
        return later < 0
    return new.seq is not None and held.seq is not None and new.seq < held.seq


def outlives(standing: MarkedPosition, marks: Marks) -> bool:
    """Whether a push is newer than a REST row: it came while REST was read, or REST lags behind it."""
    held = standing.marks
    if held.version is None and not standing.touched:
        return False
    if marks.at_least or marks.time is None or held.time is None:
        return standing.touched
    if marks.time == held.time and marks.seq is not None and held.seq is not None:
        return standing.touched and held.seq >= marks.seq
    return held.time > marks.time or (standing.touched and held.time == marks.time)


def holds(standing: MarkedPosition, trade: CountedTrade) -> bool:
    """Whether the venue's word on the position holds this fill already, which is told only now."""
    marks, surplus = standing.marks, standing.surplus
    sure = _is_in(trade, marks)
    if sure is not None:
        return sure
    if marks.at_least or marks.time is None or trade.ts is None:
        return surplus is not None and surplus * trade.quantity > 0 and abs(surplus) >= abs(trade.quantity)
    # The clock allows it; but where the fills told so far explain the quantity whole, this one is not in it.
    return surplus is None or bool(surplus)


def split(
    fills: list[CountedTrade],
    marks: Marks,
    quantity: object,
    cost: object,
    base: Position,
    *,
    settled: Container[object] = (),
) -> tuple[list[CountedTrade], list[CountedTrade]]:
    """The fills that the venue's word holds, and those it does not.

    Args:
        fills: Told since ``base``, oldest first.
        marks: Of the venue's word.
        quantity: The position as it says.
        cost: Its cost as it says, fees included; None if it does not.
        base: The position before those fills.
        settled: Ids of fills so old that the venue's word holds them where its marks allow it: fills that cancel
        out leave the quantity as it was, which would tell for ever that they are not in it.
    """
    verdicts = [(trade, _verdict(trade, marks, settled)) for trade in fills]
    unsure = [trade for trade, verdict in verdicts if verdict is None]
    likely = 0 if marks.at_least else len(unsure)
    running, paid = exact(base.position_qty), exact(base.cost_position)
    for trade, verdict in verdicts:
        if verdict:
            running, paid = running + trade.quantity, paid + trade.cost
    fitting: list[tuple[Decimal, int, int]] = []
    for count in range(len(unsure) + 1):
        if count:
            running, paid = running + unsure[count - 1].quantity, paid + unsure[count - 1].cost
        if running == exact(quantity):
            # Coming back to a quantity costs fees, so the cost tells one time there from another.
            off = abs(paid - exact(cost)) if cost is not None else Decimal(0)
            fitting.append((off, abs(count - likely), count))
    count = min(fitting)[2] if fitting else likely
    late = {trade.id for trade in unsure[count:]} | {
        trade.id for trade, verdict in verdicts if verdict is False
    }
    return [trade for trade in fills if trade.id not in late], [trade for trade in fills if trade.id in late]


def _verdict(trade: CountedTrade, marks: Marks, settled: Container[object]) -> bool | None:
    sure = _is_in(trade, marks)
    return True if sure is None and trade.id in settled else sure


def _is_in(trade: CountedTrade, marks: Marks) -> bool | None:
    """Whether the venue's word holds a fill, by its marks; None if they cannot tell."""
    if marks.seq is not None and trade.seq is not None:
        return trade.seq <= marks.seq
    if marks.time is None or trade.ts is None:
        return None
    if marks.at_least:
        return True if trade.ts <= marks.time else None
    if trade.ts > marks.time:
        return False
    return True if trade.ts < marks.time - LEDGER_LAG_MS else None
