"""Edits of algo orders: what may change, what is told, what is refused whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.venue.commands import AlgoEdit, EditAlgo
from orderly_sync.venue.facts import AlgoReported
from tests.unit.venue.floor import ETH, Floor, bracket, positional, stop, tp_sl, trailing

D = Decimal
NEW, USELESS = "NEW", "USELESS"


def edit(order_id: int, *children: AlgoEdit, **changes: Any) -> EditAlgo:
    return EditAlgo(root=one(order_id, *children, **changes))


def one(order_id: int, *children: AlgoEdit, **changes: Any) -> AlgoEdit:
    values = {name: value if isinstance(value, bool) else D(str(value)) for name, value in changes.items()}
    return AlgoEdit(order_id=order_id, children=children, **values)


def test_an_edited_stop_is_reported_replaced_and_stays_new(floor: Floor):
    """The report says REPLACED, the order itself is NEW."""
    root = floor.algo(stop(price=3380))[0]
    floor.submit(edit(root.algo_order_id, trigger_price=3385, quantity=2, price=3370))
    assert floor.answer == {"status": "EDIT_SENT"}
    assert floor.reported() == [("STOP", "REPLACED", USELESS, "REPLACED")]
    (node,) = floor.tree(root.algo_order_id)
    assert (node.algo_status, node.root_algo_status) == (NEW, NEW)
    assert (node.trigger_price, node.quantity, node.price) == (3385, 2, 3370)
    assert (node.updated_time, node.created_time) == (floor.now, root.created_time)


def test_a_trigger_edited_beyond_mark_fires_at_once(floor: Floor):
    """REPLACED comes first."""
    root = floor.algo(stop())[0]
    floor.submit(edit(root.algo_order_id, trigger_price=3410))
    rows = [row for row in floor.reported() if row[0] == "STOP"]
    assert rows[0] == ("STOP", "REPLACED", USELESS, "REPLACED")
    assert rows[-1] == ("STOP", "FILLED", "SUCCESS", "FILLED")


def test_legs_are_edited_by_their_own_ids(floor: Floor):
    """Only the leg changes; the report shows all."""
    root, take, loss = floor.algo(tp_sl())
    floor.submit(edit(root.algo_order_id, one(take.algo_order_id, trigger_price=3430)))
    (report,) = (fact for fact in floor.facts if isinstance(fact, AlgoReported))
    assert report.changed == (take.algo_order_id,)
    assert [str(node.algo_status) for node in report.nodes] == [NEW, "REPLACED", NEW]
    assert {str(node.root_algo_status) for node in report.nodes} == {"REPLACED"}
    _, after, same = floor.tree(root.algo_order_id)
    assert (after.trigger_price, same) == (3430, loss)


def test_a_quantity_of_tp_sl_holds_for_root_and_legs(floor: Floor):
    """Given on both legs equally, or on the root."""
    root, take, loss = floor.algo(tp_sl())
    both = (one(take.algo_order_id, quantity=2), one(loss.algo_order_id, quantity=2))
    floor.submit(edit(root.algo_order_id, *both))
    assert [node.quantity for node in floor.tree(root.algo_order_id)] == [2, 2, 2]
    floor.submit(edit(root.algo_order_id, quantity=3))
    assert [node.quantity for node in floor.tree(root.algo_order_id)] == [3, 3, 3]
    unequal = (one(take.algo_order_id, quantity=2), one(loss.algo_order_id, quantity=4))
    refused = floor.refusal(edit(root.algo_order_id, *unequal))
    assert (refused.code, "must be the same" in refused.message) == (-1005, True)


def test_switching_a_leg_off_drops_it(floor: Floor):
    """The other leg stays; with the last one the tree is over."""
    floor.place("BUY", "MARKET", 1)
    root, take, loss = floor.algo(tp_sl())
    floor.submit(edit(root.algo_order_id, one(loss.algo_order_id, is_activated=False)))
    assert floor.reported() == [("STOP_LOSS", "CANCELLED", USELESS, NEW)]
    floor.move(3370)
    assert not floor.tree(root.algo_order_id)[0].is_done
    floor.submit(edit(root.algo_order_id, one(take.algo_order_id, is_activated=False)))
    assert floor.reported() == [
        ("TP_SL", "CANCELLED", USELESS, "CANCELLED"),
        ("TAKE_PROFIT", "CANCELLED", USELESS, "CANCELLED"),
    ]
    assert floor.refusal(edit(root.algo_order_id, quantity=2)).code == -1006


def test_editing_the_entry_of_a_bracket_edits_its_order(floor: Floor):
    """Both topics say REPLACED; the order moves on the book."""
    root, _, take, _ = floor.algo(bracket(price=3390))
    changes = edit(
        root.algo_order_id,
        one(root.algo_order_id + 1, one(take.algo_order_id, trigger_price=3460)),
        price=3391,
    )
    floor.submit(changes)
    assert floor.reported() == [
        ("TAKE_PROFIT", "REPLACED", USELESS, "REPLACED"),
        ("order", "REPLACED"),
        ("BRACKET", "REPLACED", "SUCCESS", "REPLACED"),
    ]
    node = floor.tree(root.algo_order_id)[0]
    assert node.price == 3391
    assert node.order_id is not None
    assert floor.read(node.order_id).price == 3391


def test_a_bracket_is_edited_whole_or_not_at_all(floor: Floor):
    """A bad leg leaves the entry as it is, and a bad entry the legs."""
    root, inner, take, _ = floor.algo(bracket(price=3390))
    bad_leg = one(inner.algo_order_id, one(take.algo_order_id, trigger_price="3460.05"))
    assert floor.refusal(edit(root.algo_order_id, bad_leg, price=3391)).code == -1103
    good_leg = one(inner.algo_order_id, one(take.algo_order_id, trigger_price=3460))
    assert floor.refusal(edit(root.algo_order_id, good_leg, price=3600)).code == -1105


def test_a_trailing_stop_changes_its_callback(floor: Floor):
    """And its activation price as long as it waits for it."""
    active = floor.algo(trailing(callback_rate="0.01"))[0]
    floor.submit(edit(active.algo_order_id, callback_rate="0.02"))
    assert floor.tree(active.algo_order_id)[0].callback_rate == D("0.02")
    assert floor.refusal(edit(active.algo_order_id, activated_price=3500)).code == -1005
    assert floor.refusal(edit(active.algo_order_id, callback_value=5)).code == -1005
    asleep = floor.algo(trailing(callback_value=5, activated_price=3500))[0]
    floor.submit(edit(asleep.algo_order_id, activated_price=3410))
    floor.move(3410)
    assert floor.tree(asleep.algo_order_id)[0].is_activated
    assert floor.refusal(edit(asleep.algo_order_id, callback_value=0)).code == -1005


def test_what_has_fired_cannot_be_edited(floor: Floor):
    """The message names the order it has sent."""
    root = floor.algo(stop("BUY", 3410, price=3405))[0]
    floor.move(3410)
    refused = floor.refusal(edit(root.algo_order_id, trigger_price=3420))
    order_id = floor.tree(root.algo_order_id)[0].order_id
    assert (refused.code, str(order_id) in refused.message) == (-1006, True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, -1005),
        ({"trigger_price": 3390}, -1005),
        ({"trigger_price": "3390.05"}, -1103),
        ({"trigger_price": "NaN"}, -1005),
        ({"quantity": "0.00015"}, -1104),
        ({"price": 3390}, -1005),
        ({"callback_rate": "0.01"}, -1005),
        ({"is_activated": False}, -1005),
    ],
)
def test_a_bad_edit_of_a_stop_is_refused(floor: Floor, changes: Any, code: int):
    """Nothing to change, off the tick, not editable."""
    root = floor.algo(stop())[0]
    assert floor.refusal(edit(root.algo_order_id, **changes)).code == code


def test_edits_address_the_root_and_its_own_nodes(floor: Floor):
    """Other ids are refused with -1006."""
    root, take, _ = floor.algo(tp_sl())
    other = floor.algo(positional())[1]
    assert floor.refusal(edit(take.algo_order_id, trigger_price=3430)).code == -1006
    assert floor.refusal(edit(root.algo_order_id, one(other.algo_order_id, trigger_price=3430))).code == -1006
    assert floor.refusal(edit(5, trigger_price=3430)).code == -1006
    assert floor.refusal(edit(root.algo_order_id, trigger_price=3430)).code == -1005
    assert floor.refusal(edit(other.root_algo_order_id, one(other.algo_order_id, quantity=1))).code == -1005
    dropped = edit(root.algo_order_id, one(take.algo_order_id, is_activated=False))
    floor.submit(dropped)
    assert floor.refusal(edit(root.algo_order_id, one(take.algo_order_id, trigger_price=3430))).code == -1006
    assert floor.exchange.position("alice", ETH).position_qty == 0


def test_a_new_quantity_leaves_a_dropped_leg_alone(floor: Floor):
    """Only what can still fire changes."""
    root, take, _ = floor.algo(tp_sl())
    floor.submit(edit(root.algo_order_id, one(take.algo_order_id, is_activated=False)))
    floor.submit(edit(root.algo_order_id, quantity=2))
    assert [node.quantity for node in floor.tree(root.algo_order_id)] == [2, 1, 2]


def test_an_entry_edited_into_a_fill_lets_its_positional_legs_go(floor: Floor):
    """They were edited before they became an order of their own."""
    root, inner, take, _ = floor.algo(bracket("POSITIONAL_TP_SL", price=3390))
    leg = one(inner.algo_order_id, one(take.algo_order_id, trigger_price=3500))
    floor.submit(edit(root.algo_order_id, leg, price=3401))
    own = floor.tree(inner.algo_order_id)
    assert (own[0].parent_algo_order_id, own[1].trigger_price) == (0, 3500)
    assert floor.tree(root.algo_order_id)[0].algo_status == "FILLED"


def test_an_edited_quantity_shows_whole_if_the_old_one_did(floor: Floor):
    """What was hidden stays as it was."""
    shown, hidden = floor.algo(stop(price=3380))[0], floor.algo(stop(price=3380, visible_quantity=0))[0]
    for node in (shown, hidden):
        floor.submit(edit(node.algo_order_id, quantity=3))
    assert [floor.tree(node.algo_order_id)[0].visible_quantity for node in (shown, hidden)] == [3, 0]
