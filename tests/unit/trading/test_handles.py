"""A placed order that keeps itself up to date, fed by hand."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync import Disconnected, Limit, NotFound, OrderEnded, Stop, UsageError
from orderly_sync.trading.algo_handle import AlgoHandle
from orderly_sync.trading.handles import OrderHandle
from orderly_sync.waiting import WaitQueue
from tests.support.recording import Recording
from tests.support.reports import fill_report, node, report

WAIT = 20.0
ROW = {
    "order_id": 1, "symbol": "PERP_ETH_USDC", "side": "BUY", "type": "LIMIT", "status": "FILLED",
    "price": 3000, "quantity": 1, "total_executed_quantity": 1, "updated_time": 9,
}  # fmt: skip


class Setup:
    """A handle, what it sends, and what blocking calls must raise."""

    def __init__(self) -> None:
        self.recording = Recording()
        self.trouble: BaseException | None = None
        request = Limit.buy("ETH", quantity=1, price=3000, client_order_id="mine")
        self.handle = OrderHandle(request, self.recording.orders, lambda: self.trouble)


@pytest.fixture
def made() -> Setup:
    return Setup()


def test_before_the_first_report_nothing_is_known(made: Setup):
    """Its ids are the request's; there is no status, no fill, no price."""
    handle = made.handle
    assert (handle.client_order_id, handle.symbol, handle.order_id) == ("mine", "PERP_ETH_USDC", None)
    assert (handle.status, handle.last, handle.filled, handle.average_price, handle.fee) == (
        None,
        None,
        0,
        None,
        0,
    )
    assert not handle.is_done
    for act in (handle.cancel, lambda: handle.edit(price=1)):
        with pytest.raises(UsageError, match="not confirmed"):
            act()


def test_reports_move_it(made: Setup):
    """Status, filled quantity, mean price and fees are the newest report's."""
    handle = made.handle
    handle.apply(report(client_order_id="mine"))
    assert (handle.order_id, str(handle.status)) == (1, "NEW")
    handle.apply(fill_report("0.4", "0.4", 7, average_executed_price=Decimal(2999), total_fee=Decimal("0.1")))
    assert (handle.filled, handle.average_price, handle.fee) == (Decimal("0.4"), 2999, Decimal("0.1"))
    handle.apply(report("REPLACED", "0.4"))
    assert str(handle.status) == "PARTIAL_FILLED"
    handle.apply(report("CANCELLED", "0.4"))
    assert handle.is_done
    assert len(handle.reports) == 4
    assert repr(handle) == "OrderHandle(LIMIT BUY PERP_ETH_USDC 1 CANCELLED filled=0.4)"


def test_an_edit_before_any_fill_leaves_it_new(made: Setup):
    """REPLACED is no status of its own."""
    made.handle.apply(report("REPLACED"))
    assert str(made.handle.status) == "NEW"


def test_waiting_ends_with_the_report_that_says_so(made: Setup):
    """A waiter in another thread gets the final report."""
    got: list[Any] = []
    thread = threading.Thread(target=lambda: got.append(made.handle.wait("filled", WAIT)))
    thread.start()
    made.handle.apply(report())
    made.handle.apply(fill_report("1", "1", 7, "FILLED"))
    thread.join(WAIT)
    assert got[0].trade_id == 7
    assert made.handle.wait("done", 0) is got[0]


def test_an_order_that_ended_otherwise_says_how(made: Setup):
    """OrderEnded carries the last report and its reason."""
    made.handle.apply(report("CANCELLED", reason="POST_ONLY would trade"))
    with pytest.raises(
        OrderEnded, match="ended CANCELLED before it was filled: POST_ONLY would trade"
    ) as caught:
        made.handle.wait("filled", WAIT)
    assert caught.value.report is made.handle.last
    assert made.handle.wait("done", WAIT) is made.handle.last


def test_an_ordinary_order_does_not_trigger(made: Setup):
    """A goal that cannot be reached is refused at once."""
    with pytest.raises(UsageError, match="only algo orders trigger"):
        made.handle.wait("triggered", WAIT)
    with pytest.raises(UsageError, match="wait for 'filled' or 'done'"):
        made.handle.wait("sold", WAIT)  # type: ignore[arg-type]


def test_rest_is_asked_before_a_wait_gives_up(made: Setup):
    """With no report at all, the venue's own word ends the wait; its origin is rest."""
    made.recording.answers["GET /v1/client/order/{client_order_id}"] = ROW
    final = made.handle.wait("filled", 0)
    assert (final.origin, final.filled, str(final.status)) == ("rest", 1, "FILLED")
    assert made.handle.order_id == 1
    made.recording.answers["GET /v1/order/{order_id}"] = ROW
    made.handle.refresh()
    assert len(made.handle.reports) == 1


def test_a_wait_that_rest_cannot_end_times_out(made: Setup):
    """Still open, unknown to the venue, or the venue cannot be asked: TimeoutError says which."""
    path = "GET /v1/client/order/{client_order_id}"
    made.recording.answers[path] = {**ROW, "status": "NEW", "total_executed_quantity": 0}
    with pytest.raises(TimeoutError, match="the venue says so too"):
        made.handle.wait("done", 0)
    made.recording.answers["GET /v1/order/{order_id}"] = (400, -1006)
    with pytest.raises(TimeoutError, match="the venue says so too"):
        made.handle.wait("done", 0)
    made.recording.answers["GET /v1/order/{order_id}"] = (401, -1001)
    with pytest.raises(TimeoutError, match="cannot be asked"):
        made.handle.wait("done", 0)


def test_trouble_ends_a_wait(made: Setup):
    """A stream that was stopped raises instead of letting its user wait."""
    made.trouble = Disconnected("it was stopped", final=True)
    with pytest.raises(Disconnected):
        made.handle.wait("done", WAIT)


def test_the_venues_answer_names_it(made: Setup):
    """placed() brings the id and the status NEW, no report; a report alone brings the id too."""
    made.handle.placed(5)
    assert (made.handle.order_id, str(made.handle.status), made.handle.reports) == (5, "NEW", ())
    made.handle.cancel()
    verb, path = made.recording.line.split("?")
    assert verb == "DELETE /v1/order"
    assert set(path.split("&")) == {"order_id=5", "symbol=PERP_ETH_USDC"}
    made.handle.apply(report("REJECTED", order_id=5))
    assert str(made.handle.status) == "REJECTED"


def test_cancel_can_wait_for_the_end(made: Setup):
    """With a number of seconds, or True, it returns the report that ended the order, a fill as well."""
    for end in (report("CANCELLED"), fill_report("1", "1", 7, "FILLED")):
        one = Setup().handle
        one.placed(1)
        one.apply(end)
        assert one.cancel(wait=0.001) is end
        assert one.cancel(wait=True) is end
        assert one.cancel() is one.cancel(wait=False) is one.cancel(wait=None) is None
    made.handle.placed(1)
    made.recording.answers["GET /v1/order/{order_id}"] = {
        **ROW,
        "status": "NEW",
        "total_executed_quantity": 0,
    }
    with pytest.raises(TimeoutError):
        made.handle.cancel(wait=0.001)
    assert [one.method for one in made.recording.requests] == ["DELETE", "GET"]


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf"), "1", [1]])
def test_a_wait_that_is_no_time_is_refused_before_anything_is_sent(made: Setup, bad: Any):
    """Nothing is cancelled by mistake of an argument."""
    made.handle.placed(1)
    with pytest.raises(UsageError, match="wait="):
        made.handle.cancel(wait=bad)
    assert made.recording.requests == []


@pytest.mark.parametrize(
    "other",
    [
        {"symbol": "PERP_BTC_USDC"},
        {"side": "SELL"},
        {"type": "IOC"},
        {"price": 2999},
        {"quantity": 2},
        {"price": None},
    ],
)
def test_a_row_found_by_name_that_is_another_order_is_not_taken(made: Setup, other: dict[str, Any]):
    """A client order id that is used again names two orders; only the one that was placed counts."""
    made.recording.answers["GET /v1/client/order/{client_order_id}"] = {**ROW, **other}
    with pytest.raises(NotFound, match="another order"):
        made.handle.refresh()
    with pytest.raises(TimeoutError):
        made.handle.wait("done", 0)
    assert (made.handle.order_id, made.handle.reports) == (None, ())


def test_an_edit_repeats_what_stays(made: Setup):
    """The venue wants all terms; the newest report's count."""
    made.handle.placed(1)
    made.handle.edit(price="2990.5")
    sent = made.recording.body
    assert (sent["order_price"], sent["order_quantity"], sent["order_id"]) == (Decimal("2990.5"), 1, 1)
    made.handle.apply(report("REPLACED", price="2980", quantity="2"))
    made.handle.edit(quantity=3)
    sent = made.recording.body
    assert (sent["order_price"], sent["order_quantity"]) == (2980, 3)
    assert (sent["order_type"], sent["side"], sent["client_order_id"]) == ("LIMIT", "BUY", "mine")


@pytest.mark.parametrize("term", ["price", "quantity"])
@pytest.mark.parametrize("bad", ["1e3", -1, float("nan"), True, "three", [1]])
def test_a_number_of_an_edit_that_cannot_be_right_is_refused_by_its_keyword(made: Setup, term: str, bad: Any):
    """By the name under which it was given, not the wire's; nothing is sent."""
    made.handle.apply(report())
    with pytest.raises(UsageError, match=f"^{term}\\b"):
        made.handle.edit(**{term: bad})
    assert made.recording.requests == []


class CountedWaits(WaitQueue):
    """Counts how often waiters are woken."""

    __slots__ = ("wakes",)

    def __init__(self) -> None:
        super().__init__()
        self.wakes = 0

    def wake_all(self) -> None:
        self.wakes += 1
        super().wake_all()


def work_of(count: int, monkeypatch: pytest.MonkeyPatch, handle: Any, reports: list[Any]) -> tuple[int, int]:
    """How many reports were added up, and how often waiters were woken, for so many reports and four that wait."""
    added: list[object] = []
    add = type(handle)._added
    monkeypatch.setattr(
        type(handle), "_added", lambda self, tally, one: (added.append(None), add(self, tally, one))[1]
    )
    handle._changed = waits = CountedWaits()
    ends: list[Any] = []
    threads = [threading.Thread(target=lambda: ends.append(handle.wait("filled", WAIT))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for one in reports:
        handle.apply(one)
        assert handle.filled == one.filled  # somebody looks after each
    for thread in threads:
        thread.join(WAIT)
    assert ends == [reports[-1]] * 4
    assert len(handle.reports) == count
    monkeypatch.undo()
    return len(added), waits.wakes


@pytest.mark.parametrize("kind", ["order", "algo"])
def test_waiting_costs_the_same_for_each_report(kind: str, monkeypatch: pytest.MonkeyPatch):
    """Whatever came before it and whoever waits: each is added up by one thread, a few at once by more; fills wake nobody."""
    work = []
    for count in (500, 4_000):
        steps = [(Decimal(number) / count, number == count) for number in range(1, count + 1)]
        handle: Any
        if kind == "order":
            handle = Setup().handle
            fills = [
                fill_report(str(total), str(Decimal(1) / count), 7, "FILLED" if last else "PARTIAL_FILLED")
                for total, last in steps
            ]
        else:
            request = Stop.sell("ETH", quantity="1", trigger="3000", client_order_id="mine")
            handle = AlgoHandle(request, Recording().orders, lambda: None)
            fills = [
                node(
                    10,
                    "FILLED" if last else "PARTIAL_FILLED",
                    total=str(total),
                    trade_id=7,
                    executed_quantity="1",
                )
                for total, last in steps
            ]
        work.append(work_of(count, monkeypatch, handle, fills))
    (few, few_wakes), (many, many_wakes) = work
    assert few <= 5 * 500
    assert many <= 5 * 4_000
    assert max(few_wakes, many_wakes) <= 5


def told(handle: OrderHandle) -> tuple[Any, ...]:
    return handle.status, handle.filled, handle.is_done, len(handle.reports)


@pytest.mark.parametrize(
    "late",
    [
        [report("NEW")],
        [report("NEW"), fill_report("0.4", "0.4", 1), fill_report("1", "0.6", 2, "FILLED")],
        [report("REPLACED", "0.4"), report("PARTIAL_FILLED", "0.4")],
        [report("FILLED", "1", timestamp=77)],
    ],
)
def test_a_state_never_goes_back(made: Setup, late: list[Any]):
    """REST has told that it is filled; what the stream tells late adds fills, and no state twice."""
    handle = made.handle
    made.recording.answers["GET /v1/order/{order_id}"] = ROW
    handle.placed(1)
    handle.refresh()
    states = []
    for one in late:
        handle.apply(one)
        states.append(told(handle)[:3])
    assert states == [("FILLED", 1, True)] * len(late)
    assert len(handle.reports) == 1 + sum(one.is_fill for one in late)


def test_a_fill_after_the_cancel_counts_and_opens_nothing(made: Setup):
    """It is CANCELLED still; its quantity, mean price and fee are the furthest report's."""
    handle = made.handle
    for one in (
        report(), fill_report("0.2", "0.2", 1, average_executed_price=Decimal(10)),
        report("CANCELLED", "0.2"), fill_report("0.5", "0.3", 2, average_executed_price=Decimal(11), total_fee=Decimal(3)),
        fill_report("0.2", "0.2", 1, average_executed_price=Decimal(10), total_fee=Decimal(1)),
    ):  # fmt: skip
        handle.apply(one)
    assert told(handle)[:3] == ("CANCELLED", Decimal("0.5"), True)
    assert (handle.average_price, handle.fee) == (11, 3)
    assert handle.wait("done", 1).status == "CANCELLED"


def test_an_edit_that_is_overtaken_does_not_bring_the_old_order_back(made: Setup):
    """NEW behind REPLACED is dropped; a further REPLACED counts."""
    handle = made.handle
    for one in (report("REPLACED", price="3100"), report("NEW"), report("REPLACED", price="3200")):
        handle.apply(one)
    assert [str(one.price) for one in handle.reports] == ["3100", "3200"]
    assert handle.status == "NEW"


def test_an_edit_of_nothing_is_refused(made: Setup):
    """Nothing is sent, though the venue would take it and say REPLACED."""
    handle = made.handle
    handle.placed(1)
    with pytest.raises(UsageError, match="nothing to change: write price=, quantity= or both"):
        handle.edit()
    assert made.recording.requests == []


def test_tab_shows_what_users_call(made: Setup):
    """Nothing of what feeds it."""
    shown = set(dir(made.handle))
    assert {"cancel", "edit", "filled", "refresh", "reports", "status", "wait", "df"} <= shown
    assert shown.isdisjoint({"apply", "owner", "placed", "take_row"})
