"""Fees: price x quantity x rate, charged in USDC."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.venue.engine.fees import STANDARD, FeeRates
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal


def test_rates_are_basis_points():
    """10 is 0.1 %."""
    rates = FeeRates(taker=D(10), maker=D("2.5"))
    assert rates.fee(D(100), D(2), maker=False) == D("0.2")
    assert rates.fee(D(100), D(2), maker=True) == D("0.05")


def test_a_negative_maker_rate_is_a_rebate():
    """The fee falls below 0."""
    assert FeeRates(taker=D(6), maker=D(-1)).fee(D(100), D(1), maker=True) == D("-0.01")


def test_a_fee_lowers_the_value_of_its_account_only(kit: ExchangeKit):
    """It enters the cost of the position, not the balance, and is counted."""
    kit.place("BUY", "MARKET", 1)
    fee = D(3401) * STANDARD.taker / 10_000
    assert kit.exchange.fees_collected == fee
    assert kit.exchange.position("alice", ETH).cost_position == 3401 + fee
    assert kit.exchange.holding("alice").holding == 100_000
    assert kit.exchange.account("alice").taker_fee_rate == 6
