"""A bracket's handle, fed by hand: entered, filled, disarmed, and left by the legs of a positional one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest

from orderly_sync import Bracket, OrderEnded, PositionalTpSl, UsageError
from orderly_sync.models.enums import OrderStatus
from tests.support.reports import node
from tests.unit.trading.test_algo_handle import BRACKET, STOP, TPSL, WAIT, feed, make


def bracket(
    entry: str = "NEW", legs_are: str = "NEW", *, total: str = "0", kind: str = "TP_SL", ts: int = 1
) -> list[Any]:
    """A bracket's nodes, each as told alone."""
    root = node(10, entry, kind="BRACKET", total=total, timestamp=ts, average_executed_price=Decimal(3000))
    below = [node(11, legs_are, root=10, kind=kind, timestamp=ts)]
    for number, leg in ((12, "TAKE_PROFIT"), (13, "STOP_LOSS")):
        below.append(node(number, legs_are, root=10, kind=leg, parent=11, timestamp=ts))
    whole = OrderStatus(
        "NEW" if entry == "NEW" else "FILLED" if legs_are in {"FILLED", "CANCELLED"} else "PARTIAL_FILLED"
    )
    return [attrs.evolve(one, root_algo_status=whole) for one in (root, *below)]


def test_a_bracket_is_entered_when_its_entry_has_filled():
    handle, _ = make(BRACKET)
    feed(handle, *bracket(), *bracket("PARTIAL_FILLED", total="0.4", ts=2))
    assert handle._reached("entered") is None
    feed(handle, *bracket("FILLED", total="1", ts=2))
    assert handle.wait("entered", timeout=WAIT).algo_order_id == 10
    assert (handle.filled, handle.average_price, handle.is_done) == (1, 3000, False)


def test_a_bracket_that_ends_before_its_entry_is_not_entered():
    handle, _ = make(BRACKET)
    feed(
        handle,
        *bracket(),
        *[
            attrs.evolve(one, root_algo_status=OrderStatus.CANCELLED)
            for one in bracket("CANCELLED", "CANCELLED", ts=2)
        ],
    )
    with pytest.raises(OrderEnded, match="before it was entered"):
        handle.wait("entered", timeout=WAIT)


@pytest.mark.parametrize("order", [STOP, TPSL, PositionalTpSl.sell("ETH", take_profit=3100)])
def test_only_a_bracket_is_entered(order: Any):
    with pytest.raises(
        UsageError, match="only a Bracket has an entry: wait for 'triggered', 'filled' or 'done'"
    ):
        make(order)[0].wait("entered")


def test_a_bracket_whose_legs_were_cancelled_is_cancelled_not_filled():
    """What its entry opened is open still, and nothing guards it."""
    handle, _ = make(BRACKET)
    feed(
        handle,
        *bracket(),
        *bracket("FILLED", total="1", ts=2),
        *bracket("FILLED", "CANCELLED", total="1", ts=3),
    )
    assert handle.tree is not None
    assert (handle.status, handle.tree.status, handle.filled, handle.is_done) == (
        "CANCELLED",
        "FILLED",
        1,
        True,
    )
    assert handle.wait("done", timeout=WAIT).algo_status == "CANCELLED"
    for goal in ("filled", "triggered"):
        with pytest.raises(OrderEnded, match=f"ended CANCELLED before it was {goal}"):
            handle.wait(goal, timeout=WAIT)  # type: ignore[arg-type]
    assert handle.wait("entered", timeout=WAIT).algo_order_id == 10


def test_a_bracket_is_filled_when_one_leg_has_closed_it():
    handle, _ = make(BRACKET)
    last = bracket("FILLED", "CANCELLED", total="1", ts=3)
    last[2] = attrs.evolve(last[2], algo_status=OrderStatus.FILLED)
    feed(handle, *bracket(), *bracket("FILLED", total="1", ts=2), *last)
    assert handle.status == "FILLED"
    assert handle.wait("filled", timeout=WAIT) is handle.last


def test_the_legs_of_a_positional_bracket_leave_it_when_its_entry_trades():
    """They are an order of their own then: the bracket is done, and says where its legs are."""
    order = Bracket.buy("ETH", quantity=1, take_profit=3100, stop_loss=2900, positional=True)
    handle, recording = make(order)
    handle.placed(10)
    feed(handle, *bracket(kind="POSITIONAL_TP_SL"))
    assert len(handle.tree.nodes) == 4
    feed(handle, attrs.evolve(bracket("FILLED", total="1", ts=2)[0], root_algo_status=OrderStatus.FILLED))
    assert [one.algo_order_id for one in handle.tree.nodes] == [10]
    assert (handle.status, handle.is_done, handle.wait("filled", timeout=WAIT).algo_order_id) == (
        "FILLED",
        True,
        10,
    )
    with pytest.raises(UsageError, match="an order of their own since its entry traded"):
        handle.edit(stop_loss=2950, timeout=WAIT)
    assert recording.requests == []


def test_legs_that_go_on_being_told_of_with_their_bracket_stay_in_it():
    """Whatever the documents say of them."""
    order = Bracket.buy("ETH", quantity=1, take_profit=3100, stop_loss=2900, positional=True)
    handle, _ = make(order)
    feed(
        handle,
        *bracket(kind="POSITIONAL_TP_SL"),
        *bracket("FILLED", total="1", kind="POSITIONAL_TP_SL", ts=2)[:1],
    )
    feed(handle, *bracket("FILLED", total="1", kind="POSITIONAL_TP_SL", ts=3)[1:])
    assert len(handle.tree.nodes) == 4
