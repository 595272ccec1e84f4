"""Queries about markets. Rows come newest first. Only the venue itself is compared where exchanges are."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from orderly_sync.venue.engine.facts import Traded
from orderly_sync.venue.engine.records import FundingRate
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.tape import Candle
from orderly_sync.venue.server.fields import digits
from orderly_sync.venue.server.queries.query_call import Query, QueryCall, listed, written
from orderly_sync.venue.server.queries.rows import best, market_values, plain, shown
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.time_windows import DAY
from orderly_sync.venue.server.topics import KLINE_MS
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["QUERIES"]

_ZERO = Decimal(0)
_PARTS = ("market_info", "orderbook", "recent_trades", "funding_history", "candles")


def _summary(query: QueryCall) -> object:
    """The total volume and open interest are in USDC, of all markets that are shown."""
    call, names = query.call, query.texts("symbols")
    wanted = list(call.markets.symbols) if names is None else [call.markets.symbol(name) for name in names]
    volume = sum((call.markets.day(symbol).amount for symbol in wanted), _ZERO)
    interest = sum(
        (call.exchange.open_interest(symbol) * call.exchange.mark(symbol) for symbol in wanted), _ZERO
    )
    return {
        "total_24h_volume": plain(volume),
        "total_open_interest": plain(interest),
        "markets": [market_values(query.call.exchange, query.call.markets, symbol) for symbol in wanted],
    }


def _levels(query: QueryCall, symbol: str, most: int) -> dict[str, Any]:
    """Both sides from the best price on."""
    book = query.call.exchange.book(symbol)

    def side(levels: Any) -> list[dict[str, str]]:
        return [{"price": plain(price), "quantity": plain(quantity)} for price, quantity in levels[:most]]

    return {"asks": side(book.asks), "bids": side(book.bids)}


def _orderbook(query: QueryCall) -> object:
    symbol = query.required_symbol()
    bid, offer = best(query.call.exchange, symbol)
    whole = bid is not None and offer is not None
    return {
        "symbol": symbol,
        "mid_price": plain((bid + offer) / 2) if whole and bid and offer else None,
        "spread": plain(offer - bid) if whole and bid and offer else None,
        **_levels(query, symbol, query.limit(100, "max_level")),
        "ts": query.now,
    }


def _takers(query: QueryCall) -> Callable[[Traded], Member | None]:
    """Who traded: the venue's account whose fill it was, None for the simulated crowd."""
    known = {
        (fill.symbol, fill.ts, fill.price, fill.quantity, fill.side): member
        for member in query.call.accounts.members.values()
        for fill in query.call.exchange.fills(member.account_id)
    }
    return lambda trade: known.get((trade.symbol, trade.ts, trade.price, trade.quantity, trade.side))


def _trade_rows(query: QueryCall, symbol: str, most: int) -> list[dict[str, object]]:
    taker = _takers(query)

    def row(trade: Traded) -> dict[str, object]:
        who = taker(trade)
        return {
            "symbol": trade.symbol,
            "side": trade.side.value,
            "executed_price": plain(trade.price),
            "executed_quantity": plain(trade.quantity),
            "address": None if who is None else who.address,
            "account_id": None if who is None else who.account_id,
            "broker_id": None if who is None else who.broker_id,
            "executed_timestamp": trade.ts,
        }

    return [row(trade) for trade in query.call.markets.tape.trades(symbol, most)]


def _trades(query: QueryCall) -> object:
    return {"rows": _trade_rows(query, query.required_symbol(), query.limit(50)), "next_cursor": None}


def _length(text: str) -> int:
    if text not in KLINE_MS:
        raise Refused(INVALID_PARAM, f"interval must be one of {', '.join(KLINE_MS)}")
    return KLINE_MS[text]


def _candle_row(candle: Candle) -> dict[str, object]:
    return {
        "open": plain(candle.open),
        "high": plain(candle.high),
        "low": plain(candle.low),
        "close": plain(candle.close),
        "volume": plain(candle.volume),
        "timestamp": candle.start,
    }


def _candles(query: QueryCall) -> object:
    """Candles that begin in the window; without a start only the latest ones, since the past has no end."""
    symbol, length = query.required_symbol(), _length(query.required("interval"))
    (start, end), size, after = query.window(), query.limit(500), query.cursor()
    newest = min(end, query.now) // length * length
    first = -(-start // length) * length if start else newest - (size - 1) * length
    if after is not None:
        moment = digits(after)
        if moment is None:
            raise Refused(INVALID_PARAM, "cursor is not one that this venue gave for these parameters")
        newest = min(newest, moment // length * length - length)
    moments = range(newest, max(first, newest - size * length + 1) - 1, -length)
    more = bool(moments) and moments[-1] - length >= first
    return {
        "rows": [_candle_row(query.call.markets.tape.candle(symbol, moment, length)) for moment in moments],
        "next_cursor": written(str(moments[-1])) if more else None,
    }


def _rate_row(rate: FundingRate) -> dict[str, object]:
    return {
        "funding_rate": plain(rate.funding_rate),
        "mark_price": plain(rate.mark_price),
        "funding_rate_timestamp": rate.funding_rate_timestamp,
    }


def _rates(query: QueryCall) -> object:
    symbol, (start, end) = query.required_symbol(), query.window()
    found = [
        each
        for each in query.call.exchange.funding_rates(symbol)
        if start <= each.funding_rate_timestamp <= end
    ]
    return listed(query, found, lambda each: str(each.funding_rate_timestamp), _rate_row, 500)


def _mean(query: QueryCall, symbol: str, days: int) -> str:
    rates = [
        each.funding_rate
        for each in query.call.exchange.funding_rates(symbol)
        if each.funding_rate_timestamp > query.now - days * DAY
    ]
    return shown(sum(rates, _ZERO) / len(rates)) if rates else "0"


def _comparison(query: QueryCall) -> object:
    wanted = query.symbol()

    def row(symbol: str) -> dict[str, object]:
        own = {
            "name": "orderly",
            "last": plain(query.call.markets.last_funding(symbol)[0]),
            **{f"{days}d": _mean(query, symbol, days) for days in (1, 7, 30)},
        }
        return {
            "symbol": symbol,
            "next_funding_time": query.call.markets.next_funding(symbol),
            "exchanges": [own],
        }

    return {"rows": [row(symbol) for symbol in query.call.markets.symbols if wanted in {None, symbol}]}


def _detail(query: QueryCall) -> object:
    """Only the parts that ``include`` names are there."""
    symbol, include = query.required_symbol(), query.texts("include")
    wanted = _PARTS if include is None else tuple(include)
    unknown = [part for part in wanted if part not in _PARTS]
    if unknown:
        raise Refused(INVALID_PARAM, f"include knows {', '.join(_PARTS)}, not {unknown[0]}")
    length = _length(query.fields.text("candles_interval") or "1h")
    call = query.call

    parts: dict[str, Callable[[], object]] = {
        "market_info": lambda: market_values(query.call.exchange, query.call.markets, symbol),
        "orderbook": lambda: _levels(query, symbol, query.limit(20, "orderbook_levels")),
        "recent_trades": lambda: _trade_rows(query, symbol, query.limit(20, "recent_trades_limit")),
        "funding_history": lambda: [
            _rate_row(each)
            for each in call.exchange.funding_rates(symbol)[: query.limit(8, "funding_history_limit")]
        ],
        "candles": lambda: [
            _candle_row(each)
            for each in call.markets.tape.candles(symbol, length, query.limit(24, "candles_limit"), query.now)
        ],
    }
    return {"symbol": symbol, **{part: parts[part]() for part in _PARTS if part in wanted}}


QUERIES: dict[str, tuple[Query, int]] = {
    "candles": (_candles, 2),
    "fundingComparison": (_comparison, 2),
    "fundingRateHistory": (_rates, 2),
    "marketDetail": (_detail, 2),
    "marketSummary": (_summary, 1),
    "marketTrades": (_trades, 1),
    "orderbook": (_orderbook, 1),
}
"""By type: what answers, and its weight."""
