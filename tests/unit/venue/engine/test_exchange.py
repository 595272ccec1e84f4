"""The exchange as a whole: time, prices, and the same facts for the same commands."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from orderly_sync.models.account_enums import AssetSide, AssetStatus
from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine.commands import (
    AddMargin,
    CancelAfter,
    CancelAlgos,
    CancelOrders,
    Deposit,
    ReduceMargin,
    SetLeverage,
    Settle,
    Withdraw,
)
from orderly_sync.venue.engine.exchange import Exchange
from orderly_sync.venue.engine.facts import AlgoReported, BalanceChanged, Fact, OrderReported, PositionChanged
from orderly_sync.venue.engine.refusals import Refused
from tests.unit.venue.engine.floor import ETH, Floor, bracket, positional, stop, tp_sl, trailing, wealth

D = Decimal


def act(floor: Floor, chance: Random) -> None:
    """One random command, or a move of the mark price, or some time."""
    by, side = chance.choice(["alice", "bob", "carol"]), chance.choice(["BUY", "SELL"])
    quantity = D(chance.randint(1, 30)) / 10
    away = chance.randint(-30, 30)
    mode = chance.choice([MarginMode.CROSS, MarginMode.ISOLATED])
    if chance.random() < 0.4:
        happen(floor, chance, by, away)
        return
    match chance.randrange(7):
        case 0:
            floor.algo(stop(side, 3400 + away, quantity), by=by, margin_mode=mode)
        case 1:
            floor.algo(tp_sl(3400 + abs(away), 3399 - abs(away), quantity), by=by, margin_mode=mode)
        case 2:
            floor.algo(positional(3401 + abs(away), 3399 - abs(away)), by=by, margin_mode=mode)
        case 3:
            child, kind = chance.choice(["TP_SL", "POSITIONAL_TP_SL"]), chance.choice(["LIMIT", "MARKET"])
            entry = bracket(child, kind, price=3400 + away, quantity=quantity)
            floor.algo(entry, by=by, margin_mode=mode)
        case 4:
            floor.algo(trailing(side, quantity, callback_rate="0.002"), by=by, margin_mode=mode)
        case 5:
            floor.place(side, "LIMIT", quantity, 3400 + away, by=by, margin_mode=mode)
        case _:
            reduces = chance.random() < 0.5
            floor.place(side, "MARKET", quantity, by=by, reduce_only=reduces, margin_mode=mode)


def happen(floor: Floor, chance: Random, by: str, away: int) -> None:
    """What is no order: prices, time, money, cancels."""
    match chance.randrange(6):
        case 0 | 1:
            floor.move(3400 + away * chance.choice([1, 1, 1, 20]))
        case 2:
            floor.now += chance.choice([1_000, 15_000, 8 * 3_600_000])
            floor.history += floor.exchange.advance(floor.now)
        case 3:
            floor.submit(chance.choice([Settle(), Deposit(amount=D(10)), Withdraw(amount=D(10))]), by)
        case 4:
            floor.submit(chance.choice([AddMargin, ReduceMargin])(symbol=ETH, amount=D(5)), by)
        case _:
            floor.submit(
                chance.choice([CancelOrders(), CancelAlgos(), SetLeverage(symbol=ETH, leverage=20)]), by
            )


def play(seed: int, steps: int = 80) -> tuple[Floor, list[Fact]]:
    """A random afternoon and all its facts."""
    floor, chance = Floor(seed=3, insurance_fund=D(2_000)), Random(seed)
    floor.exchange.open_account("carol", usdc=D(2_000))
    floor.quote()
    floor.exchange.advance(floor.now)
    for _ in range(steps):
        with suppress(Refused):
            act(floor, chance)
    return floor, floor.history


@pytest.mark.parametrize("seed", range(6))
def test_the_same_commands_give_the_same_facts(seed: int):
    """Ids, times, amounts, order: everything."""
    assert play(seed)[1] == play(seed)[1]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_the_last_report_of_an_order_is_its_state(seed: int):
    """Whoever keeps the last snapshot of each id holds what the venue would answer."""
    floor, facts = play(seed)
    for name in ("alice", "bob", "carol"):
        orders: dict[int, Any] = {}
        nodes: dict[int, Any] = {}
        for fact in facts:
            if isinstance(fact, OrderReported) and fact.account_id == name:
                orders[fact.order.order_id] = fact.order  # type: ignore[attr-defined]
            if isinstance(fact, AlgoReported) and fact.account_id == name:
                nodes.update({node.algo_order_id: node for node in fact.nodes})  # type: ignore[attr-defined]
        assert {order.order_id: order for order in floor.exchange.orders(name)} == orders
        there = {node.algo_order_id: node for tree in floor.exchange.algos(name) for node in tree}
        assert set(there) == set(nodes)
        for node_id, node in there.items():
            seen = nodes[node_id]
            assert (seen.executed_quantity, seen.trigger_status, seen.is_done) == (
                node.executed_quantity,
                node.trigger_status,
                node.is_done,
            )


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_the_last_push_is_the_state(seed: int):
    """Whoever keeps the last position and balance of each account holds the venue's own."""
    floor, facts = play(seed)
    for name in ("alice", "bob", "carol"):
        positions: dict[Any, Any] = {}
        balance: Any = None
        for fact in facts:
            if isinstance(fact, PositionChanged) and fact.account_id == name:
                row: Any = fact.position
                positions[row.symbol, row.margin_mode] = row
            if isinstance(fact, BalanceChanged) and fact.account_id == name:
                balance = fact.holding
        assert balance in {None, floor.exchange.holding(name)}
        for row in floor.exchange.positions(name):
            seen = positions[row.symbol, row.margin_mode]
            for field in (
                "position_qty",
                "cost_position",
                "margin",
                "pending_long_qty",
                "pending_short_qty",
                "version",
            ):
                assert getattr(seen, field) == getattr(row, field)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_money_only_comes_and_goes_through_the_door(seed: int):
    """Deposits and withdrawals are all that changes the sum of everything."""
    floor, _ = play(seed)
    moved = D(0)
    for name in ("alice", "bob", "carol"):
        for row in floor.exchange.assets(name):
            done = row.trans_status is AssetStatus.COMPLETED
            moved += row.amount if row.side is AssetSide.DEPOSIT else -row.amount if done else D(0)
    assert wealth(floor) - moved == 200_000 + 10**9 + 2_000 + 2_000


@pytest.mark.parametrize("seed", range(8))
def test_a_finished_order_never_speaks_again(seed: int):
    """After a final status no report of that order or node changes it."""
    final: dict[int, Any] = {}
    for fact in play(seed)[1]:
        if isinstance(fact, OrderReported):
            order: Any = fact.order
            assert order.order_id not in final
            if order.is_done:
                final[order.order_id] = order
        if isinstance(fact, AlgoReported):
            rows: Any = fact.nodes
            for node in rows:
                if node.algo_order_id in final:
                    assert node.algo_status == final[node.algo_order_id].algo_status
                elif node.is_done:
                    assert node.algo_order_id in fact.changed
                    final[node.algo_order_id] = node


@pytest.mark.parametrize("seed", range(4))
def test_everything_can_be_cancelled(seed: int):
    """Afterwards nothing is open and no margin is held by orders."""
    floor, _ = play(seed)
    for name in ("alice", "bob", "carol"):
        floor.submit(CancelAlgos(), name)
        floor.submit(CancelOrders(), name)
        assert all(order.is_done for order in floor.exchange.orders(name))
        waiting = [tree for tree in floor.exchange.algos(name) if not all(node.is_done for node in tree)]
        assert waiting == []
        state = floor.exchange.account(name)
        assert state.total_initial_margin_with_orders == state.total_initial_margin


def test_a_dead_mans_switch_cancels_all_orders(floor: Floor):
    """Ordinary and algo orders, at its time and not before."""
    order = floor.place("BUY", "LIMIT", 1, 3390)
    root = floor.algo(tp_sl())[0]
    floor.submit(CancelAfter(after_ms=5_000))
    due = floor.now + 5_000
    assert floor.answer == {"expected_trigger_time": due}
    assert floor.exchange.account("alice").cancel_at == due
    assert floor.exchange.advance(due - 1) == ()
    facts = floor.exchange.advance(due)
    assert [row[:2] for row in floor.reported(facts)][:2] == [("order", "CANCELLED"), ("TP_SL", "CANCELLED")]
    assert floor.read(order.order_id).is_done
    assert floor.tree(root.algo_order_id)[0].is_done
    assert floor.exchange.account("alice").cancel_at is None
    assert floor.exchange.advance(due + 10_000) == ()


def test_a_dead_mans_switch_is_armed_anew_or_disarmed(floor: Floor):
    """0 disarms; other values are 5 s to 15 min."""
    floor.place("BUY", "LIMIT", 1, 3390)
    floor.submit(CancelAfter(after_ms=5_000))
    floor.submit(CancelAfter(after_ms=900_000))
    assert floor.exchange.advance(floor.now + 6_000) == ()
    floor.submit(CancelAfter(after_ms=0))
    assert floor.answer == {"expected_trigger_time": 0}
    assert floor.exchange.advance(floor.now + 1_000_000) == ()
    for after in (1, 4_999, 900_001, -5):
        assert floor.refusal(CancelAfter(after_ms=after)).code == -1005


def test_prices_move_when_told(floor: Floor):
    """Mark and index each by itself; only a new mark price does anything."""
    assert floor.exchange.set_prices(ETH, 1, index=D(3401)) == ()
    assert (floor.exchange.index(ETH), floor.exchange.mark(ETH)) == (D(3401), D(3400))
    floor.algo(stop("SELL", 3390))
    assert floor.exchange.set_prices(ETH, 1, mark=D(3400)) == ()
    assert floor.exchange.last(ETH) is None


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity"])
def test_a_price_must_be_above_nothing(floor: Floor, price: str):
    """-1005, and the old one stays."""
    with pytest.raises(Refused, match="above 0"):
        floor.exchange.set_prices(ETH, 1, mark=D(price))
    assert floor.exchange.mark(ETH) == 3400


def test_unknown_symbols_are_refused_everywhere(floor: Floor):
    """The message lists those there are."""
    for read in (floor.exchange.book, floor.exchange.mark, floor.exchange.index, floor.exchange.last):
        with pytest.raises(Refused, match="PERP_ETH_USDC"):
            read("PERP_NO_USDC")
    with pytest.raises(Refused, match="PERP_ETH_USDC"):
        floor.exchange.position("alice", "PERP_NO_USDC")


def test_time_never_runs_backwards(floor: Floor):
    """A command with an older time happens at the newest time known."""
    floor.submit(floor.order("BUY", "LIMIT", 1, 3390))
    outcome = floor.exchange.submit("alice", CancelOrders(), 5)
    assert {fact.ts for fact in outcome.facts} == {floor.now}


def test_the_seed_moves_the_ids():
    """Two venues do not share order ids, two of one seed do."""
    ids = []
    for seed in (1, 1, 2):
        floor = Floor(seed=seed)
        ids.append(floor.place("BUY", "LIMIT", 1, 3390).order_id)
    assert ids[0] == ids[1] != ids[2]


def test_an_exchange_opens_at_its_reference_prices():
    """Every symbol has a mark and an index price from the start."""
    exchange = Exchange()
    for symbol, rules in exchange.rules.items():
        assert exchange.mark(symbol) == exchange.index(symbol) == rules.reference_price
