"""The seeded markets: sound rules, and rounding that stays within them."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync import connect
from orderly_sync.models import market
from orderly_sync.venue.engine.symbols import SYMBOLS, SymbolRules

D = Decimal


@pytest.mark.parametrize("rules", SYMBOLS, ids=lambda rules: rules.symbol)
def test_rules_fit_each_other(rules: SymbolRules):
    """The reference price is on the tick, bounds hold, one lot at the maximum is affordable, ratios are sane."""
    assert (rules.reference_price - rules.quote_min) % rules.quote_tick == 0
    assert rules.first_price <= rules.reference_price <= rules.quote_max
    assert (rules.base_max - rules.base_min) % rules.base_tick == 0
    assert 0 < rules.base_mmr < rules.base_imr <= 1
    assert rules.max_leverage * rules.base_imr == 1
    assert rules.liquidator_fee < rules.std_liquidation_fee < rules.base_mmr
    assert rules.floor_funding < 0 < rules.cap_funding
    assert rules.symbol == f"PERP_{rules.base}_USDC"


def test_there_are_twelve_markets_and_no_two_alike():
    """At least the ten that examples name."""
    names = {rules.base for rules in SYMBOLS}
    assert len(names) == len(SYMBOLS) == 12
    assert {"BTC", "ETH", "SOL", "NEAR", "WOO", "ARB", "OP", "DOGE", "AVAX", "LINK"} <= names


@given(st.sampled_from(SYMBOLS), st.decimals("0.00000001", "1000000", places=8))
def test_rounding_gives_valid_neighbours(rules: SymbolRules, value: Decimal):
    """A price or quantity lies between its neighbours, which are on their steps."""
    if rules.first_price <= value <= rules.quote_max:
        below, above = rules.price_below(value), rules.price_above(value)
        assert below <= value <= above
        assert above - below in {0, rules.quote_tick}
        assert below % rules.quote_tick == 0
    if rules.base_min <= value <= rules.base_max:
        below, above = rules.quantity_below(value), rules.quantity_above(value)
        assert below <= value <= above
        assert above - below in {0, rules.base_tick}


def test_every_limit_of_a_symbol_is_shown_to_clients():
    """Each number but the price the market opens at is a field of the client's model and arrives with its value."""
    limits = {one.name for one in attrs.fields(SymbolRules) if one.type in {"Decimal", Decimal}}
    limits -= {"reference_price"}

    assert len(limits) > 15
    assert limits <= {one.name for one in attrs.fields(market.SymbolRules)}
    with connect("paper", market="frozen") as ex:
        for shown in ex.rest.market.symbols():
            (own,) = (one for one in SYMBOLS if one.symbol == shown.symbol)
            assert {name: getattr(shown, name) for name in limits} == {
                name: getattr(own, name) for name in limits
            }
