"""The exchange as a whole: time, prices, and the same facts for the same commands."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from orderly_sync.models.enums import AssetSide, AssetStatus, MarginMode
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
from tests.support.algo_specs import bracket, positional, stop, tp_sl, trailing
from tests.support.venue_kit import ETH, ExchangeKit, wealth

D = Decimal


def act(kit: ExchangeKit, chance: Random) -> None:
    """One random command, or a move of the mark price, or some time."""
    by, side = chance.choice(["alice", "bob", "carol"]), chance.choice(["BUY", "SELL"])
    quantity = D(chance.randint(1, 30)) / 10
    away = chance.randint(-30, 30)
    mode = chance.choice([MarginMode.CROSS, MarginMode.ISOLATED])
    if chance.random() < 0.4:
        happen(kit, chance, by, away)
        return
    match chance.randrange(7):
        case 0:
            kit.algo(stop(side, 3400 + away, quantity), by=by, margin_mode=mode)
        case 1:
            kit.algo(tp_sl(3400 + abs(away), 3399 - abs(away), quantity), by=by, margin_mode=mode)
        case 2:
            kit.algo(positional(3401 + abs(away), 3399 - abs(away)), by=by, margin_mode=mode)
        case 3:
            child, kind = chance.choice(["TP_SL", "POSITIONAL_TP_SL"]), chance.choice(["LIMIT", "MARKET"])
            entry = bracket(child, kind, price=3400 + away, quantity=quantity)
            kit.algo(entry, by=by, margin_mode=mode)
        case 4:
            kit.algo(trailing(side, quantity, callback_rate="0.002"), by=by, margin_mode=mode)
        case 5:
            kit.place(side, "LIMIT", quantity, 3400 + away, by=by, margin_mode=mode)
        case _:
            reduces = chance.random() < 0.5
            kit.place(side, "MARKET", quantity, by=by, reduce_only=reduces, margin_mode=mode)


def happen(kit: ExchangeKit, chance: Random, by: str, away: int) -> None:
    """What is no order: prices, time, money, cancels."""
    match chance.randrange(6):
        case 0 | 1:
            kit.mark(3400 + away * chance.choice([1, 1, 1, 20]))
        case 2:
            kit.now += chance.choice([1_000, 15_000, 8 * 3_600_000])
            kit.history += kit.exchange.advance(kit.now)
        case 3:
            kit.submit(chance.choice([Settle(), Deposit(amount=D(10)), Withdraw(amount=D(10))]), by)
        case 4:
            kit.submit(chance.choice([AddMargin, ReduceMargin])(symbol=ETH, amount=D(5)), by)
        case _:
            kit.submit(
                chance.choice([CancelOrders(), CancelAlgos(), SetLeverage(symbol=ETH, leverage=20)]), by
            )


def play(seed: int, steps: int = 80) -> tuple[ExchangeKit, list[Fact]]:
    """A random afternoon and all its facts."""
    kit, chance = ExchangeKit(seed=3, insurance_fund=D(2_000)), Random(seed)
    kit.exchange.open_account("carol", usdc=D(2_000))
    kit.quote()
    kit.exchange.advance(kit.now)
    for _ in range(steps):
        with suppress(Refused):
            act(kit, chance)
    return kit, kit.history


@pytest.mark.parametrize("seed", range(6))
def test_the_same_commands_give_the_same_facts(seed: int):
    """Ids, times, amounts, order: everything."""
    assert play(seed)[1] == play(seed)[1]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_the_last_report_of_an_order_is_its_state(seed: int):
    """Whoever keeps the last snapshot of each id holds what the venue would answer."""
    kit, facts = play(seed)
    for name in ("alice", "bob", "carol"):
        orders: dict[int, Any] = {}
        nodes: dict[int, Any] = {}
        for fact in facts:
            if isinstance(fact, OrderReported) and fact.account_id == name:
                orders[fact.order.order_id] = fact.order  # type: ignore[attr-defined]
            if isinstance(fact, AlgoReported) and fact.account_id == name:
                nodes.update({node.algo_order_id: node for node in fact.nodes})  # type: ignore[attr-defined]
        assert {order.order_id: order for order in kit.exchange.orders(name)} == orders
        there = {node.algo_order_id: node for tree in kit.exchange.algos(name) for node in tree}
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
    kit, facts = play(seed)
    for name in ("alice", "bob", "carol"):
        positions: dict[Any, Any] = {}
        balance: Any = None
        for fact in facts:
            if isinstance(fact, PositionChanged) and fact.account_id == name:
                row: Any = fact.position
                positions[row.symbol, row.margin_mode] = row
            if isinstance(fact, BalanceChanged) and fact.account_id == name:
                balance = fact.holding
        assert balance in {None, kit.exchange.holding(name)}
        for row in kit.exchange.positions(name):
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
    kit, _ = play(seed)
    moved = D(0)
    for name in ("alice", "bob", "carol"):
        for row in kit.exchange.assets(name):
            done = row.trans_status is AssetStatus.COMPLETED
            moved += row.amount if row.side is AssetSide.DEPOSIT else -row.amount if done else D(0)
    assert wealth(kit) - moved == 200_000 + 10**9 + 2_000 + 2_000


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
    kit, _ = play(seed)
    for name in ("alice", "bob", "carol"):
        kit.submit(CancelAlgos(), name)
        kit.submit(CancelOrders(), name)
        assert all(order.is_done for order in kit.exchange.orders(name))
        waiting = [tree for tree in kit.exchange.algos(name) if not all(node.is_done for node in tree)]
        assert waiting == []
        state = kit.exchange.account(name)
        assert state.total_initial_margin_with_orders == state.total_initial_margin


def test_a_dead_mans_switch_cancels_all_orders(kit: ExchangeKit):
    """Ordinary and algo orders, at its time and not before."""
    order = kit.place("BUY", "LIMIT", 1, 3390)
    root = kit.algo(tp_sl())[0]
    kit.submit(CancelAfter(after_ms=5_000))
    due = kit.now + 5_000
    assert kit.answer == {"expected_trigger_time": due}
    assert kit.exchange.account("alice").cancel_at == due
    assert kit.exchange.advance(due - 1) == ()
    facts = kit.exchange.advance(due)
    assert [row[:2] for row in kit.reported(facts)][:2] == [("order", "CANCELLED"), ("TP_SL", "CANCELLED")]
    assert kit.read(order.order_id).is_done
    assert kit.tree(root.algo_order_id)[0].is_done
    assert kit.exchange.account("alice").cancel_at is None
    assert kit.exchange.advance(due + 10_000) == ()


def test_a_dead_mans_switch_is_armed_anew_or_disarmed(kit: ExchangeKit):
    """0 disarms; other values are 5 s to 15 min."""
    kit.place("BUY", "LIMIT", 1, 3390)
    kit.submit(CancelAfter(after_ms=5_000))
    kit.submit(CancelAfter(after_ms=900_000))
    assert kit.exchange.advance(kit.now + 6_000) == ()
    kit.submit(CancelAfter(after_ms=0))
    assert kit.answer == {"expected_trigger_time": 0}
    assert kit.exchange.advance(kit.now + 1_000_000) == ()
    for after in (1, 4_999, 900_001, -5):
        assert kit.refusal(CancelAfter(after_ms=after)).code == -1005


def test_prices_move_when_told(kit: ExchangeKit):
    """Mark and index each by itself; only a new mark price does anything."""
    assert kit.exchange.set_prices(ETH, 1, index=D(3401)) == ()
    assert (kit.exchange.index(ETH), kit.exchange.mark(ETH)) == (D(3401), D(3400))
    kit.algo(stop("SELL", 3390))
    assert kit.exchange.set_prices(ETH, 1, mark=D(3400)) == ()
    assert kit.exchange.last(ETH) is None


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity"])
def test_a_price_must_be_above_nothing(kit: ExchangeKit, price: str):
    """-1005, and the old one stays."""
    with pytest.raises(Refused, match="above 0"):
        kit.exchange.set_prices(ETH, 1, mark=D(price))
    assert kit.exchange.mark(ETH) == 3400


def test_unknown_symbols_are_refused_everywhere(kit: ExchangeKit):
    """The message lists those there are."""
    for read in (kit.exchange.book, kit.exchange.mark, kit.exchange.index, kit.exchange.last):
        with pytest.raises(Refused, match="PERP_ETH_USDC"):
            read("PERP_NO_USDC")
    with pytest.raises(Refused, match="PERP_ETH_USDC"):
        kit.exchange.position("alice", "PERP_NO_USDC")


def test_time_never_runs_backwards(kit: ExchangeKit):
    """A command with an older time happens at the newest time known."""
    kit.submit(kit.order("BUY", "LIMIT", 1, 3390))
    outcome = kit.exchange.submit("alice", CancelOrders(), 5)
    assert {fact.ts for fact in outcome.facts} == {kit.now}


def test_the_seed_moves_the_ids():
    """Two venues do not share order ids, two of one seed do."""
    ids = []
    for seed in (1, 1, 2):
        kit = ExchangeKit(seed=seed)
        ids.append(kit.place("BUY", "LIMIT", 1, 3390).order_id)
    assert ids[0] == ids[1] != ids[2]


def test_an_exchange_opens_at_its_reference_prices():
    """Every symbol has a mark and an index price from the start."""
    exchange = Exchange()
    for symbol, rules in exchange.rules.items():
        assert exchange.mark(symbol) == exchange.index(symbol) == rules.reference_price
