"""A symbol's order rules, held against an order before it is sent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import InvalidOrder
from orderly_sync.models.market import SymbolRules
from orderly_sync.trading.rules import (
    check_notional,
    check_price,
    check_quantity,
    nearest_price,
    nearest_quantity,
)

TICKS = st.sampled_from([Decimal(one) for one in ("0.001", "0.01", "0.1", "0.5", "1", "25")])
PLACES = st.decimals(0, 10_000, places=4)


def rules(**fields: object) -> SymbolRules:
    return SymbolRules(symbol="PERP_ETH_USDC", **fields)


def is_valid(value: Decimal, low: Decimal, high: Decimal, tick: Decimal) -> bool:
    return low <= value <= high and (value - low) % tick == 0


@given(low=PLACES, steps=st.integers(0, 4000), tick=TICKS, value=st.decimals(-100, 20_000, places=5))
def test_the_nearest_value_is_valid_and_nothing_valid_is_nearer(
    low: Decimal, steps: int, tick: Decimal, value: Decimal
):
    """On the grid, within bounds, and its two neighbours are no closer."""
    high = low + steps * tick
    found = nearest_price(rules(quote_min=low, quote_max=high, quote_tick=tick), value)
    assert is_valid(found, low, high, tick)
    for other in (found - tick, found + tick):
        if low <= other <= high:
            assert abs(found - value) <= abs(other - value)
    assert found == nearest_quantity(rules(base_min=low, base_max=high, base_tick=tick), value)


@given(low=PLACES, steps=st.integers(0, 400), tick=TICKS, value=st.decimals(0, 20_000, places=4))
def test_exactly_the_valid_values_pass(low: Decimal, steps: int, tick: Decimal, value: Decimal):
    """A check refuses what is not on the grid or out of bounds, with the nearest value, and nothing else."""
    high = low + steps * tick
    both = rules(quote_min=low, quote_max=high, quote_tick=tick, base_min=low, base_max=high, base_tick=tick)
    for check in (check_price, check_quantity):
        if is_valid(value, low, high, tick):
            check(both, value)
        else:
            with pytest.raises(InvalidOrder) as caught:
                check(both, value)
            assert caught.value.nearest is not None
            assert caught.value.status is None
            check(both, caught.value.nearest)


@given(
    price=st.decimals("0.01", 5000, places=2),
    quantity=st.decimals("0.001", 10, places=3),
    least=st.integers(1, 50),
)
def test_the_least_quantity_would_do(price: Decimal, quantity: Decimal, least: int):
    """The refusal names a quantity that is worth enough, on the grid, and not a step more."""
    tick = Decimal("0.001")
    held = rules(min_notional=Decimal(least), base_min=tick, base_tick=tick)
    if price * quantity >= least:
        check_notional(held, price, quantity)
        return
    with pytest.raises(InvalidOrder, match="least notional") as caught:
        check_notional(held, price, quantity)
    needed = caught.value.nearest
    assert needed is not None
    assert price * needed >= least
    assert price * (needed - tick) < least
    assert needed % tick == 0


def test_the_message_says_what_is_wrong():
    """Off the tick, outside the bounds, and what would be valid; nothing was sent."""
    held = rules(
        quote_min=Decimal(0), quote_max=Decimal(100), quote_tick=Decimal("0.5"), base_tick=Decimal("0.01")
    )
    with pytest.raises(
        InvalidOrder, match=r"price 1.3 is not a multiple of the tick 0.5; .* is 1.5; nothing was sent"
    ):
        check_price(held, Decimal("1.3"))
    with pytest.raises(InvalidOrder, match=r"trigger 101 is outside 0 to 100; .* is 100"):
        check_price(held, Decimal(101), "trigger")
    with pytest.raises(InvalidOrder, match=r"quantity 0.001 is not a multiple of the step 0.01"):
        check_quantity(held, Decimal("0.001"))
    with pytest.raises(InvalidOrder, match=r"outside 5 to any; .* is 5"):
        check_quantity(rules(base_min=Decimal(5)), Decimal(1))
    with pytest.raises(InvalidOrder, match=r"outside 0 to 5"):
        check_quantity(rules(base_max=Decimal(5)), Decimal(6))


def test_rules_the_venue_does_not_state_refuse_nothing():
    """No bounds, no tick, no least notional."""
    check_price(rules(), Decimal("1.23456"))
    check_quantity(rules(), Decimal("1.23456"))
    check_notional(rules(), Decimal(1), Decimal(1))
    check_notional(rules(min_notional=Decimal(10)), Decimal(0), Decimal(1))
    with pytest.raises(InvalidOrder) as caught:
        check_notional(rules(min_notional=Decimal(10)), Decimal(4), Decimal(1))
    assert caught.value.nearest == Decimal("2.5")


def test_rules_as_floats_are_read_as_they_show():
    """With numbers=float a tick of 0.1 is a tenth, not its binary neighbour."""
    held = rules(quote_min=0.0, quote_max=100000.0, quote_tick=0.1)
    check_price(held, Decimal("3300.3"))
    with pytest.raises(InvalidOrder) as caught:
        check_price(held, Decimal("3300.34"))
    assert (type(caught.value.nearest), caught.value.nearest) == (float, 3300.3)
