"""Each kind of order as its users write it: both sides, numbers in every form, and what comes back."""

from __future__ import annotations

from decimal import Decimal

from typing_extensions import assert_type

from orderly_sync import (
    Bracket,
    Fok,
    Ioc,
    Limit,
    MarginMode,
    Market,
    PositionalTpSl,
    PostOnly,
    Stop,
    TpSl,
    TrailingStop,
)


def ordinary() -> None:
    """At a price, or at what there is."""
    assert_type(Limit.buy("ETH", quantity="0.5", price=3400, visible_quantity=0), Limit)
    assert_type(Limit.sell(symbol="ETH", quantity=0.5, price=Decimal(3400), reduce_only=True), Limit)
    assert_type(Ioc.buy("ETH", quantity=1, price=3400, margin_mode="ISOLATED"), Ioc)
    assert_type(Ioc.sell("ETH", quantity=1, price=3400, margin_mode=MarginMode.CROSS), Ioc)
    assert_type(Fok.buy("ETH", quantity=1, price=3400, client_order_id="mine"), Fok)
    assert_type(Fok.sell("ETH", quantity=1, price=3400, client_order_id=None), Fok)
    assert_type(PostOnly.buy("ETH", quantity=1, price=3400, adjust=True), PostOnly)
    assert_type(PostOnly.sell("ETH", quantity=1, price=3400), PostOnly)
    assert_type(Market.buy("ETH", amount=500, slippage="0.01"), Market)
    assert_type(Market.sell("ETH", quantity=1, order_tag="tag"), Market)


def waiting() -> None:
    """Set off by the mark price."""
    assert_type(Stop.buy("ETH", quantity=1, trigger=3400), Stop)
    assert_type(Stop.sell("ETH", quantity=1, trigger=3400, price="3390"), Stop)
    assert_type(TpSl.buy("ETH", quantity=1, take_profit=2900), TpSl)
    assert_type(TpSl.sell("ETH", quantity=1, stop_loss=2900, stop_loss_price=2890), TpSl)
    assert_type(PositionalTpSl.buy("ETH", take_profit=2900), PositionalTpSl)
    assert_type(PositionalTpSl.sell("ETH", take_profit=3400, stop_loss=2900), PositionalTpSl)
    assert_type(Bracket.buy("ETH", quantity=1, price=3000, take_profit=3400, positional=True), Bracket)
    assert_type(Bracket.sell("ETH", quantity=1, stop_loss=3400), Bracket)
    assert_type(TrailingStop.buy("ETH", quantity=1, callback_rate="0.01"), TrailingStop)
    assert_type(TrailingStop.sell("ETH", quantity=1, callback_value=25, activation=3200), TrailingStop)


def read_back(order: Limit, stop: Stop) -> None:
    """Numbers are exact, whatever they were given as."""
    assert_type(order.price, Decimal | None)
    assert_type(stop.trigger, Decimal | None)
    assert_type(order.client_order_id, str)
    assert_type(order.margin_mode, MarginMode | None)
