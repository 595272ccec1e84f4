"""The sums of open orders equal what adding them up would give, after any commands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.engine.pending import freeze, surplus
from orderly_sync.venue.engine.state import Account
from tests.unit.venue.engine.floor import ETH, Floor
from tests.unit.venue.engine.test_exchange import play

D = Decimal


@pytest.mark.parametrize("seed", range(20))
def test_the_sums_are_those_of_the_orders(seed: int):
    """Of every account, position and side: unfilled, reduce-only, frozen; and an order left out is left out."""
    floor, _ = play(seed)
    for account in floor.exchange._state.accounts.values():
        _agrees(account)


def _agrees(account: Account) -> None:
    opened = [order for order in account.orders.values() if not order.is_done]
    assert sorted(account.open_ids) == sorted(order.order_id for order in opened)
    for mode in (MarginMode.CROSS, MarginMode.ISOLATED):
        key = (ETH, mode)
        mine = [order for order in opened if (order.symbol, order.margin_mode) == key]
        assert (key in account.working) == bool(mine)
        sums = []
        for side in (OrderSide.BUY, OrderSide.SELL):
            rows = [order for order in mine if order.side is side]
            kept = account.working.side(key, side)
            assert list(kept.orders.values()) == sorted(rows, key=lambda order: order.order_id)
            assert kept.remaining == sum((order.remaining for order in rows), D(0))
            assert kept.reducing == sum((order.remaining for order in rows if order.reduce_only), D(0))
            assert kept.frozen(D(0)) == sum((freeze(order, order.remaining) for order in rows), D(0))
            sums.append(kept.remaining)
            for order in rows:
                assert kept.frozen(D(0), without=order.order_id) == kept.frozen(D(0)) - freeze(
                    order, order.remaining
                )
        assert account.pending(key) == tuple(sums)
        for order in mine:
            bought, sold = account.pending(key, order.order_id)
            assert sum(sums) - bought - sold == order.remaining


@pytest.mark.parametrize(
    ("closable", "gone"),
    [(6, []), (5, [3]), (3, [3]), (D("2.9"), [3, 2]), (1, [3, 2]), (D("0.5"), [3, 2, 1]), (0, [3, 2, 1])],
)
def test_the_newest_surplus_goes_first(closable: Decimal, gone: list[int]):
    """Whole orders, and no more of them than it takes."""
    assert surplus({1: D(1), 2: D(2), 3: D(3)}, D(closable)) == gone


def test_open_orders_of_a_symbol_come_oldest_first(floor: Floor):
    """Across sides and modes, and after an edit."""
    placed = [
        floor.place(side, "LIMIT", 1, price, margin_mode=mode).order_id
        for side, price in (("BUY", 3390), ("SELL", 3410), ("BUY", 3391))
        for mode in (MarginMode.ISOLATED, MarginMode.CROSS)
    ]
    account = floor.exchange._state.account("alice")
    assert [order.order_id for order in account.open_orders(ETH)] == placed
    assert [order.order_id for order in account.open_orders("PERP_BTC_USDC")] == []
