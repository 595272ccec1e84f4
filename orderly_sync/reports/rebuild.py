"""What a gap in the stream has hidden, rebuilt from REST as the reports that would have come. Reads only.

For every order that was open before the gap, and every order changed since, the fills not yet reported become fill
reports with a running total, then the order's status follows. Rebuilt reports carry ``origin="rest"`` and
``recovered=True``; what REST does not tell stays None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orderly_sync.models.base import Frame, changed, zero_like
from orderly_sync.models.enums import OrderStatus
from orderly_sync.models.fill import Fill
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.reports.delivered import AnotherOrder, Delivered
from orderly_sync.reports.fill_totals import is_over, is_same, of_fill, running, total_of
from orderly_sync.reports.from_rest import ORDER_TOPIC, order_report
from orderly_sync.reports.reading import FEW, Reading

__all__ = ["missed_orders", "reports_of"]


def missed_orders(
    reading: Reading, before: Mapping[int, Order], known: Delivered, unresolved: set[int] | None = None
) -> Iterator[list[ExecutionReport]]:
    """The reports of everything that happened to ordinary orders while the stream was not heard, order by order.

    What cannot be told of whole yet, because REST does not show all of it, is added to ``unresolved``.

    Raises:
        AnotherOrder: An id is another order's now.
    """
    left: set[int] = set() if unresolved is None else unresolved
    wanted = [row for row in _order_rows(reading, before, known, left) if _is_news(row, before, known)]
    lacking = [row for row in wanted if known.lacks(row.order_id, row.filled)]
    in_bulk = reading.start is not None and len(lacking) > FEW
    for row in wanted:
        order_id = row.order_id
        held, delivered = before.get(order_id), known.delivered(order_id)
        filled = row.total_executed_quantity or 0
        fills: list[Fill] | None = []
        total: Any = 0
        if delivered is None or filled != delivered or known.lacks(order_id, filled):
            total, fills = _undelivered(reading, row, known, in_bulk=in_bulk)
        if fills is None:
            left.add(order_id)  # a later look finds them
            continue
        reports = reports_of(
            row,
            fills,
            held,
            delivered=delivered,
            floor=known.floor,
            begun=known.has_begun(order_id),
            before=total,
        )
        if reports:
            yield reports


def _order_rows(
    reading: Reading, before: Mapping[int, Order], known: Delivered, left: set[int]
) -> Iterator[Order]:
    rows = reading.rows()
    vanished = before.keys() - rows.keys() if known.since is not None else set()
    for order_id in [*known.asked, *sorted(vanished - set(known.asked))]:
        if reading.row(order_id) is None and order_id in known.asked:
            left.add(order_id)
    first = set(known.asked)
    for order_id in sorted(reading.rows(), key=lambda one: (one not in first, one)):
        row = reading.rows()[order_id]
        if known.is_another(row):
            raise AnotherOrder(order_id)
        if known.until is None or (row.updated_time or 0) <= known.until:
            yield row


def _is_news(row: Order, before: Mapping[int, Order], known: Delivered) -> bool:
    """Whether a row may tell more than was delivered."""
    order_id, delivered = row.order_id, known.delivered(row.order_id)
    if delivered is None:
        return (row.created_time or 0) >= known.floor or order_id in known.asked
    if known.lacks(order_id, row.filled) or not known.has_begun(order_id):
        return True
    return not _unchanged(row, before.get(order_id), ended=known.has_ended(order_id))


def _undelivered(
    reading: Reading, row: Order, known: Delivered, *, in_bulk: bool
) -> tuple[Any, list[Fill] | None]:
    """Fills of an order with those that were not delivered among them, and the total before the first of them.

    Read by time, they are all of them if they add up to what is filled, or else those that nobody has seen, if they add
    up to what is missing; else they are asked for by themselves. None if they do not add up that way either, or if
    there is no room to ask.
    """
    filled, delivered = row.total_executed_quantity or 0, known.delivered(row.order_id)
    missing = known.lacks(row.order_id, filled)
    if in_bulk and missing == filled - (delivered or 0):
        fresh = [
            one for one in reading.fills().get(row.order_id, ()) if not known.has_seen(row.order_id, one.id)
        ]
        fills = _that_make(fresh, missing)
        if fills is not None:
            return delivered or 0, fills
    fills = reading.fills_of(row.order_id)
    if fills is None or total_of(fills) < filled:
        return 0, None
    return 0, fills


def _that_make(fills: Iterable[Fill], amount: Any) -> list[Fill] | None:
    """The oldest of these fills that add up to an amount; None if no so many do."""
    taken: list[Fill] = []
    for fill, total in running(fills):
        if is_over(total, amount):
            break
        taken.append(fill)
    return taken if is_same(total_of(taken), amount) else None


def _unchanged(row: Order, held: Order | None, *, ended: bool) -> bool:
    if held is None or row.is_final:
        return ended
    return (row.price, row.quantity) == (held.price, held.quantity)


def reports_of(
    row: Order,
    fills: Iterable[Fill],
    held: Order | None,
    *,
    delivered: Any = None,
    floor: int = 0,
    begun: bool = True,
    before: Any = 0,
) -> list[ExecutionReport]:
    """The reports that lead from what was delivered to what REST says, oldest first.

    Args:
        row: The order as REST shows it.
        fills: All its fills, in any order, or all that came after ``before`` was filled.
        held: The order as it is known; None if it is not open.
        delivered: How much of it has been reported as filled; None if none of its reports has come.
        floor: Of an order not told of, nothing from before this time in ms is reported.
        begun: Whether its beginning was told of, if anything was.
        before: How much had been filled before these fills.
    """
    base = order_report(row)
    reports: list[ExecutionReport] = []
    if (delivered is None or not begun) and (row.created_time or 0) >= floor:
        reports.append(_at(base, OrderStatus.NEW, row.created_time, total=zero_like(row)))
    for fill, total in running(fills, before):
        if is_over(total, row.filled):
            break  # newer than the row: whether it was the last, the next look tells
        if not is_over(total, delivered or 0) or (
            delivered is None and (fill.executed_timestamp or 0) < floor
        ):
            continue
        # The venue may have reduced the size: then the last fill fills less than was ordered.
        ends = row.status == OrderStatus.FILLED and is_same(total, row.filled)
        done = ends or (row.quantity is not None and total >= row.quantity)
        status = OrderStatus.FILLED if done else OrderStatus.PARTIAL_FILLED
        report = _at(base, status, fill.executed_timestamp, total=total)
        reports.append(changed(report, **of_fill(fill)))
    total = row.total_executed_quantity
    if row.is_final and (not reports or reports[-1].status != row.status):
        reports.append(_at(base, row.status or OrderStatus(""), row.updated_time, total=total))
    elif held is not None and not row.is_final and (held.price, held.quantity) != (row.price, row.quantity):
        reports.append(_at(base, OrderStatus.REPLACED, row.updated_time, total=total))
    return reports


def _at(base: ExecutionReport, status: OrderStatus, when: int | None, *, total: Any) -> ExecutionReport:
    frame = Frame(ORDER_TOPIC, when, "rest", recovered=True)
    report = changed(base, frame=frame, status=status, timestamp=when, total_executed_quantity=total)
    frame.events = (report,)
    return report
