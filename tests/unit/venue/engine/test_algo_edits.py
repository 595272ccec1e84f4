"""Edits of algo orders: what may change, what is told, what is refused whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.models.enums import AlgoType, OrderType
from orderly_sync.venue.engine.commands import AlgoEdit, CancelAlgos, EditAlgo
from orderly_sync.venue.engine.facts import AlgoReported
from tests.support.algo_specs import bracket, positional, stop, tp_sl, trailing
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal
NEW, USELESS = "NEW", "USELESS"


def edit(order_id: int, *children: AlgoEdit, **changes: Any) -> EditAlgo:
    return EditAlgo(root=one(order_id, *children, **changes))


def one(order_id: int, *children: AlgoEdit, **changes: Any) -> AlgoEdit:
    kept = (bool, OrderType)
    values = {name: value if isinstance(value, kept) else D(str(value)) for name, value in changes.items()}
    return AlgoEdit(order_id=order_id, children=children, **values)


def test_an_edited_stop_is_reported_replaced_and_stays_new(kit: ExchangeKit):
    """The report says REPLACED, the order itself is NEW."""
    root = kit.algo(stop(price=3380))[0]
    kit.submit(edit(root.algo_order_id, trigger_price=3385, quantity=2, price=3370))
    assert kit.answer == {"status": "EDIT_SENT"}
    assert kit.reported() == [("STOP", "REPLACED", USELESS, "REPLACED")]
    (node,) = kit.tree(root.algo_order_id)
    assert (node.algo_status, node.root_algo_status) == (NEW, NEW)
    assert (node.trigger_price, node.quantity, node.price) == (3385, 2, 3370)
    assert (node.updated_time, node.created_time) == (kit.now, root.created_time)


def test_a_trigger_edited_beyond_mark_fires_at_once(kit: ExchangeKit):
    """REPLACED comes first."""
    root = kit.algo(stop())[0]
    kit.submit(edit(root.algo_order_id, trigger_price=3410))
    rows = [row for row in kit.reported() if row[0] == "STOP"]
    assert rows[0] == ("STOP", "REPLACED", USELESS, "REPLACED")
    assert rows[-1] == ("STOP", "FILLED", "SUCCESS", "FILLED")


def test_legs_are_edited_by_their_own_ids(kit: ExchangeKit):
    """Only the leg changes; the report shows all."""
    root, take, loss = kit.algo(tp_sl())
    kit.submit(edit(root.algo_order_id, one(take.algo_order_id, trigger_price=3430)))
    (report,) = (fact for fact in kit.facts if isinstance(fact, AlgoReported))
    assert report.changed == (take.algo_order_id,)
    assert [str(node.algo_status) for node in report.nodes] == [NEW, "REPLACED", NEW]
    assert {str(node.root_algo_status) for node in report.nodes} == {"REPLACED"}
    _, after, same = kit.tree(root.algo_order_id)
    assert (after.trigger_price, same) == (3430, loss)


def test_a_quantity_of_tp_sl_holds_for_root_and_legs(kit: ExchangeKit):
    """Given on both legs equally, and on the root if at all; anything else is refused."""
    root, take, loss = kit.algo(tp_sl())
    both = (one(take.algo_order_id, quantity=2), one(loss.algo_order_id, quantity=2))
    kit.submit(edit(root.algo_order_id, *both))
    assert [node.quantity for node in kit.tree(root.algo_order_id)] == [2, 2, 2]
    thrice = (one(take.algo_order_id, quantity=3), one(loss.algo_order_id, quantity=3, trigger_price=3370))
    kit.submit(edit(root.algo_order_id, *thrice, quantity=3))
    assert [node.quantity for node in kit.tree(root.algo_order_id)] == [3, 3, 3]
    assert {node.visible_quantity for node in kit.tree(root.algo_order_id)} == {3}
    for wrong in (
        edit(root.algo_order_id, one(take.algo_order_id, quantity=2), one(loss.algo_order_id, quantity=4)),
        edit(root.algo_order_id, one(take.algo_order_id, quantity=2)),
        edit(root.algo_order_id, one(loss.algo_order_id, quantity=3), one(take.algo_order_id, quantity=2)),
        edit(root.algo_order_id, quantity=2),
        edit(root.algo_order_id, *both, quantity=4),
        edit(root.algo_order_id, one(take.algo_order_id, quantity=2), quantity=2),
    ):
        refused = kit.refusal(wrong)
        assert (refused.code, "must be the same" in refused.message) == (-1005, True)


def test_the_only_leg_of_a_tp_sl_names_its_quantity_alone(kit: ExchangeKit):
    """So does the one left after its sibling was cancelled."""
    root, take = kit.algo(tp_sl(loss=None))
    kit.submit(edit(root.algo_order_id, one(take.algo_order_id, quantity=2)))
    assert [node.quantity for node in kit.tree(root.algo_order_id)] == [2, 2]
    root, take, loss = kit.algo(tp_sl())
    kit.submit(CancelAlgos(algo_type=AlgoType.STOP_LOSS))
    kit.submit(edit(root.algo_order_id, one(take.algo_order_id, quantity=2)))
    assert [node.quantity for node in kit.tree(root.algo_order_id)] == [2, 2, 1]
    assert kit.tree(loss.algo_order_id)[2].is_done


def test_the_legs_of_a_bracket_change_their_quantity_together(kit: ExchangeKit):
    """Once its entry has filled."""
    root, inner, take, loss = kit.algo(bracket(type="MARKET"))
    one_leg = one(inner.algo_order_id, one(take.algo_order_id, quantity=2))
    assert kit.refusal(edit(root.algo_order_id, one_leg)).code == -1005
    legs = (one(take.algo_order_id, quantity=2), one(loss.algo_order_id, quantity=2))
    kit.submit(edit(root.algo_order_id, one(inner.algo_order_id, *legs)))
    assert [node.quantity for node in kit.tree(root.algo_order_id)] == [1, 2, 2, 2]


def test_a_leg_that_is_switched_off_waits(kit: ExchangeKit):
    """It is told as replaced and does not fire; with the last one the tree is over."""
    kit.place("BUY", "MARKET", 1)
    root, take, loss = kit.algo(tp_sl())
    kit.submit(edit(root.algo_order_id, one(loss.algo_order_id, is_activated=False)))
    assert kit.reported() == [("STOP_LOSS", "REPLACED", USELESS, "REPLACED")]
    after = kit.tree(root.algo_order_id)[2]
    assert (after.algo_status, after.is_activated, after.trigger_price) == (NEW, False, 3380)
    assert kit.refusal(edit(root.algo_order_id, one(loss.algo_order_id, is_activated=False))).code == -1005
    kit.mark(3370)
    assert not kit.tree(root.algo_order_id)[0].is_done
    kit.submit(edit(root.algo_order_id, one(take.algo_order_id, is_activated=False)))
    assert kit.reported() == [
        (kind, "CANCELLED", USELESS, "CANCELLED") for kind in ("TP_SL", "TAKE_PROFIT", "STOP_LOSS")
    ]
    assert kit.refusal(edit(root.algo_order_id, quantity=2)).code == -1006


@pytest.mark.parametrize("also", [{}, {"is_activated": True}])
def test_a_new_trigger_brings_a_leg_back(kit: ExchangeKit, also: Any):
    """It fires there, not where it would have fired before; its sibling goes then as ever."""
    kit.place("BUY", "MARKET", 1)
    root, _, loss = kit.algo(tp_sl())
    kit.submit(edit(root.algo_order_id, one(loss.algo_order_id, is_activated=False)))
    kit.submit(edit(root.algo_order_id, one(loss.algo_order_id, trigger_price=3360, **also)))
    assert kit.reported() == [("STOP_LOSS", "REPLACED", USELESS, "REPLACED")]
    assert kit.tree(root.algo_order_id)[2].is_activated
    kit.mark(3370)
    assert not kit.tree(root.algo_order_id)[2].is_triggered
    kit.mark(3360)
    assert [str(node.algo_status) for node in kit.tree(root.algo_order_id)] == [
        "FILLED",
        "CANCELLED",
        "FILLED",
    ]


def test_switching_on_alone_keeps_the_trigger(kit: ExchangeKit):
    """True without a price; where the mark price is beyond it by now, the leg fires."""
    kit.place("BUY", "MARKET", 1)
    root, _, loss = kit.algo(tp_sl())
    kit.submit(edit(root.algo_order_id, one(loss.algo_order_id, is_activated=False)))
    kit.mark(3379)
    kit.submit(edit(root.algo_order_id, one(loss.algo_order_id, is_activated=True)))
    assert kit.tree(root.algo_order_id)[2].algo_status == "FILLED"


def test_a_leg_comes_back_with_another_order_type(kit: ExchangeKit):
    """MARKET becomes LIMIT with a price and back; a LIMIT without a price, or a type of another tree, is refused."""
    kit.place("BUY", "MARKET", 1)
    root, take, _ = kit.algo(tp_sl())
    own, leg = root.algo_order_id, take.algo_order_id
    limit = {"order_type": OrderType.LIMIT, "trigger_price": 3430}
    assert kit.refusal(edit(own, one(leg, **limit, price=3431))).code == -1005
    kit.submit(edit(own, one(leg, is_activated=False)))
    assert kit.refusal(edit(own, one(leg, **limit))).code == -1005
    assert kit.refusal(edit(own, one(leg, order_type=OrderType.LIMIT, price=3431))).code == -1005
    strange = one(leg, order_type=OrderType.CLOSE_POSITION, trigger_price=3430)
    assert kit.refusal(edit(own, strange)).code == -1005
    kit.submit(edit(own, one(leg, **limit, price=3431)))
    node = kit.tree(own)[1]
    assert (node.type, node.price, node.trigger_price, node.is_activated) == ("LIMIT", 3431, 3430, True)
    kit.submit(edit(own, one(leg, is_activated=False)))
    kit.submit(edit(own, one(leg, order_type=OrderType.MARKET, trigger_price=3420)))
    node = kit.tree(own)[1]
    assert (node.type, node.price, node.trigger_price) == ("MARKET", None, 3420)
    kit.mark(3420)
    assert kit.tree(own)[0].algo_status == "FILLED"


def test_the_type_it_has_already_may_be_named(kit: ExchangeKit):
    """As the JS SDK does in every edit."""
    root, take, _ = kit.algo(positional())
    named = one(take.algo_order_id, order_type=OrderType.CLOSE_POSITION, trigger_price=3460)
    kit.submit(edit(root.algo_order_id, named))
    assert kit.tree(root.algo_order_id)[1].trigger_price == 3460


def test_legs_of_a_bracket_wait_and_return_too(kit: ExchangeKit):
    """Switched off while its entry waits; a partial fill gives it its quantity all the same."""
    root, inner, take, loss = kit.algo(bracket(price=3390, quantity=2))
    off = one(inner.algo_order_id, one(take.algo_order_id, is_activated=False))
    kit.submit(edit(root.algo_order_id, off))
    kit.submit(kit.order("SELL", "LIMIT", 20, 3390), "bob")
    node = kit.tree(root.algo_order_id)[2]
    assert (node.quantity, node.is_activated, node.is_done) == (2, False, False)
    back = one(inner.algo_order_id, one(take.algo_order_id, trigger_price=3440))
    kit.submit(edit(root.algo_order_id, back))
    kit.mark(3440)
    assert kit.tree(root.algo_order_id)[2].algo_status == "FILLED"
    assert kit.tree(loss.algo_order_id)[3].algo_status == "CANCELLED"


def test_a_closed_position_takes_a_waiting_leg_along(kit: ExchangeKit):
    """Switched off or not."""
    kit.place("BUY", "MARKET", 1)
    root, take, _ = kit.algo(tp_sl())
    kit.submit(edit(root.algo_order_id, one(take.algo_order_id, is_activated=False)))
    kit.place("SELL", "MARKET", 1)
    assert {str(node.algo_status) for node in kit.tree(root.algo_order_id)} == {"CANCELLED"}


def test_editing_the_entry_of_a_bracket_edits_its_order(kit: ExchangeKit):
    """Both topics say REPLACED; the order moves on the book."""
    root, _, take, _ = kit.algo(bracket(price=3390))
    changes = edit(
        root.algo_order_id,
        one(root.algo_order_id + 1, one(take.algo_order_id, trigger_price=3460)),
        price=3391,
    )
    kit.submit(changes)
    assert kit.reported() == [
        ("TAKE_PROFIT", "REPLACED", USELESS, "REPLACED"),
        ("order", "REPLACED"),
        ("BRACKET", "REPLACED", "SUCCESS", "REPLACED"),
    ]
    node = kit.tree(root.algo_order_id)[0]
    assert node.price == 3391
    assert node.order_id is not None
    assert kit.read(node.order_id).price == 3391


def test_a_bracket_is_edited_whole_or_not_at_all(kit: ExchangeKit):
    """A bad leg leaves the entry as it is, and a bad entry the legs."""
    root, inner, take, _ = kit.algo(bracket(price=3390))
    bad_leg = one(inner.algo_order_id, one(take.algo_order_id, trigger_price="3460.05"))
    assert kit.refusal(edit(root.algo_order_id, bad_leg, price=3391)).code == -1103
    good_leg = one(inner.algo_order_id, one(take.algo_order_id, trigger_price=3460))
    assert kit.refusal(edit(root.algo_order_id, good_leg, price=3600)).code == -1105


def test_a_trailing_stop_changes_its_callback(kit: ExchangeKit):
    """And its activation price as long as it waits for it."""
    active = kit.algo(trailing(callback_rate="0.01"))[0]
    kit.submit(edit(active.algo_order_id, callback_rate="0.02"))
    assert kit.tree(active.algo_order_id)[0].callback_rate == D("0.02")
    assert kit.refusal(edit(active.algo_order_id, activated_price=3500)).code == -1005
    assert kit.refusal(edit(active.algo_order_id, callback_value=5)).code == -1005
    asleep = kit.algo(trailing(callback_value=5, activated_price=3500))[0]
    kit.submit(edit(asleep.algo_order_id, activated_price=3410))
    kit.mark(3410)
    assert kit.tree(asleep.algo_order_id)[0].is_activated
    assert kit.refusal(edit(asleep.algo_order_id, callback_value=0)).code == -1005


def test_what_has_fired_cannot_be_edited(kit: ExchangeKit):
    """The message names the order it has sent."""
    root = kit.algo(stop("BUY", 3410, price=3405))[0]
    kit.mark(3410)
    refused = kit.refusal(edit(root.algo_order_id, trigger_price=3420))
    order_id = kit.tree(root.algo_order_id)[0].order_id
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
def test_a_bad_edit_of_a_stop_is_refused(kit: ExchangeKit, changes: Any, code: int):
    """Nothing to change, off the tick, not editable."""
    root = kit.algo(stop())[0]
    assert kit.refusal(edit(root.algo_order_id, **changes)).code == code


def test_edits_address_the_root_and_its_own_nodes(kit: ExchangeKit):
    """Other ids are refused with -1006."""
    root, take, _ = kit.algo(tp_sl())
    other = kit.algo(positional())[1]
    assert kit.refusal(edit(take.algo_order_id, trigger_price=3430)).code == -1006
    assert kit.refusal(edit(root.algo_order_id, one(other.algo_order_id, trigger_price=3430))).code == -1006
    assert kit.refusal(edit(5, trigger_price=3430)).code == -1006
    assert kit.refusal(edit(root.algo_order_id, trigger_price=3430)).code == -1005
    assert kit.refusal(edit(other.root_algo_order_id, one(other.algo_order_id, quantity=1))).code == -1005
    kit.submit(CancelAlgos(algo_type=AlgoType.TAKE_PROFIT))
    for changes in ({"trigger_price": 3430}, {"is_activated": False}, {"is_activated": True}):
        assert kit.refusal(edit(root.algo_order_id, one(take.algo_order_id, **changes))).code == -1006
    assert kit.exchange.position("alice", ETH).position_qty == 0


def test_a_new_quantity_reaches_a_waiting_leg(kit: ExchangeKit):
    """It must be named like the other."""
    root, take, loss = kit.algo(tp_sl())
    kit.submit(edit(root.algo_order_id, one(take.algo_order_id, is_activated=False)))
    assert kit.refusal(edit(root.algo_order_id, one(loss.algo_order_id, quantity=2))).code == -1005
    both = (one(take.algo_order_id, quantity=2), one(loss.algo_order_id, quantity=2))
    kit.submit(edit(root.algo_order_id, *both))
    assert [node.quantity for node in kit.tree(root.algo_order_id)] == [2, 2, 2]
    assert not kit.tree(root.algo_order_id)[1].is_activated


def test_an_entry_edited_into_a_fill_lets_its_positional_legs_go(kit: ExchangeKit):
    """They were edited before they became an order of their own."""
    root, inner, take, _ = kit.algo(bracket("POSITIONAL_TP_SL", price=3390))
    leg = one(inner.algo_order_id, one(take.algo_order_id, trigger_price=3500))
    kit.submit(edit(root.algo_order_id, leg, price=3401))
    own = kit.tree(inner.algo_order_id)
    assert (own[0].parent_algo_order_id, own[1].trigger_price) == (0, 3500)
    assert kit.tree(root.algo_order_id)[0].algo_status == "FILLED"


def test_an_edited_quantity_shows_whole_if_the_old_one_did(kit: ExchangeKit):
    """What was hidden stays as it was."""
    shown, hidden = kit.algo(stop(price=3380))[0], kit.algo(stop(price=3380, visible_quantity=0))[0]
    for node in (shown, hidden):
        kit.submit(edit(node.algo_order_id, quantity=3))
    assert [kit.tree(node.algo_order_id)[0].visible_quantity for node in (shown, hidden)] == [3, 0]
