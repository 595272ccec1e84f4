"""The sums of open orders equal what adding them up would give, after any commands."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import attrs
import pytest

from orderly_sync.models.enums import MarginMode, OrderSide, OrderType
from orderly_sync.venue.engine.orders import Order
from orderly_sync.venue.engine.pending import Side, freeze, surplus
from orderly_sync.venue.engine.state import Account
from tests.support.venue_kit import ETH, ExchangeKit
from tests.unit.venue.engine.test_exchange import play

D = Decimal


@pytest.mark.parametrize("seed", range(20))
def test_the_sums_are_those_of_the_orders(seed: int):
    """Of every account, position and side: unfilled, reduce-only, frozen; and an order left out is left out."""
    kit, _ = play(seed)
    for account in kit.exchange._state.accounts.values():
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


def _opening(orders: list[Order], closable: Decimal) -> tuple[Decimal, Decimal]:
    """What opens and what that freezes, added up anew: those that fill first close, as far as there is to close."""
    frozen = notional = D(0)
    for order in sorted(orders, key=lambda one: (-one.freeze_price * one.sign, one.order_id or 1 << 63)):
        closes = min(closable, order.remaining)
        closable -= closes
        frozen += freeze(order, order.remaining - closes)
        notional += (order.remaining - closes) * order.freeze_price
    return frozen, notional


def _isolated(random: Random, order_id: int, side: OrderSide) -> Order:
    quantity = D(random.randint(1, 40)) / 4
    return Order(
        order_id=order_id,
        account_id="a",
        symbol=ETH,
        side=side,
        type=OrderType.LIMIT,
        price=D(3000),
        quantity=quantity,
        visible_quantity=quantity,
        executed_quantity=quantity * random.randint(0, 3) / 4,
        margin_mode=MarginMode.ISOLATED,
        freeze_price=D(random.randint(2900, 2910)),
        margin_rate=D(random.choice(["0.1", "0.037", "0.02"])),
        reduce_only=random.random() < 0.1,
    )


@pytest.mark.parametrize("seed", range(20))
def test_what_opens_beyond_a_position_is_what_adding_up_gives(seed: int):
    """After any placing, filling, editing and cancelling, however often and about whatever order it is asked."""
    random = Random(seed)
    which = random.choice([OrderSide.BUY, OrderSide.SELL])
    side = Side()
    for step in range(1, 150):
        known = list(side.orders)
        order_id = random.choice(known) if known and random.random() < 0.5 else step
        if order_id in known and random.random() < 0.5:
            side.forget(order_id)
        else:
            side.forget(order_id)
            side.add(_isolated(random, order_id, which))
        for _ in range(random.randint(1, 25)):
            closable = D(random.randint(0, 200)) / 8
            put = random.choice([None, attrs.evolve(_isolated(random, 0, which), reduce_only=False)])
            without = random.choice([0, *side.orders])
            rows = [one for one in side.orders.values() if one.order_id != without and not one.reduce_only]
            wanted = _opening([*rows, *([put] if put else [])], closable)
            for _ in range(2):
                assert side.frozen(closable, put=put, without=without) == wanted[0]
                assert side.opening_notional(closable, put=put, without=without) == wanted[1]


@pytest.mark.parametrize(
    ("closable", "gone"),
    [(6, []), (5, [3]), (3, [3]), (D("2.9"), [3, 2]), (1, [3, 2]), (D("0.5"), [3, 2, 1]), (0, [3, 2, 1])],
)
def test_the_newest_surplus_goes_first(closable: Decimal, gone: list[int]):
    """Whole orders, and no more of them than it takes."""
    assert surplus({1: D(1), 2: D(2), 3: D(3)}, D(closable)) == gone


def test_open_orders_of_a_symbol_come_oldest_first(kit: ExchangeKit):
    """Across sides and modes, and after an edit."""
    placed = [
        kit.place(side, "LIMIT", 1, price, margin_mode=mode).order_id
        for side, price in (("BUY", 3390), ("SELL", 3410), ("BUY", 3391))
        for mode in (MarginMode.ISOLATED, MarginMode.CROSS)
    ]
    account = kit.exchange._state.account("alice")
    assert [order.order_id for order in account.open_orders(ETH)] == placed
    assert [order.order_id for order in account.open_orders("PERP_BTC_USDC")] == []
