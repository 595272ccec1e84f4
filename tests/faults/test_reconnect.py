"""Lost connections, judged by the venue's own ledger: every fill once and in order, every end told, state equal."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from orderly_sync import (
    Bracket,
    Limit,
    Market,
    Orderly,
    PositionalTpSl,
    RequestError,
    Resynced,
    Stop,
    TpSl,
    TrailingStop,
    topics,
)
from tests.support.paper import ETH, WAIT, Seen, Told, account_of, eventually, mark, paper


def watch(ex: Orderly) -> Seen:
    seen = Seen()
    ex.on(topics.execution_report(), seen.reports.append)
    ex.on(topics.algo_execution_report(), seen.nodes.append)
    return seen


def is_quiet(ex: Orderly) -> bool:
    stats = ex.stats()
    return ex.status == "ready" and not stats["hooks_waiting"] and stats["hook_running"] is None


class Trading:
    """Random trading around a mark price that moves; what the venue refuses is simply not done."""

    def __init__(self, ex: Orderly, lots: Random) -> None:
        self.ex = ex
        self.lots = lots
        self.price = mark(ex)
        self.handles: list[Any] = []

    def step(self) -> None:
        moves: list[Callable[[], Any]] = [
            self.limit, self.limit, self.limit, self.market, self.move, self.move, self.move,
            self.stop, self.legs, self.bracket, self.trailing, self.cancel, self.edit, self.by_others,
        ]  # fmt: skip
        with contextlib.suppress(RequestError):
            self.lots.choice(moves)()

    def terms(self) -> dict[str, Any]:
        quantity = Decimal(self.lots.randint(1, 9)) / 10
        return {"symbol": ETH, "side": self.lots.choice(["BUY", "SELL"]), "quantity": quantity}

    def near(self, least: int, most: int, *, below: bool) -> Decimal:
        distance = self.lots.randint(least, most)
        return self.price + (-distance if below else distance)

    def limit(self) -> None:
        terms = self.terms()
        price = self.near(1, 12, below=terms["side"] == "BUY")
        self.handles.append(self.ex.place(Limit(**terms, price=price)))

    def market(self) -> None:
        self.ex.place(Market(**self.terms()))

    def move(self) -> None:
        self.price = min(max(self.near(1, 15, below=self.lots.random() < 0.5), Decimal(3000)), Decimal(4000))
        self.ex.paper.set_mark_price(ETH, self.price)

    def stop(self) -> None:
        terms = self.terms()
        self.handles.append(
            self.ex.place(Stop(**terms, trigger=self.near(2, 15, below=terms["side"] == "SELL")))
        )

    def legs(self) -> None:
        up, down = self.price + self.lots.randint(3, 15), self.price - self.lots.randint(3, 15)
        position = self.ex.positions.get(ETH)
        if position is None or not position.quantity:
            return
        side = "SELL" if position.quantity > 0 else "BUY"
        best, worst = (up, down) if side == "SELL" else (down, up)
        if self.lots.random() < 0.5:
            self.ex.place(TpSl(symbol=ETH, side=side, quantity="0.2", take_profit=best, stop_loss=worst))
        else:
            self.ex.place(PositionalTpSl(symbol=ETH, side=side, take_profit=best, stop_loss=worst))

    def bracket(self) -> None:
        terms = self.terms()
        long = terms["side"] == "BUY"
        up, down = self.price + self.lots.randint(12, 25), self.price - self.lots.randint(12, 25)
        self.ex.place(
            Bracket(
                **terms,
                price=self.near(1, 8, below=long),
                take_profit=up if long else down,
                stop_loss=down if long else up,
            )
        )

    def trailing(self) -> None:
        self.ex.place(TrailingStop(**self.terms(), callback_value=self.lots.randint(3, 15)))

    def cancel(self) -> None:
        if self.handles:
            handle = self.handles.pop(self.lots.randrange(len(self.handles)))
            if handle.order_id is not None and not handle.is_done:
                handle.cancel()

    def edit(self) -> None:
        if self.handles:
            handle = self.lots.choice(self.handles)
            if isinstance(handle.request, Limit) and handle.order_id is not None and not handle.is_done:
                handle.edit(price=self.near(1, 12, below=handle.request.side == "BUY"))

    def by_others(self) -> None:
        """Somebody else trades on the same account."""
        terms = self.terms()
        self.ex.rest.orders.create(
            symbol=ETH,
            order_type="LIMIT",
            side=terms["side"],
            order_price=self.near(-2, 12, below=terms["side"] == "BUY"),
            order_quantity=terms["quantity"],
        )

    def close(self) -> None:
        self.ex.rest.orders.cancel_all()
        self.ex.rest.orders.cancel_all_algo()


def judge(ex: Orderly, seen: Seen, after: int) -> None:
    """Hold what hooks saw, and the state, against the venue's own word."""
    told = Told(ex, after)

    def all_there() -> bool:
        return (
            is_quiet(ex)
            and set(seen.fills) >= set(told.fills)
            and {order for order, _ in seen.ends} >= told.ends.keys()
            and set(seen.algo_fills) >= set(told.algo_fills)
            and seen.algo_ends.keys() >= told.algo_ends.keys()
        )

    try:
        eventually(all_there, 15)
    finally:
        lost = {
            "fills": set(told.fills) - set(seen.fills),
            "ends": told.ends.keys() - {order for order, _ in seen.ends},
            "algo fills": set(told.algo_fills) - set(seen.algo_fills),
            "algo ends": told.algo_ends.keys() - seen.algo_ends.keys(),
        }
        assert not any(lost.values()), lost
    assert Counter(seen.fills) == Counter(told.fills)
    assert Counter(seen.ends) == Counter(told.ends.items())
    assert Counter(seen.algo_fills) == Counter(told.algo_fills)
    assert seen.algo_ends == told.algo_ends
    seen.check_order()
    state_is_the_venues(ex)


def state_is_the_venues(ex: Orderly) -> None:
    held = ex.paper.snapshot(account_of(ex))
    orders = {one["order_id"]: one for one in held["orders"] if one["status"] in {"NEW", "PARTIAL_FILLED"}}
    eventually(lambda: ex.orders.keys() == orders.keys())
    for order_id, row in orders.items():
        one = ex.orders[order_id]
        assert (one.price, one.quantity, one.filled, one.status) == (
            row["price"], row["quantity"], row["executed"], row["status"],
        )  # fmt: skip
    algos = {
        one["algo_order_id"]
        for one in held["algo_orders"]
        if one["root_algo_order_status"] in {"NEW", "PARTIAL_FILLED"}
    }
    eventually(lambda: ex.algo_orders.keys() == algos)
    sizes = {one["symbol"]: one["position_qty"] for one in held["positions"] if one["position_qty"]}
    eventually(lambda: {name: one.quantity for name, one in ex.positions.items() if one.quantity} == sizes)
    usdc = held["holding"][0]["holding"]
    eventually(lambda: ex.holdings["USDC"].holding == usdc)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_storm_of_lost_connections_loses_nothing(seed: int):
    """Thirty drops at random moments of random trading: each fill once, in order; each end; the venue's state."""
    lots = Random(seed)
    with paper(seed=seed) as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        seen, trading = watch(ex), Trading(ex, lots)
        for _ in range(30):
            for _ in range(lots.randint(0, 4)):
                trading.step()
            ex.paper.drop_connections()
            for _ in range(lots.randint(0, 4)):
                trading.step()
            if lots.random() < 0.3:
                eventually(lambda: is_quiet(ex))
        judge(ex, seen, after)
        trading.close()
        judge(ex, seen, after)
        assert ex.stats()["gaps"] > 3


@pytest.mark.parametrize("seed", range(2))
def test_each_gap_is_whole_before_the_next(seed: int):
    """Sparse drops, judged each time when Resynced is announced: a defect cannot hide behind the next recovery."""
    lots = Random(seed)
    with paper(seed=seed, later=()) as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        seen, trading, resyncs = watch(ex), Trading(ex, lots), ex.stream(Resynced)
        for _ in range(6):
            for _ in range(4):
                trading.step()
            eventually(lambda: is_quiet(ex))
            ex.paper.drop_connections()
            for _ in range(6):
                trading.step()
            resyncs.get(timeout=WAIT)
            judge(ex, seen, after)


def test_a_fill_missed_in_a_gap_comes_before_the_one_that_is_live():
    """With REST slow to tell, the live fill waits for the missed one: the quantity chain holds."""
    with paper() as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        seen = watch(ex)
        start = mark(ex)
        order = ex.place(Limit.buy(ETH, quantity="250", price=start - 20))
        eventually(lambda: order.last)
        ex.paper.faults(refuse_upgrade=1, delay_ms=200)
        ex.paper.drop_connections()
        ex.paper.set_mark_price(ETH, start - 25)
        eventually(lambda: ex.status in {"resyncing", "ready"})
        ex.paper.set_mark_price(ETH, start - 26)
        ex.paper.faults(clear=True)
        judge(ex, seen, after)
        assert any(one.recovered for one in seen.reports)


def test_reports_that_the_venue_drops_silently_are_found():
    """A hole in an order's totals is noticed without any disconnect, and filled from REST."""
    with paper() as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        seen = watch(ex)
        start = mark(ex)
        order = ex.place(Limit.buy(ETH, quantity="250", price=start - 20))
        eventually(lambda: order.last)
        ex.paper.faults(drop_reports=1.0)
        ex.paper.set_mark_price(ETH, start - 25)
        ex.paper.faults(clear=True)
        ex.paper.set_mark_price(ETH, start - 26)
        judge(ex, seen, after)
        assert ex.stats()["gaps"] == 0


def test_reports_sent_twice_and_out_of_order_come_once_and_in_order():
    """Duplicated and swapped frames: hooks see each fill once, in its order."""
    with paper() as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        ex.paper.faults(duplicate_reports=0.3, swap_reports=0.3)
        seen, trading = watch(ex), Trading(ex, Random(5))
        for _ in range(60):
            trading.step()
        ex.paper.faults(clear=True)
        trading.close()
        trading.market()
        judge(ex, seen, after)


def test_reads_that_lag_are_made_up_for_by_a_later_look():
    """REST shows nothing younger than a while; what the first look cannot see the next one brings."""
    with paper(later=(0.2, 0.5, 1.0)) as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        seen = watch(ex)
        start = mark(ex)
        order = ex.place(Limit.buy(ETH, quantity="0.3", price=start - 20))
        eventually(lambda: order.last)
        resyncs = ex.stream(Resynced)
        ex.paper.faults(read_lag_ms=60_000)
        ex.paper.drop_connections()
        ex.paper.set_mark_price(ETH, start - 25)
        resyncs.get(timeout=WAIT)
        ex.paper.faults(clear=True)
        judge(ex, seen, after)
        assert resyncs.get(timeout=WAIT).recovered


def test_what_was_over_before_the_client_came_is_not_told():
    """Recovery reads back beyond the gap, but never tells of orders that ended before the client was there."""
    with paper() as earlier:
        earlier.place(Market.buy(ETH, quantity="0.1")).wait("filled", WAIT)
        network, credentials = earlier.rest.network, earlier._stream.hub.options.credentials
        from orderly_sync import connect

        with connect(network, credentials=credentials, rate_limits=False) as ex:
            seen, resyncs = watch(ex), ex.stream(Resynced)
            earlier.paper.drop_connections()
            assert resyncs.get(timeout=WAIT).recovered == 0
            assert not seen.reports


def test_recovery_goes_on_after_rest_failed():
    """A read that fails is tried again until it succeeds; the client is resyncing until then."""
    with paper() as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        seen = watch(ex)
        start = mark(ex)
        ex.place(Limit.buy(ETH, quantity="0.3", price=start - 20))
        done = threading.Event()
        ex.on(Resynced, lambda _: done.set())
        ex.paper.faults(
            http=[{"path": "/v1/orders", "method": "GET", "status": 500, "body": "<html>", "times": 9}]
        )
        ex.paper.drop_connections()
        ex.paper.set_mark_price(ETH, start - 25)
        eventually(lambda: ex.status == "resyncing")
        ex.paper.faults(clear=True)
        assert done.wait(WAIT)
        judge(ex, seen, after)
