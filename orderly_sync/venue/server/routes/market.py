"""Market info."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.venue.engine.facts import Traded
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.symbols import SymbolRules
from orderly_sync.venue.engine.tape import Candle
from orderly_sync.venue.server.broadcast import candle_values, price_changes, price_list, spot
from orderly_sync.venue.server.call import Bare, Call, rows
from orderly_sync.venue.server.constants import CHAINS, LEAST_WITHDRAWAL, WITHDRAWAL_FEE
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import missing
from orderly_sync.venue.server.routes.route import HttpRoute, public, read
from orderly_sync.venue.server.rows import market_names
from orderly_sync.venue.server.topics import CHART_INTERVALS, KLINE_MS
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]

_RULE_NUMBERS = (
    "quote_min",
    "quote_max",
    "quote_tick",
    "base_min",
    "base_max",
    "base_tick",
    "min_notional",
    "price_range",
    "price_scope",
    "std_liquidation_fee",
    "liquidator_fee",
    "claim_insurance_fund_discount",
    "cap_funding",
    "floor_funding",
    "cap_ir",
    "floor_ir",
    "interest_rate",
    "imr_factor",
    "base_mmr",
    "base_imr",
    "global_max_oi_cap",
)
_DEVIATION = {
    "mark_index_price_deviation_floor": Decimal("0.005"),
    "mark_index_price_deviation_cap": Decimal("0.05"),
    "deviation_factor": Decimal(1),
}
"""Fields of captures; nothing here depends on them, and their values are assumed."""
_MOST_CANDLES = 1000
_DEFAULT_CANDLES, _DEFAULT_TRADES = 100, 100
_SOURCES = ["binance", "okx", "bybit"]
_MINUTE = 60_000


def _futures_row(call: Call, symbol: str) -> dict[str, object]:
    exchange, day = call.exchange, call.markets.day(symbol)
    est, _ = call.markets.est_funding(symbol)
    return {
        "symbol": symbol,
        **market_names(exchange.rules[symbol]),
        "index_price": number(exchange.index(symbol)),
        "mark_price": number(exchange.mark(symbol)),
        "sum_unitary_funding": number(call.markets.sum_unitary_funding(symbol)),
        "est_funding_rate": number(est),
        "last_funding_rate": number(call.markets.last_funding(symbol)[0]),
        "next_funding_time": call.markets.next_funding(symbol),
        "open_interest": number(exchange.open_interest(symbol)),
        **{f"24h_{name}": value for name, value in candle_values(day).items()},
    }


def _futures(call: Call) -> object:
    return rows(call.markets.symbols, lambda symbol: _futures_row(call, symbol))


def _one_future(call: Call) -> object:
    """A flat object, as the real venue sends it and clients need it, although the API page draws rows."""
    return _futures_row(call, call.markets.symbol(call.slots["symbol"]))


def _trade_row(trade: Traded) -> dict[str, object]:
    return {
        "symbol": trade.symbol,
        "side": trade.side.value,
        "executed_price": number(trade.price),
        "executed_quantity": number(trade.quantity),
        "executed_timestamp": trade.ts,
    }


def _market_trades(call: Call) -> object:
    symbol = call.symbol(required=True)
    assert symbol is not None
    limit = call.query.whole("limit") or _DEFAULT_TRADES
    return rows(call.markets.tape.trades(symbol, max(limit, 0)), _trade_row)


def _price_changes(call: Call) -> object:
    return rows(call.markets.symbols, lambda symbol: price_changes(call.markets, symbol))


def _open_interests(call: Call) -> object:
    def row(symbol: str) -> dict[str, object]:
        interest = number(call.exchange.open_interest(symbol))
        return {"symbol": symbol, "long_oi": interest, "short_oi": interest}

    return rows(call.markets.symbols, row)


def _history_charts(call: Call) -> object:
    interval = call.query.text("time_interval") or "1h"
    if interval not in CHART_INTERVALS:
        raise Refused(INVALID_PARAM, f"time_interval must be one of {', '.join(CHART_INTERVALS)}")
    return rows(call.markets.symbols, lambda symbol: price_list(call.markets, symbol, interval))


def _rules_row(rules: SymbolRules) -> dict[str, object]:
    row: dict[str, object] = {"symbol": rules.symbol, **market_names(rules), **_DEVIATION}
    row.update({name: number(getattr(rules, name)) for name in _RULE_NUMBERS})
    row.update(
        funding_period=rules.funding_period,
        created_time=rules.created_time,
        updated_time=rules.updated_time,
        liquidation_tier=rules.liquidation_tier,
    )
    return row


def _info(call: Call) -> object:
    return rows(call.exchange.rules.values(), _rules_row)


def _one_info(call: Call) -> object:
    return _rules_row(call.exchange.rules[call.markets.symbol(call.slots["symbol"])])


def _token(call: Call) -> object:
    wanted = call.query.text("chain_id")
    chains = [chain for chain in CHAINS if wanted is None or wanted == str(chain["chain_id"])]
    detail = [
        {
            "chain_id": chain["chain_id"],
            "contract_address": chain["usdc"],
            "cross_chain_withdrawal_fee": number(WITHDRAWAL_FEE),
            "decimals": 6,
            # The page has one name, captures the other; clients know one of them.
            "withdraw_fee": number(WITHDRAWAL_FEE),
            "withdrawal_fee": number(WITHDRAWAL_FEE),
            "display_name": "USDC",
            "exclusive_deposit_supported": False,
        }
        for chain in chains
    ]
    row = {
        "token": "USDC",
        "base_weight": 1,
        "discount_factor": None,
        "haircut": 0,
        "user_max_qty": 1_000_000_000,
        "is_collateral": True,
        "decimals": 6,
        "minimum_withdraw_amount": number(LEAST_WITHDRAWAL),
        "on_chain_swap": False,
        "token_hash": "0xd6aca1be9729c13d677335161321649cccae6a591554772516700f986f942eaa",
        "chain_details": detail,
    }
    return {"rows": [row] if detail else []}


def _index_sources(call: Call) -> object:
    return rows(
        call.markets.symbols,
        lambda symbol: {"symbol": spot(symbol), "updated_time": call.markets.opening, "sources": _SOURCES},
    )


def _orderbook(call: Call) -> Any:
    """Levels are objects, and both sides come in descending price order, unlike on the stream."""
    book = call.exchange.book(call.markets.symbol(call.slots["symbol"]))
    most = call.query.whole("max_level") or 100
    if most < 1:
        raise Refused(INVALID_PARAM, "max_level must be above 0")

    def level(row: tuple[Any, Any]) -> dict[str, Any]:
        return {"price": number(row[0]), "quantity": number(row[1])}

    return {
        "asks": [level(row) for row in reversed(book.asks[:most])],
        "bids": [level(row) for row in book.bids[:most]],
        "timestamp": call.now,
    }


def _interval(call: Call, name: str) -> int:
    text = call.query.required_text(name)
    if text not in KLINE_MS:
        raise Refused(INVALID_PARAM, f"{name} must be one of {', '.join(KLINE_MS)}")
    return KLINE_MS[text]


def _kline(call: Call) -> object:
    symbol, length = call.symbol(required=True), _interval(call, "type")
    assert symbol is not None
    limit = min(call.query.whole("limit") or _DEFAULT_CANDLES, _MOST_CANDLES)

    def row(candle: Candle) -> dict[str, object]:
        return {
            **candle_values(candle),
            "symbol": symbol,
            "type": call.query.text("type"),
            "start_timestamp": candle.start,
            "end_timestamp": candle.start + length,
        }

    return rows(call.markets.tape.candles(symbol, length, max(limit, 0), call.now), row)


def _kline_history(call: Call) -> object:
    """Arrays for charts, without the usual envelope; times in seconds, oldest first."""
    symbol, length = call.symbol(required=True), _interval(call, "resolution")
    assert symbol is not None
    first, last = call.query.whole("from"), call.query.whole("to")
    end = call.now if last is None else min(last * 1000, call.now)
    limit = min(call.query.whole("limit") or _MOST_CANDLES, _MOST_CANDLES)
    if first is None:
        first = (end - limit * length) // 1000
    if first < 0 or (last is not None and last < first):
        raise missing("from before to")
    count = min(limit, max(0, (end - first * 1000) // length + 1))
    candles = call.markets.tape.candles(symbol, length, count, end)[::-1]
    return Bare(
        {
            "s": "ok" if candles else "no_data",
            "o": [number(candle.open) for candle in candles],
            "c": [number(candle.close) for candle in candles],
            "h": [number(candle.high) for candle in candles],
            "l": [number(candle.low) for candle in candles],
            "v": [number(candle.volume) for candle in candles],
            "a": [number(candle.amount) for candle in candles],
            "t": [candle.start // 1000 for candle in candles],
        }
    )


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/public/futures"): public(_futures),
    ("GET", "/v1/public/futures/{symbol}"): public(_one_future),
    ("GET", "/v1/public/market_trades"): public(_market_trades),
    ("GET", "/v1/public/market_info/price_changes"): public(_price_changes),
    ("GET", "/v1/public/market_info/traders_open_interests"): public(_open_interests),
    ("GET", "/v1/public/market_info/history_charts"): public(_history_charts),
    ("GET", "/v1/public/info"): public(_info),
    ("GET", "/v1/public/info/{symbol}"): public(_one_info),
    ("GET", "/v1/public/token"): public(_token),
    ("GET", "/v1/public/index_price_source"): public(_index_sources),
    ("GET", "/v1/orderbook/{symbol}"): read(_orderbook),
    ("GET", "/v1/kline"): read(_kline),
    ("GET", "/v1/tv/kline_history"): read(_kline_history),
}
