"""``ex.margin``: what a client computes from its live state is what its venue computes from its own."""

from __future__ import annotations

import random
from contextlib import suppress
from decimal import Decimal

import pytest

from orderly_sync import (
    BadRequest,
    InsufficientMargin,
    InvalidOrder,
    Market,
    Orderly,
    UsageError,
    connect,
)
from orderly_sync.errors import ApiError
from orderly_sync.formulas.margin import unrealized_pnl
from tests.support.paper import eventually

D = Decimal
ETH = "PERP_ETH_USDC"
SYMBOLS = (ETH, "PERP_BTC_USDC", "PERP_SOL_USDC")
CLOSE = D("0.0001")


def settled(ex: Orderly) -> None:
    """Wait until the live state says what REST says: pushes arrive on another thread."""

    def agrees() -> bool:
        rows = {
            (row.symbol, row.margin_mode): (row.quantity, row.mark_price, row.margin)
            for row in ex.rest.positions.list()
            if row.quantity
        }
        live = {
            (row.symbol, row.margin_mode): (row.quantity, row.mark_price, row.margin)
            for row in ex.positions.values()
            if row.quantity
        }
        orders = {row.order_id for row in ex.rest.orders.list(status="INCOMPLETE", size=500).each()}
        balance = ex.rest.assets.holding()["USDC"]
        held = ex.holdings["USDC"]
        return (
            rows == live
            and orders == set(ex.orders)
            and (balance.holding, balance.isolated_order_frozen) == (held.holding, held.isolated_order_frozen)
            and abs(ex.margin.free_collateral() - ex.rest.positions.list().free_collateral) <= CLOSE
        )

    eventually(agrees)


def mark(ex: Orderly, symbol: str) -> Decimal:
    price = ex.rest.market.futures_info(symbol).mark_price
    assert price is not None
    return price


def trade(ex: Orderly, chance: random.Random) -> None:
    """Something at random: an order of either kind and mode, another leverage, another mark price."""
    symbol, side = chance.choice(SYMBOLS), chance.choice(["BUY", "SELL"])
    mode = chance.choice(["CROSS", "CROSS", "ISOLATED"])
    rules, price = ex.rest.market.rules(symbol), mark(ex, symbol)
    match chance.randrange(6):
        case 0:
            # That of isolated margin stays as it is under a position.
            with suppress(BadRequest):
                ex.rest.config.set_leverage(symbol=symbol, leverage=chance.randint(2, 20), margin_mode=mode)
        case 1:
            ex.paper.set_mark_price(symbol, price * D(chance.randint(995, 1005)) / 1000)
        case kind:
            worth = chance.randint(100, 3000)
            quantity = D(worth) / price // rules.base_tick * rules.base_tick
            away = price * D("0.99" if side == "BUY" else "1.01") // rules.quote_tick * rules.quote_tick
            ex.rest.orders.create(
                symbol=symbol,
                order_type="MARKET" if kind > 3 else "LIMIT",
                side=side,
                order_price=None if kind > 3 else away,
                order_quantity=quantity,
                margin_mode=mode,
            )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_trades_client_and_venue_agree(ex: Orderly, seed: int):
    """Totals, ratios, and of each position its margin ratios, liquidation price and PnL."""
    chance = random.Random(seed)
    for _ in range(25):
        # Chance may ask for too much: for margin, for too small an order, for a price too far away.
        with suppress(InsufficientMargin, InvalidOrder):
            trade(ex, chance)
    settled(ex)

    said, margin = ex.rest.positions.list(), ex.margin
    assert len(said) > 2
    for computed, wanted in (
        (margin.total_collateral(), said.total_collateral_value),
        (margin.free_collateral(), said.free_collateral),
        (margin.margin_ratio(), said.margin_ratio),
        (margin.initial_margin_ratio(), said.initial_margin_ratio),
        (margin.maintenance_margin_ratio(), said.maintenance_margin_ratio),
    ):
        assert wanted is not None
        assert abs(computed - wanted) <= CLOSE
    for row in said:
        if not row.quantity:
            continue
        at = {"symbol": row.symbol, "margin_mode": row.margin_mode}
        assert round(margin.imr(**at), 8) == row.imr
        assert round(margin.mmr(**at), 8) == row.mmr
        assert abs(margin.liquidation_price(**at) - row.est_liq_price) <= CLOSE
    shown = sum(row.unsettled_pnl for row in said if row.margin_mode == "CROSS")
    assert abs(margin.unsettled_pnl() - shown) <= CLOSE
    realizable = sum(unrealized_pnl(row.quantity, row.mark_price, row.average_open_price) for row in said)
    assert abs(margin.unrealized_pnl() - realizable) <= CLOSE


@pytest.mark.parametrize("mode", ["CROSS", "ISOLATED"])
@pytest.mark.parametrize("side", ["BUY", "SELL"])
def test_the_largest_order_is_taken_and_little_more_is_not(ex: Orderly, side: str, mode: str):
    """With a position and an order in the way, in both margin modes."""
    rules = ex.rest.market.rules(ETH)
    price = mark(ex, ETH) // 1
    ex.rest.config.set_leverage(symbol=ETH, leverage=2, margin_mode=mode)
    ex.place(Market.buy(ETH, quantity="0.3")).wait("filled", 5)
    ex.rest.orders.create(
        symbol=ETH,
        order_type="LIMIT",
        side=side,
        order_price=price + (-3 if side == "BUY" else 3),
        order_quantity=D("0.2"),
        margin_mode=mode,
    )
    settled(ex)

    most = ex.margin.max_quantity("ETH", side, margin_mode=mode)
    more = most * D("1.02") // rules.base_tick * rules.base_tick
    order = {"symbol": ETH, "order_type": "LIMIT", "side": side, "margin_mode": mode}
    at = price + (-4 if side == "BUY" else 4)
    assert 1 < most < rules.base_max
    with pytest.raises(InsufficientMargin):
        ex.rest.orders.create(order_price=at, order_quantity=more, **order)
    assert ex.rest.orders.create(order_price=at, order_quantity=most, **order).is_accepted
    settled(ex)
    assert ex.margin.max_quantity("ETH", side, margin_mode=mode) < most / 20


@pytest.mark.parametrize("side", ["BUY", "SELL"])
def test_the_largest_isolated_market_order_is_that_of_its_reference_price(ex: Orderly, side: str):
    """A market order freezes at the end of the price range: dearer to buy, cheaper to sell."""
    rules = ex.rest.market.rules(ETH)
    ex.rest.config.set_leverage(symbol=ETH, leverage=2, margin_mode="ISOLATED")
    settled(ex)
    away = rules.price_range if side == "BUY" else -rules.price_range
    plain = ex.margin.max_quantity(ETH, side, margin_mode="ISOLATED")

    most = ex.margin.max_quantity(ETH, side, margin_mode="ISOLATED", price=mark(ex, ETH) * (1 + away))
    order = {"symbol": ETH, "order_type": "MARKET", "side": side, "margin_mode": "ISOLATED"}
    assert (most < plain) is (side == "BUY")
    with pytest.raises(InsufficientMargin):
        ex.rest.orders.create(order_quantity=most * D("1.02") // rules.base_tick * rules.base_tick, **order)
    assert ex.rest.orders.create(order_quantity=most, **order).is_accepted


def test_an_account_without_anything_has_all_of_it_free(ex: Orderly):
    """No position, no liquidation price, everything withdrawable."""
    usdc = ex.holdings["USDC"].holding
    margin = ex.margin

    assert margin.free_collateral() == margin.total_collateral() == margin.withdrawable() == usdc
    assert (margin.liquidation_price("ETH"), margin.initial_margin(), margin.maintenance_margin()) == (
        0,
        0,
        0,
    )
    assert margin.liquidation_price("ETH", margin_mode="ISOLATED") == margin.removable_margin("ETH") == 0
    assert margin.margin_ratio() == 10
    assert repr(margin) == "Margin(0 positions, 0 orders)"


def test_margin_that_can_be_spared_can_be_taken_out(ex: Orderly):
    """All of it, and nothing more."""
    ex.rest.orders.create(
        symbol=ETH, order_type="MARKET", side="BUY", order_quantity=1, margin_mode="ISOLATED"
    )
    settled(ex)
    ex.rest.config.change_position_margin(symbol=ETH, amount=100, type="ADD")
    settled(ex)
    spare = ex.margin.removable_margin(ETH).quantize(D("0.000001"), "ROUND_DOWN")

    assert spare > 90
    with pytest.raises(ApiError):
        ex.rest.config.change_position_margin(symbol=ETH, amount=spare + 1, type="REDUCE")
    ex.rest.config.change_position_margin(symbol=ETH, amount=spare, type="REDUCE")
    settled(ex)
    assert ex.margin.removable_margin(ETH) < D("0.00001")


def test_margins_need_an_account():
    """Public clients are told so."""
    with connect("paper", seed=7, market="frozen") as ex:
        network = ex._stream.network
        with connect(network) as public, pytest.raises(UsageError, match="margin figures need credentials"):
            public.margin.free_collateral()
