"""TradingView: what the charting library reads, without the usual envelope. Times count seconds."""

from __future__ import annotations

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.symbols import SymbolRules
from orderly_sync.venue.server.call import Bare, Call
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import missing
from orderly_sync.venue.server.routes.route import HttpRoute, public
from orderly_sync.venue.server.topics import KLINE_MS
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]

_RESOLUTIONS = {
    "1": "1m",
    "3": "3m",
    "5": "5m",
    "15": "15m",
    "30": "30m",
    "60": "1h",
    "120": "2h",
    "240": "4h",
    "360": "6h",
    "720": "12h",
    "1D": "1d",
    "3D": "3d",
    "1W": "1w",
    "1M": "1mon",
}
_SHORT = {"D": "1D", "W": "1W", "M": "1M"}
_MULTIPLIERS = [name for name in _RESOLUTIONS if name.isdecimal()]
_MOST_BARS = 2000
_ALWAYS = "24x7"


def _columns(*names: str) -> list[dict[str, str]]:
    return [{"id": name, "title": name.replace("_", " ").capitalize()} for name in names]


_CONFIG = {
    "accountSummaryRow": _columns("balance", "equity", "unsettled_pnl"),
    "accountManager": [
        {"id": "summary", "title": "Summary", "columns": _columns("token", "holding", "frozen")}
    ],
    "durations": [
        {
            "id": "GTC",
            "title": "Good till cancelled",
            "hasDatePicker": False,
            "hasTimePicker": False,
            "default": True,
            "supportedOrderTypes": ["limit", "stop"],
        }
    ],
    "orderCustomFields": [],
    "orderHistoryCustomFields": [],
    "positionCustomFields": [
        {
            "id": "est_liq_price",
            "title": "Liquidation price",
            "tooltip": "Estimated from the present margin",
            "alignment": "right",
        }
    ],
    "pullingInterval": {
        "quotes": 1000,
        "orders": 1000,
        "positions": 1000,
        "accountManager": 5000,
        "balances": 5000,
    },
}
"""The same in every language: this venue speaks English only."""


def _config(call: Call) -> object:
    call.query.required_text("locale")
    return Bare({"s": "ok", "d": _CONFIG})


def _length(call: Call) -> int:
    text = call.query.required_text("resolution")
    name = _RESOLUTIONS.get(_SHORT.get(text, text), text)
    if name not in KLINE_MS:
        raise Refused(INVALID_PARAM, f"resolution must be one of {', '.join(_RESOLUTIONS)}")
    return KLINE_MS[name]


def _history(call: Call) -> object:
    """Candles that began between ``from`` and ``to``, oldest first; the newest 2000 of them."""
    symbol = call.markets.symbol(call.query.required_text("symbol"))
    length = _length(call)
    first, last = call.query.whole("from"), call.query.whole("to")
    if first is None or last is None:
        raise missing("from" if first is None else "to")
    if not 0 <= first <= last:
        raise Refused(INVALID_PARAM, "from must not lie after to")
    end = min(last * 1000, call.now)
    count = min(_MOST_BARS, max(0, end // length - -(-first * 1000 // length) + 1))
    candles = call.markets.tape.candles(symbol, length, count, end)[::-1]
    return Bare(
        {
            "s": "ok" if candles else "no_data",
            "t": [candle.start // 1000 for candle in candles],
            "o": [number(candle.open) for candle in candles],
            "h": [number(candle.high) for candle in candles],
            "l": [number(candle.low) for candle in candles],
            "c": [number(candle.close) for candle in candles],
            "v": [number(candle.volume) for candle in candles],
        }
    )


def _per_symbol(rules: SymbolRules) -> dict[str, object]:
    """One symbol's value in each column; its ticks are 1/pricescale times minmovement."""
    base = rules.symbol.split("_")[1]
    # An exponent above 0 means ticks of tens or more: then the scale is 1 and the movement is the tick.
    decimals = max(0, -int(rules.quote_tick.normalize().as_tuple().exponent))
    return {
        "symbol": rules.symbol,
        "description": f"{base} / USDC perpetual",
        "currency": "USDC",
        "base-currency": base,
        "exchange-listed": "Orderly paper venue",
        "exchange-traded": "Orderly paper venue",
        "minmovement": int(rules.quote_tick * 10**decimals),
        "minmovement2": 0,
        "fractional": False,
        "pricescale": 10**decimals,
        "root": None,
        "root-description": None,
        "has-intraday": True,
        "has-no-volume": False,
        "type": "crypto",
        "is-cfd": False,
        "ticker": rules.symbol,
        "timezone": "Etc/UTC",
        "session-regular": _ALWAYS,
        "session-extended": _ALWAYS,
        "session-premarket": None,
        "session-postmarket": None,
        "supported-resolutions": list(_RESOLUTIONS),
        "has-daily": True,
        "intraday-multipliers": _MULTIPLIERS,
        "has-weekly-and-monthly": True,
        "pointvalue": 1,
        "expiration": None,
        "bar-source": "trade",
        "bar-transform": "none",
        "bar-fillgaps": "none",
        "isin": "",
        "wkn": "",
    }


def _symbol_info(call: Call) -> object:
    """All symbols by column, whichever group is named: there is only one."""
    call.query.required_text("group")
    listed = [_per_symbol(rules) for rules in call.exchange.rules.values()]
    return Bare({"s": "ok", **{name: [row[name] for row in listed] for name in listed[0]}})


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/tv/config"): public(_config),
    ("GET", "/v1/tv/history"): public(_history),
    ("GET", "/v1/tv/symbol_info"): public(_symbol_info),
}
