"""Funding: premiums, rates, payments, and what stays equal through all of it."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.enums import (
    FundingPaymentType,
    FundingStatus,
    MarginMode,
    OrderSide,
)
from orderly_sync.venue.engine.book import LimitOrderBook, Resting
from orderly_sync.venue.engine.commands import CancelOrders, Settle
from orderly_sync.venue.engine.facts import FundingPaid, FundingRateFixed, PositionChanged
from orderly_sync.venue.engine.funding import impact_price, premium, rate, stretched
from orderly_sync.venue.engine.symbols import SYMBOLS
from tests.support.venue_kit import ETH, ExchangeKit, wealth

D = Decimal
HOUR = 3_600_000
RULES = next(rules for rules in SYMBOLS if rules.symbol == ETH)


def book(*levels: tuple[int, int]) -> LimitOrderBook:
    made = LimitOrderBook("X")
    for order_id, (price, quantity) in enumerate(levels):
        made.add(
            Resting(
                order_id=order_id,
                account_id="a",
                side=OrderSide.SELL,
                price=D(price),
                remaining=D(quantity),
                peak=D(quantity),
            )
        )
    return made


def test_the_impact_price_is_the_mean_of_what_the_notional_takes():
    """100 USDC at 100 and 101 at 101 are two contracts for 201."""
    asks = book((100, 1), (101, 5))
    assert impact_price(asks, OrderSide.SELL, D(201)) == D("100.5")
    assert impact_price(asks, OrderSide.SELL, D(50)) == 100


def test_a_thin_book_is_taken_whole_and_an_empty_one_has_no_price():
    """The mean of what is there."""
    assert impact_price(book((100, 1)), OrderSide.SELL, D(10_000)) == 100
    assert impact_price(book(), OrderSide.SELL, D(10_000)) is None


@pytest.mark.parametrize(
    ("bid", "ask", "wanted"),
    [(101, 102, "0.01"), (98, 99, "-0.01"), (99, 101, "0"), (None, None, "0"), (None, 98, "-0.02")],
)
def test_a_premium_is_the_distance_of_the_book_from_the_index(bid: int | None, ask: int | None, wanted: str):
    """Bids above it count up, asks below it down."""
    prices = [None if price is None else D(price) for price in (bid, ask)]
    assert premium(*prices, D(100)) == D(wanted)


@pytest.mark.parametrize(
    ("mean", "wanted"),
    [("0.004", "0.004"), ("0.005", "0.005"), ("0.01", "0.015"), ("0.015", "0.025"), ("0.02", "0.045")],
)
def test_large_premiums_count_twice_and_four_times(mean: str, wanted: str):
    """Slope 1 to 0.5 %, 2 to 1.5 %, 4 above, on both sides."""
    assert stretched(D(mean)) == D(wanted)
    assert stretched(-D(mean)) == -D(wanted)


def test_the_rate_tends_to_the_interest():
    """Without a premium it is the interest of the period; a small premium is pulled to it; both ends are bounded."""
    assert rate(RULES, D(0)) == D("0.0001")
    assert rate(attrs.evolve(RULES, funding_period=4), D(0)) == D("0.00005")
    assert rate(RULES, D("0.0003")) == D("0.0001")
    assert rate(RULES, D("0.001")) == D("0.0005")
    assert rate(RULES, D("0.02")) == RULES.cap_funding
    assert rate(RULES, D("-0.02")) == RULES.floor_funding


@given(st.decimals("-0.05", "0.05", places=6), st.decimals("0", "0.01", places=6))
def test_the_rate_grows_with_the_premium(mean: Decimal, more: Decimal):
    """And stays within its bounds."""
    low, high = rate(RULES, mean), rate(RULES, mean + more)
    assert RULES.floor_funding <= low <= high <= RULES.cap_funding


def start(kit: ExchangeKit, at: int = 7 * HOUR) -> None:
    kit.now = at
    assert kit.exchange.advance(at) == ()


def test_funding_is_paid_at_the_boundary(kit: ExchangeKit):
    """Longs pay shorts at mark x rate, into unsettled PnL, told as rate, payment, position."""
    start(kit)
    kit.place("BUY", "LIMIT", 2, 3400)
    kit.place("SELL", "LIMIT", 2, 3400, by="bob")
    before = kit.exchange.position("alice", ETH).unsettled_pnl
    assert kit.exchange.funding(ETH).next_funding_time == 8 * HOUR
    assert not [fact for fact in kit.exchange.advance(8 * HOUR - 1) if getattr(fact, "symbol", "") == ETH]
    kit.facts = kit.exchange.advance(8 * HOUR)
    (fixed,) = (fact for fact in kit.facts if isinstance(fact, FundingRateFixed) and fact.symbol == ETH)
    assert fixed.rate == kit.exchange.funding_rates(ETH)[0]
    paid = [fact for fact in kit.facts if isinstance(fact, FundingPaid)]
    assert [fact.account_id for fact in paid] == ["alice", "bob"]
    amount = 2 * 3400 * D("0.0001")
    mine, theirs = kit.exchange.funding_fees("alice")[0], kit.exchange.funding_fees("bob")[0]
    assert (mine.funding_fee, mine.payment_type) == (amount, FundingPaymentType.PAY)
    assert (theirs.funding_fee, theirs.payment_type) == (amount, FundingPaymentType.RECEIVE)
    assert mine.created_time == 8 * HOUR
    position = kit.exchange.position("alice", ETH)
    assert (position.unsettled_pnl, position.accrued_funding_fee) == (before - amount, amount)
    assert position.sum_unitary_funding == D("0.34")
    assert next(fact.position for fact in kit.facts if isinstance(fact, PositionChanged)) == position


def test_each_market_keeps_its_own_hours(kit: ExchangeKit):
    """SUI each hour, NEAR each four, ETH each eight."""
    start(kit, HOUR // 2)
    kit.exchange.advance(24 * HOUR)
    counts = {base: len(kit.exchange.funding_rates(f"PERP_{base}_USDC")) for base in ("SUI", "NEAR", "ETH")}
    assert counts == {"SUI": 24, "NEAR": 6, "ETH": 3}
    times = [row.funding_rate_timestamp for row in kit.exchange.funding_rates(ETH)]
    assert times == [24 * HOUR, 16 * HOUR, 8 * HOUR]
    state = kit.exchange.funding(ETH)
    assert (state.last_funding_rate_timestamp, state.next_funding_time, state.version) == (
        24 * HOUR,
        32 * HOUR,
        3,
    )


def test_the_estimate_follows_the_book(kit: ExchangeKit):
    """Bids 1 % above the index raise it; each sample counts alike."""
    start(kit)
    assert kit.exchange.funding(ETH).est_funding_rate == D("0.0001")
    kit.submit(CancelOrders(), "maker")
    kit.submit(kit.order("BUY", "LIMIT", 100, 3434), "maker")
    kit.exchange.advance(kit.now + HOUR // 2)
    state = kit.exchange.funding(ETH)
    assert state.est_funding_rate == RULES.cap_funding
    assert kit.now < state.est_funding_rate_timestamp <= kit.now + HOUR // 2


def test_advancing_in_steps_or_at_once_is_the_same():
    """The book stands still between commands."""
    rates = []
    for step in (HOUR // 7, 2 * HOUR, 24 * HOUR):
        kit = ExchangeKit()
        kit.quote(3410)
        start(kit, HOUR)
        for now in [*range(HOUR, 25 * HOUR, step), 25 * HOUR]:
            kit.exchange.advance(now)
        rates.append(
            [(row.funding_rate, row.funding_rate_timestamp) for row in kit.exchange.funding_rates(ETH)]
        )
    assert rates[0] == rates[1] == rates[2]
    assert rates[0][0][0] != D("0.0001")


def test_funding_of_isolated_positions_is_their_own(kit: ExchangeKit):
    """A row for each mode."""
    start(kit)
    kit.place("BUY", "MARKET", 1)
    kit.place("SELL", "MARKET", 2, margin_mode=MarginMode.ISOLATED)
    kit.exchange.advance(8 * HOUR)
    rows = {row.margin_mode: row.payment_type for row in kit.exchange.funding_fees("alice")}
    assert rows == {MarginMode.CROSS: FundingPaymentType.PAY, MarginMode.ISOLATED: FundingPaymentType.RECEIVE}


def test_funding_makes_no_money(kit: ExchangeKit):
    """What longs pay shorts receive, makers included; a later trade or settlement changes nothing of it."""
    start(kit)
    before = wealth(kit)
    kit.place("BUY", "MARKET", 7)
    kit.place("SELL", "MARKET", 2, by="bob", margin_mode=MarginMode.ISOLATED)
    kit.exchange.advance(17 * HOUR)
    kit.now = 17 * HOUR
    assert wealth(kit) == before
    kit.place("SELL", "MARKET", 2)
    kit.place("BUY", "MARKET", 1, by="bob", margin_mode=MarginMode.ISOLATED)
    assert wealth(kit) == before
    kit.submit(Settle())
    kit.submit(Settle(), "bob")
    assert wealth(kit) == before


def test_a_settlement_marks_funding_as_settled(kit: ExchangeKit):
    """Accrued until then."""
    start(kit)
    kit.place("BUY", "MARKET", 1)
    kit.exchange.advance(8 * HOUR)
    kit.now = 8 * HOUR
    assert kit.exchange.funding_fees("alice")[0].status is FundingStatus.ACCRUED
    kit.submit(Settle())
    row = kit.exchange.funding_fees("alice")[0]
    assert (row.status, row.updated_time, row.created_time) == (FundingStatus.SETTLED, kit.now, 8 * HOUR)
    position = kit.exchange.position("alice", ETH)
    assert (position.accrued_funding_fee, position.unsettled_pnl) == (D("0.34"), 0)


@pytest.mark.parametrize("mode", ["CROSS", "ISOLATED"])
def test_accrued_funding_counts_from_the_opening(kit: ExchangeKit, mode: str):
    """Adding, reducing in part and settling keep it; a closed or flipped position begins anew."""
    start(kit)
    how = {"margin_mode": MarginMode(mode)}
    kit.place("BUY", "MARKET", 2, **how)
    pay(kit, 8)
    assert accrued(kit, mode) == D("0.68")
    kit.place("BUY", "MARKET", 1, **how)
    assert accrued(kit, mode) == D("0.68")
    pay(kit, 16)
    assert accrued(kit, mode) == D("1.70")
    kit.place("SELL", "MARKET", 2, **how)
    assert accrued(kit, mode) == D("1.70")
    kit.submit(Settle())
    pay(kit, 24)
    assert accrued(kit, mode) == D("2.04")
    kit.place("SELL", "MARKET", 3, **how)
    assert accrued(kit, mode) == 0
    pay(kit, 32)
    assert accrued(kit, mode) == D("-0.68")
    kit.place("BUY", "MARKET", 2, **how)
    kit.place("BUY", "MARKET", 1, **how)
    assert accrued(kit, mode) == 0


def pay(kit: ExchangeKit, hours: int) -> None:
    """Let funding be paid; nothing but the interest rate of 0.01 % at a mark price of 3400."""
    kit.now = hours * HOUR
    kit.exchange.advance(kit.now)
    kit.quote()


def accrued(kit: ExchangeKit, mode: str) -> Decimal:
    return kit.exchange.position("alice", ETH, mode).accrued_funding_fee
