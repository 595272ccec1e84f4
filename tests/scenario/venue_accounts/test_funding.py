"""Funding: paid at each boundary by whoever holds a position, and settled like any PnL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.wallet.flows import settle_pnl
from tests.support.venue_kit import ETH, Person, leftovers

HOUR = 3_600_000
BTC = "PERP_BTC_USDC"


def trade(person: Person, side: str, symbol: str = ETH, quantity: str = "2") -> None:
    person.rest.orders.create(symbol=symbol, order_type="MARKET", side=side, order_quantity=quantity)


@pytest.fixture
def paid(venue: Any, alice: Person, bob: Person) -> tuple[Person, Person]:
    """One is long and one is short over two boundaries of eight hours."""
    trade(alice, "BUY")
    trade(bob, "SELL")
    venue.advance(17 * HOUR)
    return alice, bob


def test_longs_pay_what_shorts_receive(paid):
    """Each boundary quantity times mark price times rate; above 0 longs pay."""
    long, short = (person.rest.funding.history().rows for person in paid)

    assert [row.payment_type for row in long] == ["Pay", "Pay"]
    assert [row.payment_type for row in short] == ["Receive", "Receive"]
    assert [row.funding_fee for row in long] == [row.funding_fee for row in short]
    for row in long:
        assert row.funding_fee == 2 * row.mark_price * row.funding_rate > 0
        assert (row.symbol, row.status, row.margin_mode) == (ETH, "Accrued", "CROSS")
    assert leftovers([long, short]) == []


def test_the_rates_paid_are_the_rates_published(paid):
    """Symbol by symbol, newest first; the sum per unit grows by mark price times rate."""
    long, _ = paid
    public = long.rest.funding_rates

    rates = public.history(ETH).rows
    now = public.rate(ETH)
    fees = long.rest.funding.history().rows

    assert [row.funding_rate for row in rates] == [row.funding_rate for row in fees]
    assert [row.funding_rate_timestamp for row in rates] == [row.created_time for row in fees]
    assert (now.last_funding_rate, now.last_funding_rate_timestamp) == (
        rates[0].funding_rate,
        rates[0].funding_rate_timestamp,
    )
    assert now.sum_unitary_funding == sum(row.mark_price * row.funding_rate for row in fees)
    assert now.next_funding_time == rates[0].next_funding_time
    assert now == next(row for row in public.rates() if row.symbol == ETH)
    assert leftovers([rates, now]) == []


def test_funding_waits_in_the_position_until_it_is_settled(paid):
    """Unsettled PnL is lower by it at once, the balance only afterwards; then the rows say Settled.

    What the position says is all since it was opened, settled or not.
    """
    long, _ = paid
    owed = sum((row.funding_fee for row in long.rest.funding.history().rows), Decimal(0))
    position = long.rest.positions.get(ETH)
    assert position.accrued_funding_fee == owed
    before = long.usdc

    settle_pnl(long.rest, long.wallet)

    assert before - long.usdc == -position.unsettled_pnl
    assert [row.status for row in long.rest.funding.history().rows] == ["Settled", "Settled"]
    assert long.rest.positions.get(ETH).accrued_funding_fee == owed


def test_a_closed_position_says_what_funding_cost(paid):
    """In its history, with all else that it cost."""
    long, _ = paid
    owed = sum((row.funding_fee for row in long.rest.funding.history().rows), Decimal(0))

    trade(long, "SELL")

    past = long.rest.positions.history(limit=5)[0]
    assert past.accumulated_funding_fee == owed
    assert past.realized_pnl < -owed


def test_payments_can_be_filtered_and_paged(paid, venue):
    """By symbol and time; over pages each row once."""
    long, _ = paid
    trade(long, "BUY", BTC, "0.01")
    venue.advance(8 * HOUR)
    history = long.rest.funding.history

    assert len(history(symbol=BTC).rows) == 1
    assert len(history(symbol=ETH).rows) == 3
    newest = history().rows[0].created_time
    assert {row.symbol for row in history(start=newest).rows} == {ETH, BTC}
    assert len({(row.symbol, row.created_time) for row in history(size=3).each()}) == 4
    assert history(size=3).meta.total == 4


def test_the_means_of_all_markets_are_published(paid):
    """Over eight spans; with all rates inside each, they agree."""
    long, _ = paid

    rows = long.rest.funding_rates.market_history()

    eth = next(row for row in rows if row.symbol == ETH)
    rates = [row.funding_rate for row in long.rest.funding_rates.history(ETH).rows]
    assert set(eth.funding) == {"last", "1d", "3d", "7d", "14d", "30d", "90d", "180d"}
    assert eth.funding["last"].rate == rates[0]
    assert eth.funding["1d"].rate == eth.funding["180d"].rate == sum(rates) / len(rates)
    assert eth.funding["30d"].positive == len(rates)
    assert eth.data_start_time == "2026-01-01 00:00:00"
    assert leftovers(rows) == []
