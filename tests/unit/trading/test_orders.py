"""What one can place: each kind's body as it is sent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync import (
    Bracket,
    Fok,
    Ioc,
    Limit,
    Market,
    PositionalTpSl,
    PostOnly,
    Stop,
    TpSl,
    TrailingStop,
    UsageError,
)
from orderly_sync.errors import InvalidOrder
from orderly_sync.models.market import SymbolRules
from tests.support.recording import Recording

ETH = "PERP_ETH_USDC"
RULES = SymbolRules(
    symbol=ETH, quote_min=Decimal(0), quote_max=Decimal(100_000), quote_tick=Decimal("0.1"),
    base_min=Decimal("0.01"), base_max=Decimal(100), base_tick=Decimal("0.01"), min_notional=Decimal(10),
)  # fmt: skip


def body(order: Any) -> Any:
    """What is sent of an order, without its ids."""
    recording = Recording()
    assert order.send(recording.orders).order_id == 1
    sent = recording.body
    assert sent.pop("symbol") == ETH
    assert sent.pop("client_order_id") == order.client_order_id
    return sent


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Limit.buy("ETH", quantity="0.5", price=3000), {"order_type": "LIMIT", "side": "BUY", "order_price": 3000, "order_quantity": Decimal("0.5")}),
        (Limit.sell(ETH, quantity=1, price="3000.1", visible_quantity=0, reduce_only=True, order_tag="tag", margin_mode="ISOLATED"),
         {"order_type": "LIMIT", "side": "SELL", "order_price": Decimal("3000.1"), "order_quantity": 1, "visible_quantity": 0, "reduce_only": True, "order_tag": "tag", "margin_mode": "ISOLATED"}),
        (Ioc.buy(ETH, quantity=1, price=1), {"order_type": "IOC", "side": "BUY", "order_price": 1, "order_quantity": 1}),
        (Fok.buy(ETH, quantity=1, price=1), {"order_type": "FOK", "side": "BUY", "order_price": 1, "order_quantity": 1}),
        (PostOnly.buy(ETH, quantity=1, price=1), {"order_type": "POST_ONLY", "side": "BUY", "order_price": 1, "order_quantity": 1}),
        (PostOnly.buy(ETH, quantity=1, price=1, adjust=True), {"order_type": "POST_ONLY", "side": "BUY", "order_price": 1, "order_quantity": 1, "post_only_adjust": True}),
        (Market.buy(ETH, quantity="0.1"), {"order_type": "MARKET", "side": "BUY", "order_quantity": Decimal("0.1")}),
        (Market.sell(ETH, amount=500, slippage="0.01"), {"order_type": "MARKET", "side": "SELL", "order_amount": 500, "slippage": Decimal("0.01")}),
    ],
)  # fmt: skip
def test_an_ordinary_order_as_sent(order: Any, expected: dict[str, Any]):
    """Exactly these fields, absent ones left out."""
    assert body(order) == expected


def leg(kind: str, side: str, trigger: Any, order_type: str, **more: Any) -> dict[str, Any]:
    return {
        "symbol": ETH, "algo_type": kind, "side": side, "type": order_type,
        "trigger_price": trigger, "reduce_only": True, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Stop.sell(ETH, quantity=1, trigger=2900), {"algo_type": "STOP", "side": "SELL", "type": "MARKET", "quantity": 1, "trigger_price": 2900, "trigger_price_type": "MARK_PRICE"}),
        (Stop.sell(ETH, quantity=1, trigger=2900, price="2899.5"), {"algo_type": "STOP", "side": "SELL", "type": "LIMIT", "price": Decimal("2899.5"), "quantity": 1, "trigger_price": 2900, "trigger_price_type": "MARK_PRICE"}),
        (TpSl.sell(ETH, quantity=1, take_profit=3100, stop_loss=2900, stop_loss_price=2890),
         {"algo_type": "TP_SL", "quantity": 1, "trigger_price_type": "MARK_PRICE", "child_orders": [leg("TAKE_PROFIT", "SELL", 3100, "MARKET"), leg("STOP_LOSS", "SELL", 2900, "LIMIT", price=2890)]}),
        (TpSl.buy(ETH, quantity=1, take_profit=2900), {"algo_type": "TP_SL", "quantity": 1, "trigger_price_type": "MARK_PRICE", "child_orders": [leg("TAKE_PROFIT", "BUY", 2900, "MARKET")]}),
        (PositionalTpSl.sell(ETH, take_profit=3100, stop_loss=2900),
         {"algo_type": "POSITIONAL_TP_SL", "trigger_price_type": "MARK_PRICE", "child_orders": [leg("TAKE_PROFIT", "SELL", 3100, "CLOSE_POSITION"), leg("STOP_LOSS", "SELL", 2900, "CLOSE_POSITION")]}),
        (Bracket.buy(ETH, quantity=1, price=3000, take_profit=3100),
         {"algo_type": "BRACKET", "side": "BUY", "type": "LIMIT", "price": 3000, "quantity": 1, "child_orders": [{"symbol": ETH, "algo_type": "TP_SL", "child_orders": [leg("TAKE_PROFIT", "SELL", 3100, "MARKET")]}]}),
        (Bracket.sell(ETH, quantity=1, stop_loss=3100, positional=True),
         {"algo_type": "BRACKET", "side": "SELL", "type": "MARKET", "quantity": 1, "child_orders": [{"symbol": ETH, "algo_type": "POSITIONAL_TP_SL", "child_orders": [leg("STOP_LOSS", "BUY", 3100, "CLOSE_POSITION")]}]}),
        (TrailingStop.sell(ETH, quantity=1, callback_rate="0.01", activation=3050),
         {"algo_type": "TRAILING_STOP", "side": "SELL", "type": "MARKET", "quantity": 1, "trigger_price_type": "MARK_PRICE", "callback_rate": Decimal("0.01"), "activated_price": 3050}),
        (TrailingStop.sell(ETH, quantity=1, callback_value=10), {"algo_type": "TRAILING_STOP", "side": "SELL", "type": "MARKET", "quantity": 1, "trigger_price_type": "MARK_PRICE", "callback_value": 10}),
    ],
)  # fmt: skip
def test_an_algo_order_as_sent(order: Any, expected: dict[str, Any]):
    """The tree as the venue wants it: legs closing, entry opening."""
    assert body(order) == expected


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Limit.buy(ETH, quantity=1), "price and a quantity"),
        (lambda: Ioc.buy(ETH, price=1), "price and a quantity"),
        (lambda: Market.buy(ETH), "either a quantity or an amount"),
        (lambda: Market.buy(ETH, quantity=1, amount=1), "either a quantity or an amount"),
        (lambda: Market.buy(ETH, quantity=1, price=1), "no price"),
        (lambda: Stop.buy(ETH, quantity=1), "a quantity and a trigger"),
        (lambda: Stop.buy(ETH, trigger=1), "a quantity and a trigger"),
        (lambda: TpSl.buy(ETH, quantity=1), "take_profit, a stop_loss or both"),
        (lambda: TpSl.buy(ETH, take_profit=1), "needs a quantity"),
        (lambda: PositionalTpSl.buy(ETH), "take_profit, a stop_loss or both"),
        (lambda: Bracket.buy(ETH, take_profit=1), "needs a quantity"),
        (lambda: Bracket.buy(ETH, quantity=1), "take_profit, a stop_loss or both"),
        (lambda: TrailingStop.buy(ETH, callback_rate=1), "needs a quantity"),
        (lambda: TrailingStop.buy(ETH, quantity=1), "either a callback_rate or a callback_value"),
        (
            lambda: TrailingStop.buy(ETH, quantity=1, callback_rate=1, callback_value=1),
            "either a callback_rate",
        ),
        (lambda: Limit(symbol=ETH, side="HOLD", quantity=1, price=1), "side"),
        (lambda: Limit.buy(ETH, quantity=1, price=1, margin_mode="BOTH"), "margin_mode"),
        (lambda: Limit.buy(ETH, quantity=1, price=1, client_order_id="0"), "writes that there is none"),
        (lambda: Stop.buy(ETH, quantity=1, trigger=1, client_order_id="0"), "writes that there is none"),
        (lambda: Limit.buy(ETH, quantity=1, price=1, client_order_id=""), "1 to 36"),
        (lambda: Limit.buy(ETH, quantity=1, price=1, client_order_id=0), "1 to 36"),
        (lambda: Limit.buy("not a symbol", quantity=1, price=1), "symbol"),
    ],
)
def test_terms_that_cannot_be_right_are_refused(make: Any, said: str):
    """Before anything is sent, with what is missing."""
    with pytest.raises(UsageError, match=said):
        make()


@pytest.mark.parametrize(
    "bad", ["nan", "inf", "-inf", "-1", "1e3", "1E-3", "", " ", "0x1", True, float("nan"), float("inf"), -0.5]
)
@pytest.mark.parametrize("name", ["quantity", "price", "visible_quantity"])
def test_numbers_that_are_none_are_refused_by_name(name: str, bad: Any):
    """NaN, infinities, negatives, exponents, truth values."""
    with pytest.raises(UsageError, match=name):
        Limit.buy(ETH, **{"quantity": 1, "price": 1, name: bad})


@given(st.decimals(min_value="0.00000001", max_value="99999999", places=8))
def test_no_digit_is_lost_on_the_way(value: Decimal):
    """Whatever exact number goes in arrives."""
    assert body(Limit.buy(ETH, quantity=value, price=1))["order_quantity"] == value


def test_an_order_is_held_against_the_rules():
    """Price, quantity and notional; a market order has only its quantity."""
    Limit.buy(ETH, quantity=1, price=3000).check(RULES)
    Market.buy(ETH, quantity=1).check(RULES)
    Market.buy(ETH, amount=100).check(RULES)
    for wrong in (
        Limit.buy(ETH, quantity=1, price="3000.05"),
        Limit.buy(ETH, quantity="0.001", price=3000),
        Limit.buy(ETH, quantity="0.01", price=1),
        Market.buy(ETH, quantity=1000),
    ):
        with pytest.raises(InvalidOrder):
            wrong.check(RULES)


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (Stop.buy(ETH, quantity=1, trigger="1.23"), "trigger"),
        (Stop.buy(ETH, quantity=1, trigger=1, price="1.23"), "price"),
        (Stop.buy(ETH, quantity="0.001", trigger=1), "quantity"),
        (TpSl.buy(ETH, quantity=1, take_profit="1.23"), "take_profit"),
        (PositionalTpSl.buy(ETH, stop_loss="1.23"), "stop_loss"),
        (Bracket.buy(ETH, quantity=1, take_profit=1, take_profit_price="1.23"), "take_profit_price"),
        (Bracket.buy(ETH, quantity=1, stop_loss=1, stop_loss_price="1.23"), "stop_loss_price"),
        (TrailingStop.buy(ETH, quantity=1, callback_value=1, activation="1.23"), "activation"),
    ],
)
def test_every_price_of_an_algo_order_is_held_against_the_tick(order: Any, name: str):
    """The refusal names the argument."""
    with pytest.raises(InvalidOrder, match=f"{name} .*nearest valid value"):
        order.check(RULES)


def test_an_algo_order_within_the_rules_passes():
    """Absent prices are not checked; a positional order has no quantity."""
    PositionalTpSl.buy(ETH, stop_loss=1).check(RULES)
    TrailingStop.buy(ETH, quantity=1, callback_value="1.23").check(RULES)


@pytest.mark.parametrize("take_profit", ["2900", "3000", "3000.0"])
@pytest.mark.parametrize(
    "make",
    [
        lambda high, low: Bracket.buy(ETH, quantity=1, take_profit=high, stop_loss=low),
        lambda high, low: Bracket.sell(ETH, quantity=1, take_profit=low, stop_loss=high),
        lambda high, low: TpSl.sell(ETH, quantity=1, take_profit=high, stop_loss=low),
        lambda high, low: TpSl.buy(ETH, quantity=1, take_profit=low, stop_loss=high),
        lambda high, low: PositionalTpSl.sell(ETH, take_profit=high, stop_loss=low),
        lambda high, low: PositionalTpSl.buy(ETH, take_profit=low, stop_loss=high),
    ],
)
def test_legs_of_which_one_would_fire_at_once_are_refused(make: Any, take_profit: str):
    """Wherever the mark price is; the other way round they pass."""
    assert make("3100", "3000")
    with pytest.raises(UsageError, match=r"must be (above|below) stop_loss .* would fire at once"):
        make(take_profit, "3000")
