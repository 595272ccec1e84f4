"""The estimated liquidation price of symbols of any price."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

from orderly_sync.formulas import margin
from orderly_sync.formulas.margin import Exposure
from orderly_sync.models.enums import MarginMode, OrderSide, OrderType
from orderly_sync.venue.engine.commands import PlaceOrder
from orderly_sync.venue.engine.exchange import Exchange
from orderly_sync.venue.engine.symbols import SYMBOLS
from tests.support.venue_kit import ETH

D = Decimal
CHEAP = "PERP_CHEAP_USDC"


def opened(price: str, side: str, mode: str) -> Exchange:
    """An account with 3,000 USDC that trades for 20,000 at a price where a tick is a hundred-thousandth of it."""
    at = D(price)
    rules = attrs.evolve(
        next(each for each in SYMBOLS if each.symbol == ETH),
        symbol=CHEAP,
        reference_price=at,
        quote_tick=at / 100_000,
        quote_min=D(0),
        base_min=1 / at,
        base_tick=1 / at,
        base_max=10**7 / at,
    )
    exchange = Exchange(symbols=(rules,))
    exchange.open_account("maker", usdc=D(10**9), is_maker=True)
    exchange.open_account("alice", usdc=D(3_000))
    for each, by in ((OrderSide(side).opposite, "maker"), (OrderSide(side), "alice")):
        order = PlaceOrder(
            symbol=CHEAP,
            side=each,
            order_type=OrderType.LIMIT,
            price=at,
            quantity=20_000 / at,
            margin_mode=MarginMode(mode),
        )
        exchange.submit(by, order, 1_000)
    return exchange


@pytest.mark.parametrize("side", ["BUY", "SELL"])
@pytest.mark.parametrize("price", ["50000", "3200", "0.25", "0.002", "0.00000128"])
def test_it_is_as_exact_as_the_clients_at_every_price(price: str, side: str):
    """To 1e-9 of the price, where collateral is the maintenance margin."""
    exchange = opened(price, side, "CROSS")
    row, rules = exchange.position("alice", CHEAP), exchange.rules[CHEAP]
    exposure = Exposure(
        symbol=CHEAP,
        mark_price=row.mark_price,
        leverage=row.leverage,
        base_imr=rules.base_imr,
        base_mmr=rules.base_mmr,
        imr_factor=rules.imr_factor,
        quantity=row.position_qty,
        unsettled_pnl=row.unsettled_pnl,
    )
    collateral = exchange.account("alice").total_collateral
    found = margin.liquidation_price(collateral, exposure)
    assert found > 0
    assert abs(row.est_liq_price - found) <= found * D("2e-9")
    size, at = abs(row.position_qty), row.est_liq_price
    left = collateral + row.position_qty * (at - row.mark_price) - size * at * exposure.mmr(size * at)
    assert abs(left) < D("0.0001")


@pytest.mark.parametrize("price", ["0.25", "0.00000128"])
def test_isolated_ones_keep_ten_digits_too(price: str):
    """Margin and PnL meet the maintenance margin there."""
    row = opened(price, "BUY", "ISOLATED").position("alice", CHEAP, "ISOLATED")
    at = row.est_liq_price
    left = row.margin + row.position_qty * at - row.cost_position - row.position_qty * at * row.mmr
    assert 0 < at < D(price)
    assert abs(left) < D("0.0001")
