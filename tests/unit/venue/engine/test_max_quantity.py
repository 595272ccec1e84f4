"""The largest order an account could place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.engine.commands import (
    CancelOrders,
)
from tests.unit.venue.engine.floor import ETH, Floor

D = Decimal
LATER = 10_000


@pytest.mark.parametrize("side", ["BUY", "SELL"])
def test_the_largest_order_is_accepted_and_little_more_is_not(floor: Floor, side: str):
    """Both modes, with and without a position in the way."""
    for mode in (MarginMode.CROSS, MarginMode.ISOLATED):
        for _ in range(2):
            most = floor.exchange.max_quantity("alice", ETH, OrderSide(side), mode)
            assert most > 50
            price = 3400
            beyond = most * D("1.02")
            size = floor.exchange.rules[ETH].quantity_below(beyond)
            assert floor.refusal(floor.order(side, "LIMIT", size, price, margin_mode=mode)).code == -1101
            order = floor.place(side, "LIMIT", most, price, margin_mode=mode)
            assert not order.is_done
            floor.submit(CancelOrders())
            floor.place("BUY", "MARKET", 5, margin_mode=mode)
        floor.place("SELL", "MARKET", 10, margin_mode=mode)
        floor.quote()


def test_the_largest_order_is_bounded_by_the_symbol_and_0_without_money(floor: Floor):
    """base_max, and nothing at all."""
    floor.exchange.open_account("rich", usdc=D(10**9))
    floor.exchange.open_account("poor", usdc=D(0))
    assert floor.exchange.max_quantity("rich", ETH, OrderSide.BUY) == 600
    assert floor.exchange.max_quantity("poor", ETH, OrderSide.BUY) == 0
