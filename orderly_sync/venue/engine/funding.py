"""Funding: premiums sampled from the book, the rate they lead to, and what positions pay at each boundary."""

from __future__ import annotations

from decimal import Decimal

import attrs

from orderly_sync.models.enums import (
    FundingPaymentType,
    FundingStatus,
    MarginMode,
    OrderSide,
)
from orderly_sync.venue.engine.book import LimitOrderBook
from orderly_sync.venue.engine.facts import FundingPaid, FundingRateFixed
from orderly_sync.venue.engine.records import Funding, FundingFee, FundingRate
from orderly_sync.venue.engine.state import Account, ExchangeState, MarketState
from orderly_sync.venue.engine.symbols import SymbolRules

__all__ = [
    "funding",
    "impact_price",
    "pass_time",
    "premium",
    "rate",
    "settle_fees",
    "stretched",
]

_ZERO = Decimal(0)
_HOUR_MS = 3_600_000
_SAMPLE_MS = 15_000
_BASE_HOURS = 8
_IMPACT_USDC = 1_000  # times the market's highest leverage
_RATE_STEP = Decimal("0.00000001")
_KNEES = (Decimal("0.005"), Decimal("0.015"))


def impact_price(book: LimitOrderBook, side: OrderSide, notional: Decimal) -> Decimal | None:
    """The mean price at which ``notional`` USDC trades against one visible side.

    A side that holds less is taken whole (assumed); an empty one has no price.
    """
    left, quantity = notional, _ZERO
    for price, size in book.levels(side):
        taken = min(size, left / price)
        quantity += taken
        left -= taken * price
        if left <= 0:
            break
    return (notional - left) / quantity if quantity else None


def premium(bid: Decimal | None, ask: Decimal | None, index: Decimal) -> Decimal:
    """(max(0, impact bid - index) - max(0, index - impact ask)) / index; a missing price adds nothing."""
    above = _ZERO if bid is None else max(_ZERO, bid - index)
    below = _ZERO if ask is None else max(_ZERO, index - ask)
    return (above - below) / index


def stretched(mean: Decimal) -> Decimal:
    """The mean premium, doubled beyond 0.5 % and quadrupled beyond 1.5 %, alike on both sides."""
    size = abs(mean)
    first, second = _KNEES
    if size <= first:
        return mean
    grown = 2 * size - first if size <= second else 4 * (size - second) + 2 * second - first
    return grown if mean > 0 else -grown


def rate(rules: SymbolRules, mean: Decimal) -> Decimal:
    """The funding rate of one period for the mean premium of its samples."""
    interest = _clamp(rules.interest_rate - mean, rules.floor_ir, rules.cap_ir)
    raw = stretched(mean) + interest / (Decimal(_BASE_HOURS) / rules.funding_period)
    return _clamp(raw, rules.floor_funding, rules.cap_funding).quantize(_RATE_STEP)


def _clamp(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return max(low, min(value, high))


def funding(market: MarketState, now: int) -> Funding:
    """A snapshot."""
    meter = market.funding
    return Funding(
        symbol=market.rules.symbol,
        est_funding_rate=rate(market.rules, meter.mean),
        est_funding_rate_timestamp=meter.next_sample - _SAMPLE_MS if meter.count else now,
        last_funding_rate=meter.rates[-1].funding_rate if meter.rates else _ZERO,
        last_funding_rate_timestamp=meter.rates[-1].funding_rate_timestamp if meter.rates else 0,
        next_funding_time=meter.next_boundary or _boundary_after(market.rules, now),
        sum_unitary_funding=market.sum_unitary_funding,
        version=len(meter.rates),
    )


def _boundary_after(rules: SymbolRules, now: int) -> int:
    period = rules.funding_period * _HOUR_MS
    return (now // period + 1) * period


def pass_time(state: ExchangeState) -> None:
    """Sample premiums and pay funding up to the state's time. The first call only starts the clocks."""
    for market in state.markets.values():
        meter = market.funding
        if not meter.next_boundary:
            meter.next_sample = (state.now // _SAMPLE_MS + 1) * _SAMPLE_MS
            meter.next_boundary = _boundary_after(market.rules, state.now)
            continue
        while meter.next_boundary <= state.now:
            _sample(market, meter.next_boundary)
            _pay(state, market)
        _sample(market, state.now)


def _sample(market: MarketState, until: int) -> None:
    """Take all samples due until then. Between two commands the book stands still, so they are equal."""
    meter = market.funding
    if meter.next_sample > until:
        return
    times = (until - meter.next_sample) // _SAMPLE_MS + 1
    notional = Decimal(_IMPACT_USDC * market.rules.max_leverage)
    bid = impact_price(market.book, OrderSide.BUY, notional)
    ask = impact_price(market.book, OrderSide.SELL, notional)
    meter.total += times * premium(bid, ask, market.index)
    meter.count += times
    meter.next_sample += times * _SAMPLE_MS


def _pay(state: ExchangeState, market: MarketState) -> None:
    """Fix the rate of the period that ends and charge every position; it waits in their unsettled PnL."""
    meter = market.funding
    at = meter.next_boundary
    meter.next_boundary = _boundary_after(market.rules, at)
    fixed = FundingRate(
        symbol=market.rules.symbol,
        funding_rate=rate(market.rules, meter.mean),
        funding_rate_timestamp=at,
        next_funding_time=meter.next_boundary,
        mark_price=market.mark,
    )
    meter.rates.append(fixed)
    meter.total, meter.count = _ZERO, 0
    market.sum_unitary_funding += fixed.mark_price * fixed.funding_rate
    state.emit(FundingRateFixed(ts=state.now, symbol=fixed.symbol, rate=fixed))
    for account in state.accounts.values():
        _charge(state, account, fixed)


def _charge(state: ExchangeState, account: Account, fixed: FundingRate) -> None:
    for mode in (MarginMode.CROSS, MarginMode.ISOLATED):
        key = (fixed.symbol, mode)
        quantity = account.entry(key).quantity
        amount = quantity * fixed.mark_price * fixed.funding_rate
        if not quantity or account.is_maker:
            continue
        fee = FundingFee(
            account_id=account.account_id,
            symbol=fixed.symbol,
            margin_mode=mode,
            funding_rate=fixed.funding_rate,
            mark_price=fixed.mark_price,
            funding_fee=abs(amount),
            payment_type=FundingPaymentType.PAY if amount > 0 else FundingPaymentType.RECEIVE,
            created_time=fixed.funding_rate_timestamp,
            updated_time=fixed.funding_rate_timestamp,
        )
        account.funding_fees.append(fee)
        state.emit(FundingPaid(ts=state.now, account_id=account.account_id, fee=fee))
        state.touch(account, key, quantity)


def settle_fees(account: Account, now: int) -> None:
    """Mark all funding as settled: it has left the unsettled PnL."""
    account.funding_fees[:] = [
        attrs.evolve(fee, status=FundingStatus.SETTLED, updated_time=now)
        if fee.status is FundingStatus.ACCRUED
        else fee
        for fee in account.funding_fees
    ]
