"""What a gap has hidden, rebuilt from what REST says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import NotFound
from orderly_sync.models.base import PageMeta
from orderly_sync.reports.delivered import OVERLAP_MS, Delivered
from orderly_sync.reports.from_rest import algo_tree
from orderly_sync.reports.reading import Reading
from orderly_sync.reports.rebuild import missed_orders, reports_of
from orderly_sync.reports.rebuild_algos import missed_algos
from tests.support.reports import algo_row, fill, row


class Pages:
    """A page that gives its rows."""

    def __init__(self, rows: Iterable[Any], total: int | None = None) -> None:
        self.rows = list(rows)
        self.meta = PageMeta(total=len(self.rows) if total is None else total)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def each(self) -> Iterable[Any]:
        return iter(self.rows)


class FakeOrders:
    """Orders as REST would tell of them; counts the questions."""

    def __init__(
        self, rows: Iterable[Any] = (), fills: Iterable[Any] = (), trees: Iterable[Any] = ()
    ) -> None:
        self.rows = {one.order_id: one for one in rows}
        self.trades = list(fills)
        self.trees = {one.algo_order_id: one for one in trees}
        self.algo_fills: dict[int, list[Any]] = {}
        self.asked: list[Any] = []
        self.most_fills: int | None = None  # of one window that are ever shown, on whatever page
        self.counts_all = False  # in the total, those too that are never shown

    def list(self, *, size: int, sort_by: str | None = None, status: str | None = None) -> Pages:
        self.asked.append(sort_by or status)
        rows = sorted(self.rows.values(), key=lambda one: -(one.updated_time or 0))
        return Pages(one for one in rows if sort_by or not one.is_final)

    def get(self, order_id: int) -> Any:
        self.asked.append(order_id)
        if order_id not in self.rows:
            raise NotFound(-1006, "no such order")
        return self.rows[order_id]

    def fills(self, *, size: int, start: int | None = None, end: int | None = None, page: int = 1) -> Pages:
        """The newest so many of a window, as the venue gives them."""
        self.asked.append(("fills", start, end))
        whole = [
            one
            for one in self.trades
            if (start or 0) <= one.executed_timestamp <= (end if end is not None else 1 << 60)
        ]
        newest = sorted(whole, key=lambda one: (-one.executed_timestamp, -one.id))[: self.most_fills]
        return Pages(newest[(page - 1) * size : page * size], len(whole if self.counts_all else newest))

    def fills_of(self, order_id: int) -> list[Any]:
        self.asked.append(("fills", order_id))
        return [one for one in self.trades if one.order_id == order_id]

    def list_algo(self, *, size: int, status: str | None = None, start: int | None = None) -> Pages:
        open_ones = [one for one in self.trees.values() if not one.root_algo_status.is_final]
        late = [one for one in self.trees.values() if (one.created_time or 0) >= (start or 0)]
        return Pages(open_ones if status else late)

    def get_algo(self, order_id: int) -> Any:
        for tree in self.trees.values():
            for one in tree.nodes():
                if one.algo_order_id == order_id:
                    return one
        raise NotFound(-1006, "no such algo order")

    def algo_fills_of(self, order_id: int) -> list[Any]:
        return self.algo_fills.get(order_id, [])


def reading(fake: FakeOrders, known: dict[str, Any]) -> Reading:
    return Reading(fake, Delivered(since=known["since"]).start)  # type: ignore[arg-type]


def orders(fake: FakeOrders, before: Iterable[Any] = (), **known: Any) -> list[Any]:
    known.setdefault("since", OVERLAP_MS)
    held = {one.order_id: one for one in before}
    known.setdefault("delivered", lambda key: held[key].filled if key in held else None)
    return [
        one for reports in missed_orders(reading(fake, known), held, Delivered(**known)) for one in reports
    ]  # type: ignore[arg-type]


def said(reports: Iterable[Any]) -> list[tuple[str, str, int]]:
    return [(str(one.status), str(one.filled), one.trade_id or 0) for one in reports]


def test_nothing_missed_is_nothing_told():
    """An order that stands as before brings no report, and its fills are not asked for."""
    fake = FakeOrders([row(total="0.2", status="PARTIAL_FILLED")])
    assert orders(fake, [row(total="0.2", status="PARTIAL_FILLED")]) == []
    assert ("fills", 1) not in fake.asked


def test_missed_fills_come_with_a_running_total():
    """Each fill not told yet is a report: its size, its price, its id, the total after it; marked as recovered."""
    fake = FakeOrders(
        [row(total="1", status="FILLED")], [fill(8, "0.5", 300), fill(7, "0.2", 200), fill(6, "0.3", 100)]
    )
    reports = orders(fake, [row(total="0.3", status="PARTIAL_FILLED")])
    assert said(reports) == [("PARTIAL_FILLED", "0.5", 7), ("FILLED", "1.0", 8)]
    assert all(one.recovered and one.origin == "rest" and one.topic == "executionreport" for one in reports)
    assert [one.executed_quantity for one in reports] == [Decimal("0.2"), Decimal("0.5")]
    assert reports[0].reports if hasattr(reports[0], "reports") else True


def test_a_cancel_while_away_is_told_after_its_fills():
    """The end comes last."""
    fake = FakeOrders([row(total="0.4", status="CANCELLED")], [fill(7, "0.4")])
    assert said(orders(fake, [row()])) == [("PARTIAL_FILLED", "0.4", 7), ("CANCELLED", "0.4", 0)]


def test_an_order_created_while_away_is_told_from_its_beginning():
    """NEW first, at its own time, then its fills."""
    fake = FakeOrders([row(total="1", status="FILLED", created_time=120)], [fill(7, "1", 150)])
    reports = orders(fake)
    assert said(reports) == [("NEW", "0", 0), ("FILLED", "1", 7)]
    assert [one.timestamp for one in reports] == [120, 150]


def test_an_edit_while_away_is_told_as_replaced():
    """Price or quantity differ from what was held."""
    fake = FakeOrders([row(price="2990")])
    assert said(orders(fake, [row()])) == [("REPLACED", "0", 0)]


def test_what_was_over_before_the_client_came_is_not_told():
    """Unless its reports wait: then only what happened since."""
    old = row(total="1", status="FILLED", created_time=10)
    fake = FakeOrders([old], [fill(6, "0.4", 40), fill(7, "0.6", 60)])
    assert orders(fake, floor=50) == []
    assert said(orders(fake, floor=50, asked={1})) == [("FILLED", "1.0", 7)]


def test_an_end_already_told_is_not_told_again():
    """Neither is a fill."""
    fake = FakeOrders([row(total="1", status="FILLED")], [fill(7, "1")])
    assert orders(fake, delivered=lambda _: Decimal(1), has_ended=lambda _: True) == []
    assert said(orders(fake, delivered=lambda _: Decimal(1))) == [("FILLED", "1", 0)]


def test_without_a_gap_only_the_doubtful_are_asked_for():
    """A hole in one order costs two requests."""
    fake = FakeOrders([row(1, total="1", status="FILLED"), row(2)], [fill(7, "1")])
    assert said(orders(fake, [row(1), row(2)], since=None, asked=[1])) == [("FILLED", "1", 7)]
    assert fake.asked == [1, ("fills", 1)]


def test_an_order_the_venue_no_longer_knows_is_left_alone():
    """Nothing is invented."""
    assert orders(FakeOrders(), [row(5)]) == []


def test_fills_that_cannot_be_read_yet_leave_the_order_for_later():
    """Reads lag: an order whose fills do not add up is told of by a later look, not told wrong."""
    fake = FakeOrders([row(total="1", status="FILLED")], [fill(7, "0.6")])
    assert orders(fake, [row()]) == []


def test_rows_long_unchanged_are_not_read():
    """Reading back stops an overlap before the gap."""
    fake = FakeOrders([row(1, total="1", status="FILLED", updated_time=10)], [fill(7, "1")])
    assert orders(fake, since=OVERLAP_MS + 100) == []


def test_floats_add_up_as_the_wire_says():
    """With numbers=float 0.1 + 0.2 is 0.3, and nothing breaks."""
    base = row(status="FILLED")
    kind = type(base)
    filled = kind(
        order_id=1,
        symbol=base.symbol,
        status=base.status,
        quantity=0.3,
        total_executed_quantity=0.3,
        created_time=1,
    )
    one, two = fill(1, "1"), fill(2, "1", 160)
    fills = [
        type(one)(id=f.id, order_id=1, executed_quantity=q, executed_timestamp=f.executed_timestamp)
        for f, q in ((one, 0.1), (two, 0.2))
    ]
    reports = reports_of(filled, fills, None)
    assert [one.filled for one in reports] == [0, 0.1, 0.3]
    assert str(reports[-1].status) == "FILLED"


@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=6), already=st.integers(0, 6), ended=st.booleans()
)
def test_running_totals_are_right_and_nothing_is_invented(sizes: list[int], already: int, ended: bool):
    """Whatever was told before: the rest is told once, without a hole, and ends where REST says."""
    whole = sum(sizes)
    before = sum(sizes[:already])
    status = "FILLED" if ended else "PARTIAL_FILLED"
    now = row(total=str(whole), status=status, quantity=str(whole if ended else whole + 5))
    fills = [fill(i, str(size), 100 + i) for i, size in enumerate(sizes, 1)]
    reports = reports_of(now, reversed(fills), row(quantity=str(now.quantity)), delivered=Decimal(before))
    at = before
    for one in reports:
        if one.is_fill:
            at += int(one.executed_quantity or 0)
            assert one.filled == at
    assert at == whole
    assert [one.trade_id for one in reports if one.is_fill] == list(range(1, len(sizes) + 1))[already:]


def algos(fake: FakeOrders, before: Iterable[Any] = (), **known: Any) -> list[Any]:
    known.setdefault("since", OVERLAP_MS)
    held = {one.algo_order_id: algo_tree(one) for one in before}
    told = {node.algo_order_id: node.filled for tree in held.values() for node in tree.nodes}
    known.setdefault("delivered", told.get)
    return [one for nodes in missed_algos(reading(fake, known), held, Delivered(**known)) for one in nodes]  # type: ignore[arg-type]


def nodes_said(reports: Iterable[Any]) -> list[tuple[int, str, str, int]]:
    return [(one.algo_order_id, str(one.algo_status), str(one.filled), one.trade_id or 0) for one in reports]


def test_an_algo_order_that_fired_and_filled_while_away_tells_its_fills():
    """Fills with running totals, the last one with the end; recovered."""
    fake = FakeOrders(trees=[algo_row(10, "FILLED", "1", is_triggered=True)])
    fake.algo_fills[10] = [fill(8, "0.7", 170), fill(7, "0.3", 160)]
    reports = algos(fake, [algo_row(10)])
    assert nodes_said(reports) == [(10, "PARTIAL_FILLED", "0.3", 7), (10, "FILLED", "1.0", 8)]
    assert all(one.recovered and one.origin == "rest" for one in reports)


def test_an_algo_order_that_did_not_move_is_not_told():
    """Nothing missed, nothing told."""
    assert algos(FakeOrders(trees=[algo_row(10)]), [algo_row(10)]) == []


def test_a_cancelled_rest_is_told_after_its_fills():
    """A partial fill, then the end."""
    fake = FakeOrders(trees=[algo_row(10, "CANCELLED", "0.3")])
    fake.algo_fills[10] = [fill(7, "0.3", 160)]
    assert nodes_said(algos(fake, [algo_row(10)])) == [
        (10, "PARTIAL_FILLED", "0.3", 7),
        (10, "CANCELLED", "0.3", 0),
    ]


def bracket(status: str, entry: str, leg: str, other: str) -> Any:
    legs = (
        algo_row(12, leg, "1" if leg == "FILLED" else "0", "TAKE_PROFIT", root=10),
        algo_row(13, other, "0", "STOP_LOSS", root=10),
    )
    middle = algo_row(11, leg, "1" if leg == "FILLED" else "0", "TP_SL", root=10, child_orders=legs)
    return algo_row(
        10, entry, "1" if entry == "FILLED" else "0", "BRACKET", root_status=status, child_orders=(middle,)
    )


def test_of_a_tree_each_node_tells_its_own_fills():
    """The root's list holds the whole tree's fills; the container's mirrored total brings none."""
    fake = FakeOrders(trees=[bracket("FILLED", "FILLED", "FILLED", "CANCELLED")])
    fake.algo_fills = {10: [fill(7, "1", 150), fill(8, "1", 160)], 12: [fill(8, "1", 160)]}
    reports = algos(fake, [bracket("NEW", "NEW", "NEW", "NEW")])
    fills = [(one.algo_order_id, one.trade_id) for one in reports if one.is_fill]
    assert fills == [(10, 7), (12, 8)]
    assert {one.algo_order_id for one in reports} == {10, 11, 12, 13}
    assert all(one.root is not None and one.root.algo_order_id == 10 for one in reports)


def test_a_tree_created_and_done_while_away_is_told():
    """It is not open any more; its creation finds it."""
    fake = FakeOrders(trees=[algo_row(10, "CANCELLED", created_time=120)])
    assert nodes_said(algos(fake)) == [(10, "CANCELLED", "0", 0)]


def test_a_tree_from_before_the_client_is_not_told():
    """It was over when the client came."""
    assert (
        algos(FakeOrders(trees=[algo_row(10, "CANCELLED", created_time=20)]), floor=50, since=OVERLAP_MS + 10)
        == []
    )


def test_an_algo_end_already_told_is_not_told_again():
    """An ended node stays ended."""
    fake = FakeOrders(trees=[algo_row(10, "CANCELLED")])
    assert algos(fake, delivered=lambda _: Decimal(0), has_ended=lambda _: True) == []


def test_algo_fills_that_cannot_be_read_yet_leave_the_tree_for_later():
    """Nothing of it is told wrong."""
    assert algos(FakeOrders(trees=[algo_row(10, "FILLED", "1")]), [algo_row(10)]) == []


def test_a_doubtful_node_has_its_whole_tree_read():
    """A node is asked for by its own id; what can be told is its tree."""
    fake = FakeOrders(trees=[bracket("FILLED", "FILLED", "FILLED", "CANCELLED")])
    fake.algo_fills = {10: [fill(7, "1", 150)], 12: [fill(8, "1", 160)]}
    reports = algos(fake, since=None, asked=[12], delivered=lambda _: Decimal(0))
    assert [(one.algo_order_id, one.trade_id) for one in reports if one.is_fill] == [(10, 7), (12, 8)]
    assert algos(FakeOrders(), since=None, asked=[99]) == []


@pytest.mark.parametrize("moved", [{"is_triggered": True}, {"trigger_price": "3100"}, {"quantity": "2"}])
def test_a_node_that_moved_without_a_fill_is_told(moved: dict[str, Any]):
    """A trigger, an edit: the node as REST shows it."""
    fake = FakeOrders(trees=[algo_row(10, **moved)])
    assert nodes_said(algos(fake, [algo_row(10)])) == [(10, "NEW", "0", 0)]


def test_a_leg_that_fills_while_it_is_read_is_not_the_entrys():
    """The tree was read before the fill, its fills after: what is not the root's is left for a later look."""
    fake = FakeOrders(trees=[bracket("PARTIAL_FILLED", "FILLED", "NEW", "NEW")])
    fake.algo_fills = {10: [fill(7, "1", 150), fill(8, "1", 160)], 12: [fill(8, "1", 160)]}
    reports = algos(fake, [bracket("NEW", "NEW", "NEW", "NEW")])
    assert [(one.algo_order_id, one.trade_id) for one in reports if one.is_fill] == [(10, 7)]
