"""The simulated market: ladders, walks and crowds, all of a seed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.exchange import Exchange
from orderly_sync.venue.engine.simulated_market import KINDS, MAKER, SimulatedMarket
from orderly_sync.venue.engine.symbols import SYMBOLS

RULES = {rules.symbol: rules for rules in SYMBOLS}
ETH = "PERP_ETH_USDC"


def ladder(market, symbol, mark, resting=()):
    return market.quotes(symbol, Decimal(mark), resting)


def test_there_are_at_least_eight_symbols():
    """A market one can look around in."""
    assert len({rules.symbol for rules in SYMBOLS}) >= 8


@given(st.sampled_from(sorted(RULES)), st.floats(0.3, 3), st.integers(0, 5))
def test_every_quote_obeys_the_rules_of_its_symbol(symbol, factor, seed):
    """On tick and step, above the least notional, below the mark to buy and above it to sell."""
    rules = RULES[symbol]
    mark = rules.price_above(rules.reference_price * Decimal(repr(factor)))

    quotes = ladder(SimulatedMarket(SYMBOLS, "frozen", seed), symbol, mark)

    assert quotes.places
    for place in quotes.places:
        assert place.price is not None
        assert place.quantity is not None
        assert (place.price - rules.quote_min) % rules.quote_tick == 0
        assert (place.quantity - rules.base_min) % rules.base_tick == 0
        assert rules.base_min <= place.quantity <= rules.base_max
        assert place.price * place.quantity >= rules.min_notional
        assert place.price < mark if place.side is OrderSide.BUY else place.price > mark


@given(st.sampled_from(sorted(RULES)), st.floats(0.5, 2))
def test_the_exchange_takes_every_quote(symbol, factor):
    """None is refused, and a market order of a thousand USDC finds its other side within the band."""
    rules = RULES[symbol]
    exchange = Exchange()
    exchange.open_account(MAKER, usdc=Decimal(10) ** 12, is_maker=True)
    mark = rules.price_above(rules.reference_price * Decimal(repr(factor)))

    for command in ladder(SimulatedMarket(SYMBOLS, "frozen", 1), symbol, mark).commands():
        exchange.submit(MAKER, command, 1)

    book = exchange.book(symbol)
    assert sum(price * quantity for price, quantity in book.bids) > 1_000
    for price, _ in book.bids + book.asks:
        assert abs(price / mark - 1) <= rules.price_range


def test_quotes_on_the_ladder_stay():
    """A small move cancels only what falls off the end."""
    exchange = Exchange()
    exchange.open_account(MAKER, usdc=Decimal(10) ** 12, is_maker=True)
    market = SimulatedMarket(SYMBOLS, "frozen", 1)
    for command in ladder(market, ETH, 3400).commands():
        exchange.submit(MAKER, command, 1)

    moved = ladder(market, ETH, "3400.5", exchange.orders(MAKER))

    assert len(moved.cancels) == len(moved.places) == 1


def test_what_was_taken_is_quoted_again_and_strays_are_cancelled():
    """The ladder is whole afterwards."""
    market = SimulatedMarket(SYMBOLS, "frozen", 1)
    exchange = Exchange()
    exchange.open_account(MAKER, usdc=Decimal(10) ** 12, is_maker=True)
    for command in ladder(market, ETH, 3400).commands():
        exchange.submit(MAKER, command, 1)
    orders = exchange.orders(MAKER)

    missing = ladder(market, ETH, 3400, orders[1:])
    doubled = ladder(market, ETH, 3400, [*orders, orders[0]])

    assert [(each.side, each.price) for each in missing.places] == [(orders[0].side, orders[0].price)]
    assert [each.order_id for each in doubled.cancels] == [orders[0].order_id]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_walk_is_the_seeds(kind):
    """Step by step the same, and not that of another seed where prices walk by themselves."""

    def walk(seed):
        market, mark, marks = SimulatedMarket(SYMBOLS, kind, seed), Decimal(3400), []
        for _ in range(50):
            mark = market.next_mark(ETH, mark)
            marks.append((mark, market.index(ETH, mark), market.crowd(ETH, mark)))
        return marks

    assert walk(1) == walk(1)
    assert (walk(1) != walk(2)) is SimulatedMarket(SYMBOLS, kind, 1).moves


def test_a_frozen_market_stands_still():
    """Mark, index and crowd."""
    market = SimulatedMarket(SYMBOLS, "frozen", 1)

    assert not market.moves
    assert market.next_mark(ETH, Decimal(3400)) == market.index(ETH, Decimal(3400)) == 3400
    assert market.crowd(ETH, Decimal(3400)) == []


def test_one_symbols_chances_are_not_anothers():
    """Asking of BTC changes nothing for ETH."""
    alone, after = SimulatedMarket(SYMBOLS, "volatile", 1), SimulatedMarket(SYMBOLS, "volatile", 1)
    for _ in range(10):
        after.next_mark("PERP_BTC_USDC", Decimal(64000))

    assert alone.next_mark(ETH, Decimal(3400)) == after.next_mark(ETH, Decimal(3400))
