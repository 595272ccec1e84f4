"""The client and the paper venue over loopback: the four verbs, live state, and what a lost connection leaves behind."""

from __future__ import annotations

import gc
import subprocess
import sys
import textwrap
import threading
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync import (
    Bracket,
    Disconnected,
    Fok,
    InvalidOrder,
    Ioc,
    Limit,
    Market,
    NotFound,
    OrderEnded,
    Orderly,
    PositionalTpSl,
    PostOnly,
    Resynced,
    Stop,
    TpSl,
    TrailingStop,
    UsageError,
    connect,
    topics,
)
from tests.support.paper import eventually

ETH = "PERP_ETH_USDC"
WAIT = 5.0


def mark(ex: Orderly) -> Decimal:
    price = ex.rest.market.futures_info(ETH).mark_price
    assert price is not None
    return price.quantize(Decimal(1))


def test_a_market_order_fills_and_the_position_is_there(ex: Orderly):
    """place() gives a handle whose wait tells of the fill; the position follows."""
    order = ex.place(Market.buy(ETH, quantity="0.5"))
    final = order.wait("filled", WAIT)
    assert final.total_executed_quantity == Decimal("0.5")
    assert order.is_done
    assert eventually(lambda: ex.positions.get(ETH)).quantity == Decimal("0.5")
    assert ETH in repr(ex.positions)


def test_a_limit_order_rests_is_edited_and_cancelled(ex: Orderly):
    """NEW, REPLACED, CANCELLED reach the handle, and live orders follow."""
    order = ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50))
    eventually(lambda: order.last)
    assert ex.orders[order.order_id or 0].price == mark(ex) - 50
    order.edit(price=mark(ex) - 60)
    eventually(lambda: ex.orders[order.order_id or 0].price == mark(ex) - 60)
    assert order.status == "NEW"
    order.cancel()
    assert order.wait("done", WAIT).status == "CANCELLED"
    assert order.order_id not in ex.orders
    assert [str(report.status) for report in order.reports] == ["NEW", "REPLACED", "CANCELLED"]
    with pytest.raises(NotFound):
        order.cancel()


def test_ioc_fok_and_post_only_behave(ex: Orderly):
    """Each time in force ends as the venue's rules say."""
    price = mark(ex)
    with pytest.raises(OrderEnded, match="CANCELLED"):
        ex.place(Ioc.buy(ETH, quantity="0.1", price=price - 50)).wait("filled", WAIT)
    assert ex.place(Fok.buy(ETH, quantity="0.1", price=price + 20)).wait("filled", WAIT).status == "FILLED"
    assert (
        ex.place(PostOnly.buy(ETH, quantity="0.1", price=price + 20)).wait("done", WAIT).status == "CANCELLED"
    )
    adjusted = ex.place(PostOnly.buy(ETH, quantity="0.1", price=price + 20, adjust=True))
    assert eventually(lambda: adjusted.last).status == "NEW"


def test_a_wrong_tick_is_refused_before_sending_with_the_nearest_price(ex: Orderly):
    """Nothing is sent; the message and the error name what would be valid."""
    with pytest.raises(InvalidOrder, match="nearest valid value is") as caught:
        ex.place(Limit.buy(ETH, quantity="0.1", price="3300.123456"))
    assert caught.value.status is None
    assert caught.value.nearest is not None
    with pytest.raises(InvalidOrder, match="step"):
        ex.place(Limit.buy(ETH, quantity="0.10000001", price=3300))
    with pytest.raises(InvalidOrder, match="notional"):
        ex.place(Limit.buy(ETH, quantity="0.001", price=3300))
    assert not ex.orders


@pytest.mark.parametrize(
    "bad", ["nan", "inf", "-1", "1e3", "", "abc", True, None, float("nan"), float("inf"), -2]
)
def test_bad_numbers_are_refused_before_sending(ex: Orderly, bad: Any):
    """NaN, infinities, negatives, exponents, truth values: a UsageError names the argument."""
    with pytest.raises(UsageError):
        Limit.buy(ETH, quantity=bad, price=3300)


@pytest.mark.parametrize("bad", [{"side": "HOLD"}, {"symbol": "what is this"}, {"client_order_id": "-x"}])
def test_bad_terms_are_refused_before_sending(bad: dict[str, Any]):
    """Unknown sides, symbols and malformed ids never leave the process."""
    with pytest.raises(UsageError):
        Limit(**{"symbol": ETH, "side": "BUY", "quantity": 1, "price": 3300, **bad})


def test_a_stop_triggers_and_fills(ex: Orderly):
    """The handle tells triggered from filled."""
    ex.place(Market.buy(ETH, quantity=1)).wait("filled", WAIT)
    start = mark(ex)
    stop = ex.place(Stop.sell(ETH, quantity="0.5", trigger=start - 10))
    assert eventually(lambda: ex.algo_orders.get(stop.order_id or 0)).status == "NEW"
    ex.paper.set_mark_price(ETH, start - 10)
    assert stop.wait("triggered", WAIT).is_triggered
    assert stop.wait("filled", WAIT).algo_status == "FILLED"
    assert stop.filled == Decimal("0.5")
    assert stop.order_id not in ex.algo_orders


def test_the_leg_that_fires_cancels_its_sibling(ex: Orderly):
    """TP_SL and POSITIONAL_TP_SL: one leg FILLED, the other CANCELLED."""
    ex.place(Market.buy(ETH, quantity=1)).wait("filled", WAIT)
    start = mark(ex)
    legs = ex.place(TpSl.sell(ETH, quantity="0.5", take_profit=start + 10, stop_loss=start - 10))
    whole = ex.place(PositionalTpSl.sell(ETH, take_profit=start + 20, stop_loss=start - 20))
    ex.paper.set_mark_price(ETH, start + 10)
    legs.wait("done", WAIT)
    assert legs.tree is not None
    assert sorted(str(leg.algo_status) for leg in legs.tree.legs) == ["CANCELLED", "FILLED"]
    ex.paper.set_mark_price(ETH, start + 20)
    whole.wait("done", WAIT)
    eventually(lambda: ETH not in ex.positions or ex.positions[ETH].quantity == 0)


def test_a_brackets_legs_arm_and_its_edit_moves_a_leg(ex: Orderly):
    """The entry fills at once; an edited leg reports REPLACED and fires at its new trigger."""
    start = mark(ex)
    bracket = ex.place(Bracket.buy(ETH, quantity="0.4", take_profit=start + 30, stop_loss=start - 30))
    eventually(lambda: bracket.filled == Decimal("0.4"))
    bracket.edit(take_profit=start + 10)
    eventually(lambda: any(str(one.algo_status) == "REPLACED" for one in bracket.reports))
    ex.paper.set_mark_price(ETH, start + 10)
    assert bracket.wait("triggered", WAIT).algo_type == "TAKE_PROFIT"
    bracket.wait("done", WAIT)


def test_a_trailing_stop_follows_and_fires(ex: Orderly):
    """Each new extreme is a REPLACED report; the turn back fires it."""
    ex.place(Market.buy(ETH, quantity=1)).wait("filled", WAIT)
    start = mark(ex)
    trailing = ex.place(TrailingStop.sell(ETH, quantity="0.2", callback_value=10))
    for step in (5, 15, 25):
        ex.paper.set_mark_price(ETH, start + step)
    ex.paper.set_mark_price(ETH, start + 14)
    trailing.wait("filled", WAIT)
    extremes = [report.extreme_price for report in trailing.reports if report.extreme_price]
    assert max(extremes) == start + 25


def test_an_algo_order_is_cancelled_as_a_whole(ex: Orderly):
    """cancel() ends every node of the tree."""
    ex.place(Market.buy(ETH, quantity=1)).wait("filled", WAIT)
    start = mark(ex)
    legs = ex.place(TpSl.sell(ETH, quantity="0.5", take_profit=start + 10, stop_loss=start - 10))
    eventually(lambda: legs.tree)
    legs.cancel()
    legs.wait("done", WAIT)
    assert legs.tree is not None
    assert {str(node.algo_status) for node in legs.tree.nodes} == {"CANCELLED"}


def test_wait_asks_rest_before_it_raises(ex: Orderly):
    """With the reports muted, REST still tells of the fill."""
    ex.paper.faults(mute="executionreport")
    order = ex.place(Market.buy(ETH, quantity="0.1"))
    report = order.wait("filled", timeout=0.3)
    assert report.origin == "rest"


def test_state_is_current_before_a_hook_runs(ex: Orderly):
    """The order a NEW report tells of is in ex.orders when the hook sees the report."""
    seen: list[bool] = []
    done = threading.Event()

    def hook(report: Any) -> None:
        seen.append(report.order_id in ex.orders)
        done.set()

    ex.on(topics.execution_report(), hook)
    ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50))
    assert done.wait(WAIT)
    assert seen == [True]


def test_after_a_gap_missed_fills_are_rebuilt_once_and_in_order(ex: Orderly):
    """A fill during the cut reaches hooks as recovered; state and handle agree; Resynced is announced once."""
    start = mark(ex)
    order = ex.place(Limit.buy(ETH, quantity="0.3", price=start - 20))
    eventually(lambda: order.last)
    stop = ex.place(Stop.buy(ETH, quantity="0.1", trigger=start + 500))
    eventually(lambda: stop.tree)
    reports = ex.stream(topics.execution_report())
    resyncs = ex.stream(Resynced)
    downs = ex.stream(Disconnected)
    ex.paper.drop_connections()
    ex.paper.set_mark_price(ETH, start - 25)
    downs.get(timeout=WAIT)
    resyncs.get(timeout=WAIT)
    order.wait("filled", WAIT)
    fills = []
    while True:
        try:
            fills.append(reports.get(timeout=0.2))
        except TimeoutError:
            break
    mine = [report for report in fills if report.order_id == order.order_id]
    assert sum((report.executed_quantity or Decimal(0) for report in mine), Decimal(0)) == Decimal("0.3")
    assert len({report.trade_id for report in mine if report.trade_id}) == len(
        [r for r in mine if r.trade_id]
    )
    assert mine[-1].status == "FILLED"
    assert order.order_id not in ex.orders
    assert stop.order_id in ex.algo_orders


def test_numbers_can_be_floats():
    """connect(numbers=float) gives floats to legacy code, in answers and events alike."""
    with connect("paper", market="frozen", numbers=float, rate_limits=False) as ex:
        order = ex.place(Market.buy(ETH, quantity=0.5))
        assert type(order.wait("filled", WAIT).total_executed_quantity) is float
        assert type(eventually(lambda: ex.positions.get(ETH)).position_qty) is float


def test_rebinding_a_client_stops_the_old_one():
    """A notebook cell that runs again leaves no threads behind."""
    before = threading.active_count()
    for _ in range(3):
        ex = connect("paper", market="frozen", rate_limits=False)
    count = threading.active_count()
    del ex
    gc.collect()
    eventually(lambda: threading.active_count() <= before)
    assert count - before <= 12


def test_without_credentials_only_private_things_are_refused():
    """A public client has market data and says what is missing for the rest."""
    with connect("paper", market="frozen", rate_limits=False) as paper, connect(paper.rest.network) as ex:
        assert ex.wait_for(topics.mark_price("ETH"), timeout=WAIT).symbol == ETH
        with pytest.raises(UsageError, match="credentials"):
            ex.place(Market.buy(ETH, quantity=1))
        with pytest.raises(UsageError, match="credentials"):
            ex.positions  # noqa: B018
        with pytest.raises(UsageError, match="no control of this venue"):
            ex.paper  # noqa: B018


def test_a_script_ends_by_itself_without_stop():
    """Six lines, no stop(), exit status 0 and nothing on stderr."""
    script = textwrap.dedent("""
        from orderly_sync import Market, connect, topics
        ex = connect("paper")
        ex.on(topics.algo_execution_report(), print)
        order = ex.place(Market.buy("ETH", quantity="0.1"))
        print(order.wait("filled", timeout=10).status)
    """)
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "FILLED", "")
