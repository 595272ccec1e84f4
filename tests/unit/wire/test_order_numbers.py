"""A number of an order is read in one way, through whichever door it comes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync import Bracket, Limit, Market, Stop, TpSl, TrailingStop
from orderly_sync.errors import InvalidOrder, UsageError
from orderly_sync.models.market import SymbolRules
from tests.support.recording import Recording

ETH = "PERP_ETH_USDC"
RULES = SymbolRules(
    symbol=ETH, quote_min=Decimal(0), quote_max=Decimal(100_000), quote_tick=Decimal("0.1"),
    base_min=Decimal("0.01"), base_max=Decimal(100), base_tick=Decimal("0.01"), min_notional=Decimal(10),
)  # fmt: skip
ORDER = {"symbol": ETH, "order_type": "LIMIT", "side": "BUY"}
NODE = {"symbol": ETH, "algo_type": "STOP"}


def create(**terms: Any) -> None:
    Recording().orders.create(**{**ORDER, **terms})


def edit(**terms: Any) -> None:
    Recording().orders.edit(**{**ORDER, **terms}, order_id=1)


def batch(**terms: Any) -> None:
    Recording().orders.create_batch(orders=[{**ORDER, **terms}])  # type: ignore[typeddict-item]


def algo(**terms: Any) -> None:
    Recording().orders.create_algo(**{**NODE, **terms})


def leg(**terms: Any) -> None:
    Recording().orders.create_algo(**NODE, child_orders=[{**NODE, **terms}])  # type: ignore[arg-type,list-item]


def algo_edit(**terms: Any) -> None:
    Recording().orders.edit_algo(order_id=1, **terms)


def leg_edit(**terms: Any) -> None:
    Recording().orders.edit_algo(order_id=1, child_orders=[{"order_id": 2, **terms}])


DOORS: dict[str, list[tuple[Callable[..., Any], str]]] = {
    "price": [
        (create, "order_price"), (edit, "order_price"), (batch, "order_price"), (algo, "price"), (leg, "price"),
        (algo_edit, "price"), (leg_edit, "price"),
        (lambda **terms: Limit.buy(ETH, quantity=1, **terms), "price"),
        (lambda **terms: Stop.buy(ETH, quantity=1, trigger=1, **terms), "price"),
        (lambda **terms: TpSl.buy(ETH, quantity=1, take_profit=1, **terms), "take_profit_price"),
        (lambda **terms: Bracket.buy(ETH, quantity=1, stop_loss=1, **terms), "stop_loss_price"),
    ],
    "trigger": [
        (algo, "trigger_price"), (leg, "trigger_price"), (algo_edit, "trigger_price"), (leg_edit, "trigger_price"),
        (lambda **terms: Stop.buy(ETH, quantity=1, **terms), "trigger"),
        (lambda **terms: TpSl.buy(ETH, quantity=1, **terms), "stop_loss"),
        (lambda **terms: Bracket.buy(ETH, quantity=1, **terms), "take_profit"),
    ],
    "quantity": [
        (create, "order_quantity"), (edit, "order_quantity"), (batch, "order_quantity"), (algo, "quantity"),
        (leg, "quantity"), (algo_edit, "quantity"), (leg_edit, "quantity"),
        (lambda **terms: Limit.buy(ETH, price=1, **terms), "quantity"),
        (lambda **terms: Market.buy(ETH, **terms), "quantity"),
        (lambda **terms: TrailingStop.buy(ETH, callback_rate=1, **terms), "quantity"),
    ],
    "visible quantity": [
        (create, "visible_quantity"), (edit, "visible_quantity"), (batch, "visible_quantity"),
        (algo, "visible_quantity"), (leg, "visible_quantity"),
        (lambda **terms: Limit.buy(ETH, quantity=1, price=1, **terms), "visible_quantity"),
    ],
    "activation": [
        (algo, "activated_price"), (leg, "activated_price"),
        (lambda **terms: TrailingStop.buy(ETH, quantity=1, callback_rate=1, **terms), "activation"),
    ],
    "callback": [
        (algo, "callback_rate"), (leg, "callback_rate"), (algo, "callback_value"), (leg, "callback_value"),
        (lambda **terms: TrailingStop.buy(ETH, quantity=1, **terms), "callback_rate"),
        (lambda **terms: TrailingStop.buy(ETH, quantity=1, **terms), "callback_value"),
    ],
    "amount": [
        (create, "order_amount"), (edit, "order_amount"), (batch, "order_amount"),
        (lambda **terms: Market.buy(ETH, **terms), "amount"),
    ],
    "slippage": [
        (create, "slippage"),
        (lambda **terms: Market.buy(ETH, quantity=1, **terms), "slippage"),
    ],
}  # fmt: skip
VALUES = (
    "1", 2, Decimal("0.5"), 0.25, "0", "-1", -0.5, "1e3", "nan", float("inf"), "", "three", True, b"1", [1], 10**60,
    "0.12345678", "0.123456789", Decimal("1E-9"), Decimal("NaN"),
)  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("number", DOORS)
def test_a_number_is_told_the_same_at_every_door(number: str, value: Any):
    """It is taken everywhere or refused everywhere, in the same words but for the name that it has there."""
    told = set()
    for door, name in DOORS[number]:
        try:
            door(**{name: value})
        except UsageError as exc:
            text = str(exc)
            assert name in text
            told.add(text[text.index(name) :].replace(name, "NAME", 1))
        else:
            told.add("taken")

    assert len(told) == 1


@pytest.mark.parametrize(
    ("order", "first"),
    [
        (Stop.buy(ETH, quantity="0.001", trigger="1.23", price="4.56"), "trigger 1.23"),
        (TpSl.buy(ETH, quantity="0.001", take_profit="1.23", take_profit_price="4.56"), "take_profit 1.23"),
        (
            TrailingStop.buy(ETH, quantity="0.001", callback_value="0.01", activation="4.56"),
            "activation 4.56",
        ),
        (Limit.buy(ETH, quantity="0.001", price="4.56"), "price 4.56"),
        (Limit.buy(ETH, quantity="0.001", price="4.5"), "quantity 0.001"),
        (Bracket.buy(ETH, quantity="0.001", price="4.5", stop_loss="0.1"), "quantity 0.001"),
    ],
)
def test_prices_are_held_to_the_tick_before_quantities_to_their_step(order: Any, first: str):
    """Whatever order they stand in; a distance and a visible quantity have no tick."""
    with pytest.raises(InvalidOrder, match=f"{first} .*nearest valid value"):
        order.check(RULES)


def test_what_has_no_rule_is_held_to_none():
    """Distances, amounts, slippage and what the book shows pass as they are."""
    Limit.buy(ETH, quantity=1, price=3000, visible_quantity="0.0001").check(RULES)
    Market.buy(ETH, amount="0.001", slippage="0.00001").check(RULES)
    TrailingStop.buy(ETH, quantity=1, callback_rate="0.00001").check(RULES)
    TrailingStop.buy(ETH, quantity=1, callback_value="0.00001").check(RULES)


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ("0.0000000001", "the smallest is 0.00000001"),
        ("0.000000019", "the next below is 0.00000001"),
        ("12.123456789", "the next below is 12.12345678"),
        (Decimal("7E-12"), "the smallest is 0.00000001"),
    ],
)
def test_a_quantity_too_fine_is_answered_with_one_that_can_be_sent(given, advice):
    """In plain digits, and never with nothing."""
    with pytest.raises(UsageError) as caught:
        Limit.buy("ETH", quantity=given, price="2000")

    assert str(caught.value).endswith(advice)
