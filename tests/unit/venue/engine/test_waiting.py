"""What is found without looking: triggers by price, trees by kind and position, levels by their sums."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.enums import AlgoType, MarginMode, OrderSide
from orderly_sync.venue.engine.book import LimitOrderBook, Resting
from orderly_sync.venue.engine.commands import CancelAlgos
from orderly_sync.venue.engine.orders import fires, trailed
from orderly_sync.venue.engine.waiting import OpenTrees, TriggerIndex
from tests.support.algo_specs import bracket, positional, stop, tp_sl, trailing
from tests.support.venue_kit import ETH, ExchangeKit
from tests.unit.venue.engine.test_exchange import play

D = Decimal


@pytest.mark.parametrize("seed", range(20))
def test_the_indexes_are_those_of_the_open_trees(seed: int):
    """After any commands they equal indexes made anew, and any mark price reaches whatever it would change."""
    kit, _ = play(seed)
    state, kept = kit.exchange._state, kit.exchange._algos._triggers[ETH]
    anew = TriggerIndex()
    for name, account in state.accounts.items():
        trees, fresh = [tree for tree in account.trees.values() if not tree.is_done], OpenTrees()
        for tree in trees:
            fresh.put(tree)
            anew.put(name, tree)
        assert list(account.open_trees) == list(fresh) == sorted(tree.root_id for tree in trees)
        for kind in AlgoType:
            assert account.open_trees.of_kind(kind) == fresh.of_kind(kind)
        for mode in MarginMode.CROSS, MarginMode.ISOLATED:
            for side in OrderSide.BUY, OrderSide.SELL:
                key = (ETH, mode)
                assert account.open_trees.closing(key, side) == fresh.closing(key, side)
        for mark in (D(2_000), D(3_395), D(3_400), D(3_405), D(5_000)):
            moved = {(tree.root_id, name) for tree in trees if any(_moves(node, mark) for node in tree.armed)}
            assert moved <= kept.reached(mark)
    assert (kept._rising, kept._falling) == (anew._rising, anew._falling)


def _moves(node: Any, mark: Decimal) -> bool:
    return fires(node, mark) or trailed(node, mark) is not node


def test_a_price_between_all_triggers_reaches_nothing(kit: ExchangeKit):
    """Stops below and above, legs, a trailing stop that waits, a bracket that sleeps."""
    kit.algo(stop("SELL", 3380))
    kit.algo(stop("BUY", 3420))
    kit.algo(tp_sl(3430, 3370))
    kit.algo(positional(3440, 3360))
    kit.algo(trailing(activated_price=3450, callback_rate="0.01"))
    kit.algo(bracket(price=3390, take=3405, loss=3391))
    kept = kit.exchange._algos._triggers[ETH]
    assert kept.reached(D(3_400)) == kept.reached(D("3380.1")) == kept.reached(D("3419.9")) == set()
    assert [len(kept.reached(D(mark))) for mark in (3_380, 3_370, 3_360, 3_420, 3_430, 3_440, 3_450)] == [
        1,
        2,
        3,
        1,
        2,
        3,
        4,
    ]
    kit.submit(CancelAlgos())
    assert kept.reached(D(3_000)) == kept.reached(D(4_000)) == set()


def test_an_active_trailing_stop_is_reached_on_both_sides(kit: ExchangeKit):
    """At its extreme, which would move, and at its level, where it fires; both follow it."""
    kit.algo(trailing(callback_rate="0.01"))
    kept = kit.exchange._algos._triggers[ETH]
    assert [len(kept.reached(D(mark))) for mark in (3_399, 3_400, 3_366, 3_367)] == [0, 1, 1, 0]
    kit.mark(3_500)
    assert [len(kept.reached(D(mark))) for mark in (3_499, 3_500, 3_465, 3_466)] == [0, 1, 1, 0]


changes = st.lists(
    st.tuples(
        st.sampled_from(["add", "reduce", "cap", "remove"]),
        st.integers(0, 11),
        st.integers(1, 3),
        st.integers(1, 20),
        st.integers(0, 20),
        st.sampled_from([OrderSide.BUY, OrderSide.SELL]),
    ),
    max_size=40,
)


@given(changes)
def test_a_level_shows_the_sum_of_its_orders(moves: Any):
    """Whatever is added, filled, capped and removed; an empty level is none."""
    book, rows = LimitOrderBook(ETH), {}
    for kind, order_id, price, quantity, peak, side in moves:
        if order_id not in book:
            if kind == "add":
                rows[order_id] = Resting(
                    order_id=order_id,
                    account_id="a",
                    side=side,
                    price=D(price),
                    remaining=D(quantity),
                    peak=D(peak),
                )
                book.add(rows[order_id])
        elif kind == "remove":
            book.remove(order_id)
        elif kind == "cap":
            book.cap(order_id, D(peak))
        elif kind == "reduce":
            book.reduce(order_id, min(D(quantity), rows[order_id].remaining))
        left = [row for row in rows.values() if row.order_id in book]
        for each in OrderSide.BUY, OrderSide.SELL:
            wanted = {
                at: sum(row.shown for row in left if row.side is each and row.price == at) for at in (1, 2, 3)
            }
            assert {at: book.visible_at(each, D(at)) for at in wanted} == wanted
            assert dict(book.visible(each)) == {at: size for at, size in wanted.items() if size}


def test_what_leaves_the_band_goes_and_what_touches_it_stays(kit: ExchangeKit):
    """3 % around 3300: a bid over 3399 goes, one at 3399 stays; mirrored for asks, of all accounts."""
    kit.submit(kit.order("BUY", "LIMIT", 1, "3399.1"), "bob")
    kept = kit.place("BUY", "LIMIT", 1, 3399)
    hidden = kit.place("BUY", "LIMIT", 1, "3399.5", visible_quantity=D(0))
    kit.mark(3300, quote=False)
    assert not kit.read(kept.order_id).is_done
    assert kit.read(hidden.order_id).is_done
    assert kit.exchange.orders("bob")[0].is_done
    asked = kit.place("SELL", "LIMIT", 1, 3500)
    kit.mark(3_610, quote=False)
    assert kit.read(asked.order_id).is_done
