"""What a topic's name says: its kind, symbol, interval, broker; or why it is refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable
from difflib import get_close_matches

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.wire.symbols import symbol as native_symbol
from orderly_sync.wire.topic_list import ALL

__all__ = [
    "CHART_INTERVALS",
    "KLINE_MS",
    "PRIVATE",
    "TopicRefused",
    "WantedTopic",
    "all_topics",
    "near_topics",
    "parse_topic",
]

_MINUTE = 60_000
_DAY = 1440 * _MINUTE
KLINE_MS = {
    "1m": _MINUTE,
    "3m": 3 * _MINUTE,
    "5m": 5 * _MINUTE,
    "15m": 15 * _MINUTE,
    "30m": 30 * _MINUTE,
    "1h": 60 * _MINUTE,
    "2h": 120 * _MINUTE,
    "4h": 240 * _MINUTE,
    "6h": 360 * _MINUTE,
    "12h": 720 * _MINUTE,
    "1d": _DAY,
    "3d": 3 * _DAY,
    "1w": 7 * _DAY,
    "1M": 30 * _DAY,
    "1mon": 30 * _DAY,
    "1y": 365 * _DAY,
}
"""Lengths in ms of the candle intervals; months and years are taken as 30 and 365 days [assumed]."""
CHART_INTERVALS = ("1m", "5m", "15m", "30m", "1h", "4h", "12h", "1d", "1w", "1mon")

PRIVATE = frozenset(
    {
        "executionreport",
        "algoexecutionreport",
        "algoexecutionreportv2",
        "position",
        "balance",
        "account",
        "settle",
        "wallet",
        "liquidationsaccount",
        "liquidatorliquidations",
        "assetconvert",
        "notifications",
    }
)
_WHOLE_MARKET = frozenset(
    {
        "tickers",
        "bbos",
        "markprices",
        "indexprices",
        "price_changes",
        "traders_open_interests",
        "liquidation",
        "maintenance_status",
        "announcement",
    }
)
_BY_SYMBOL = frozenset(
    {
        "orderbook",
        "orderbookupdate",
        "trade",
        "ticker",
        "bbo",
        "markprice",
        "indexprice",
        "openinterest",
        "estfundingrate",
    }
)
_WIRE_NAMES = {
    row["call"].removeprefix("topics.").partition("(")[0]: row["topic"].rpartition("@")[2]
    for row in sorted(ALL, key=lambda row: ("$" not in row["topic"], "=" not in row["call"]))
}
"""By the name of a function of ``orderly_sync.topics``: its topic, without the symbol."""
_EXAMPLE = "PERP_ETH_USDC"
_BROKER = re.compile(r"[A-Za-z0-9_\-]{1,64}\Z")


class TopicRefused(Exception):
    """The venue's own words about a topic it does not have."""


@attrs.frozen
class WantedTopic:
    """One topic, taken apart."""

    name: str
    kind: str
    symbol: str | None = None
    """As in the name: ``SPOT_…`` for index prices."""
    interval: str | None = None
    broker: str | None = None

    @property
    def private(self) -> bool:
        """Whether it needs a login."""
        return self.kind in PRIVATE


def parse_topic(name: str, symbols: Container[str]) -> WantedTopic:
    """The topic of that name.

    Args:
        name: As subscribed to.
        symbols: The symbols the venue lists, ``PERP_…``.

    Raises:
        TopicRefused: ``invalid topic …`` or ``invalid symbol …``.
    """
    if name in PRIVATE or name in _WHOLE_MARKET:
        return WantedTopic(name, name)
    if name.startswith("history_charts_") and name.removeprefix("history_charts_") in CHART_INTERVALS:
        return WantedTopic(name, "history_charts", interval=name.removeprefix("history_charts_"))
    broker, bare = _split_broker(name)
    if broker is not None and bare == "tickers":
        return WantedTopic(name, "tickers", broker=broker)
    symbol, at, kind = bare.partition("@")
    if not at or (broker is not None and kind != "ticker"):
        raise TopicRefused(f"invalid topic {name}")
    interval = None
    if kind.startswith("kline_"):
        kind, interval = "kline", kind.removeprefix("kline_")
        if interval not in KLINE_MS:
            raise TopicRefused(f"invalid topic {name}")
    elif kind not in _BY_SYMBOL:
        raise TopicRefused(f"invalid topic {name}")
    listed = (
        f"PERP_{symbol.removeprefix('SPOT_')}"
        if kind == "indexprice" and symbol.startswith("SPOT_")
        else symbol
    )
    if listed not in symbols:
        raise TopicRefused(f"invalid symbol {symbol}")
    return WantedTopic(name, kind, symbol, interval, broker)


def all_topics(symbols: Iterable[str]) -> list[str]:
    """Every topic there is, but for those of single brokers, of which there is no end."""
    charts = [f"history_charts_{interval}" for interval in CHART_INTERVALS]
    kinds = [*_BY_SYMBOL, *(f"kline_{interval}" for interval in KLINE_MS)]
    told = [f"{symbol}@{kind}" for symbol in symbols for kind in kinds]
    spot = [f"SPOT_{symbol.removeprefix('PERP_')}@indexprice" for symbol in symbols]
    return sorted([*PRIVATE, *_WHOLE_MARKET, *charts, *told, *spot])


def near_topics(name: str, symbols: Collection[str]) -> list[str]:
    """The topics that were likely meant by a name that none has, nearest first; at most three.

    Names of functions of ``orderly_sync.topics`` are known, and symbols in any spelling.
    """
    symbol, at, kind = name.partition("@")
    if not at:
        kind = symbol.partition("(")[0]
    meant = _WIRE_NAMES.get(kind, kind)
    kinds = sorted([*_BY_SYMBOL, *(f"kline_{interval}" for interval in KLINE_MS)])
    if not at and meant not in kinds:
        charts = [f"history_charts_{interval}" for interval in CHART_INTERVALS]
        found = get_close_matches(meant, sorted({*PRIVATE, *_WHOLE_MARKET, *charts}), 3)
        if found:
            return found[:1] if meant in found else found
    kinds_near = [meant] if meant in kinds else get_close_matches(meant, kinds, 3)
    of = _near_symbols(symbol, symbols) if at else [_EXAMPLE]
    return [f"{one}@{each}" for one in of for each in kinds_near]


def _near_symbols(name: str, symbols: Collection[str]) -> list[str]:
    """The symbol that was likely meant, which has many spellings."""
    try:
        native = native_symbol(name.upper())
    except UsageError:
        native = name.upper()
    return [native] if native in symbols else get_close_matches(native, sorted(symbols), 1)


def _split_broker(name: str) -> tuple[str | None, str]:
    broker, dollar, bare = name.partition("$")
    if dollar and _BROKER.match(broker):
        return broker, bare
    return None, name
