"""The largest order an account could place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.engine.commands import (
    CancelOrders,
)
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal
LATER = 10_000


@pytest.mark.parametrize("side", ["BUY", "SELL"])
def test_the_largest_order_is_accepted_and_little_more_is_not(kit: ExchangeKit, side: str):
    """Both modes, with and without a position in the way."""
    for mode in (MarginMode.CROSS, MarginMode.ISOLATED):
        for _ in range(2):
            most = kit.exchange.max_quantity("alice", ETH, OrderSide(side), mode)
            assert most > 50
            price = 3400
            beyond = most * D("1.02")
            size = kit.exchange.rules[ETH].quantity_below(beyond)
            assert kit.refusal(kit.order(side, "LIMIT", size, price, margin_mode=mode)).code == -1101
            order = kit.place(side, "LIMIT", most, price, margin_mode=mode)
            assert not order.is_done
            kit.submit(CancelOrders())
            kit.place("BUY", "MARKET", 5, margin_mode=mode)
        kit.place("SELL", "MARKET", 10, margin_mode=mode)
        kit.quote()


def test_the_largest_order_is_bounded_by_the_symbol_and_0_without_money(kit: ExchangeKit):
    """base_max, and nothing at all."""
    kit.exchange.open_account("rich", usdc=D(10**9))
    kit.exchange.open_account("poor", usdc=D(0))
    assert kit.exchange.max_quantity("rich", ETH, OrderSide.BUY) == 600
    assert kit.exchange.max_quantity("poor", ETH, OrderSide.BUY) == 0
