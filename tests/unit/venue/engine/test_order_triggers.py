"""When triggers fire: direction, distance, and what a trailing stop remembers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.enums import AlgoType, OrderSide, OrderStatus
from orderly_sync.venue.engine.orders import AlgoNode, fires, trailed, trailing_level, waits

D = Decimal


def node(kind: str, side: str, **fields: Any) -> AlgoNode:
    return AlgoNode(
        algo_order_id=1,
        root_algo_order_id=1,
        parent_algo_order_id=0,
        account_id="a",
        symbol="X",
        algo_type=AlgoType(kind),
        side=OrderSide(side),
        **fields,
    )


@pytest.mark.parametrize(
    ("kind", "side", "below", "at", "above"),
    [
        ("STOP", "BUY", False, True, True),
        ("STOP", "SELL", True, True, False),
        ("TAKE_PROFIT", "SELL", False, True, True),
        ("TAKE_PROFIT", "BUY", True, True, False),
        ("STOP_LOSS", "SELL", True, True, False),
        ("STOP_LOSS", "BUY", False, True, True),
    ],
)
def test_a_trigger_fires_on_its_own_side(kind: str, side: str, below: bool, at: bool, above: bool):
    """Reaching the trigger price is enough."""
    waiting = node(kind, side, trigger_price=D(100))
    assert [fires(waiting, D(mark)) for mark in (99, 100, 101)] == [below, at, above]


def test_containers_and_done_nodes_do_not_wait():
    """Only nodes with a trigger of their own, not fired, not done."""
    assert waits(node("STOP", "BUY", trigger_price=D(1)))
    assert not waits(node("STOP", "BUY", trigger_price=D(1), is_triggered=True))
    assert not waits(node("STOP", "BUY", trigger_price=D(1), algo_status=OrderStatus.CANCELLED))
    assert not waits(node("TP_SL", "BUY"))
    assert not waits(node("BRACKET", "BUY"))


def test_a_leg_switched_off_does_not_fire():
    """is_activated False."""
    assert not fires(node("STOP_LOSS", "SELL", trigger_price=D(100), is_activated=False), D(50))


def test_a_trailing_stop_waits_for_its_activation_price():
    """Then it starts at the mark price of that moment."""
    waiting = node(
        "TRAILING_STOP", "SELL", activated_price=D(110), callback_rate=D("0.01"), is_activated=False
    )
    assert trailing_level(waiting) is None
    assert not fires(waiting, D(1))
    assert trailed(waiting, D(109)) is waiting
    active = trailed(waiting, D(111))
    assert (active.is_activated, active.extreme_price, trailing_level(active)) == (True, D(111), D("109.89"))
    bought = node("TRAILING_STOP", "BUY", activated_price=D(90), callback_value=D(2), is_activated=False)
    assert trailed(bought, D(91)) is bought
    assert trailing_level(trailed(bought, D(89))) == 91


walk = st.lists(st.integers(50, 150), min_size=1, max_size=30)


@given(walk, st.sampled_from(["BUY", "SELL"]), st.integers(1, 20))
def test_a_trailing_stop_fires_exactly_when_its_callback_is_reached(marks: list[int], side: str, away: int):
    """Against a plain reading of the rule: best price so far, and the distance from it."""
    stop = node("TRAILING_STOP", side, callback_value=D(away), extreme_price=D(marks[0]))
    best = marks[0]
    for mark in marks:
        best = max(best, mark) if side == "SELL" else min(best, mark)
        stop = trailed(stop, D(mark))
        assert stop.extreme_price == best
        assert fires(stop, D(mark)) == (best - mark >= away if side == "SELL" else mark - best >= away)


@given(st.integers(50, 150), st.integers(50, 150), st.sampled_from(["STOP", "TAKE_PROFIT", "STOP_LOSS"]))
def test_the_sides_mirror_each_other(trigger: int, mark: int, kind: str):
    """What fires a BUY above its trigger fires a SELL as far below."""
    buy = node(kind, "BUY", trigger_price=D(trigger))
    sell = attrs.evolve(buy, side=OrderSide.SELL)
    assert fires(buy, D(mark)) == fires(sell, D(2 * trigger - mark))


def test_nodes_other_than_trailing_stops_do_not_trail():
    """They come back as they are."""
    stop = node("STOP", "SELL", trigger_price=D(1))
    assert trailed(stop, D(5)) is stop
