"""Funding: rates of the markets, and what accounts paid and received."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

from orderly_sync.venue.engine.records import FundingRate
from orderly_sync.venue.server.call import Call, paged, rows
from orderly_sync.venue.server.encoding import ZERO, number
from orderly_sync.venue.server.money_rows import funding_fee_row
from orderly_sync.venue.server.routes.route import HttpRoute, public, read
from orderly_sync.venue.server.rows import ratio
from orderly_sync.venue.server.time_windows import in_window

__all__ = ["ROUTES"]

_DEFAULT_SIZE = 60
_SPANS = (1, 3, 7, 14, 30, 90, 180)
_DAY = 86_400_000


def _row(call: Call, symbol: str) -> dict[str, object]:
    est, when = call.markets.est_funding(symbol)
    last, then = call.markets.last_funding(symbol)
    return {
        "symbol": symbol,
        "est_funding_rate": number(est),
        "est_funding_rate_timestamp": when,
        "last_funding_rate": number(last),
        "last_funding_rate_timestamp": then,
        "next_funding_time": call.markets.next_funding(symbol),
        "sum_unitary_funding": number(call.markets.sum_unitary_funding(symbol)),
    }


def _rates(call: Call) -> object:
    return rows(call.markets.symbols, lambda symbol: _row(call, symbol))


def _rate(call: Call) -> object:
    return _row(call, call.markets.symbol(call.slots["symbol"]))


def _rate_history(call: Call) -> object:
    """The rates that were paid since the opening, newest first."""
    symbol, window = call.symbol(required=True), in_window(call)
    assert symbol is not None

    def row(rate: FundingRate) -> dict[str, object]:
        return {
            "symbol": rate.symbol,
            "funding_rate": number(rate.funding_rate),
            "funding_rate_timestamp": rate.funding_rate_timestamp,
            "next_funding_time": rate.next_funding_time,
        }

    paid = [rate for rate in call.exchange.funding_rates(symbol) if window(rate.funding_rate_timestamp)]
    return paged(call, paid, row, _DEFAULT_SIZE)


def _mean(rates: list[FundingRate]) -> dict[str, object]:
    """The mean of some rates and how many stood on either side of 0."""
    values = [rate.funding_rate for rate in rates]
    return {
        "rate": ratio(sum(values, Decimal(0)) / len(values)) if values else ZERO,
        "positive": sum(value > 0 for value in values),
        "negative": sum(value < 0 for value in values),
    }


def _funding_history(call: Call) -> object:
    """The means over several spans, as far as the venue has lived."""

    def row(symbol: str) -> dict[str, object]:
        rates = call.exchange.funding_rates(symbol)
        opened = datetime.fromtimestamp(call.markets.opening / 1000, tz=timezone.utc)
        means = {
            f"{days}d": _mean(
                [rate for rate in rates if rate.funding_rate_timestamp > call.now - days * _DAY]
            )
            for days in _SPANS
        }
        return {
            "symbol": symbol,
            "data_start_time": opened.strftime("%Y-%m-%d %H:%M:%S"),
            "funding": {"last": _mean(rates[:1]), **means},
        }

    return rows(call.markets.symbols, row)


def _comparison(call: Call) -> object:
    """This venue's own rates: it knows of no other exchange."""

    def row(symbol: str) -> dict[str, object]:
        own = {"name": "orderly", "last": number(call.markets.last_funding(symbol)[0])}
        return {"symbol": symbol, "exchanges": [own]}

    return rows(call.markets.symbols, row)


def _fee_history(call: Call) -> object:
    symbol, window = call.symbol(), in_window(call)
    fees = [
        fee
        for fee in call.exchange.funding_fees(call.account_id)
        if symbol in {None, fee.symbol} and window(fee.created_time)
    ]
    return paged(call, fees, funding_fee_row, _DEFAULT_SIZE)


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/public/funding_rates"): public(_rates),
    ("GET", "/v1/public/funding_rate/{symbol}"): public(_rate),
    ("GET", "/v1/public/funding_rate_history"): public(_rate_history),
    ("GET", "/v1/public/market_info/funding_history"): public(_funding_history),
    ("GET", "/v1/public/market_info/funding_comparison"): public(_comparison),
    ("GET", "/v1/funding_fee/history"): read(_fee_history),
}
