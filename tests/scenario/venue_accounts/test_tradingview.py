"""What the charting library reads, and that its candles are those of the market."""

from __future__ import annotations

import pytest

from orderly_sync import UsageError
from orderly_sync.rest import Rest
from tests.support.venue_kit import ETH, VenueKit, leftovers, refused

HOUR = 3_600_000


@pytest.fixture
def rest(kit: VenueKit) -> Rest:
    """A client without credentials."""
    return kit.client()


def test_the_configuration_is_complete(rest):
    """Tables, durations and intervals; nothing is left unread."""
    config = rest.tradingview.config(locale="en")

    assert config.status == "ok"
    assert config.settings.durations[0].default is True
    assert config.settings.pulling_interval.quotes == 1000
    assert leftovers(config) == []


def test_symbols_come_by_column(rest):
    """All columns as long as there are symbols; ticks are exact."""
    columns = rest.tradingview.symbol_info(group="orderly")
    rules = {row.symbol: row for row in rest.market.symbols()}

    assert set(columns.symbol) == set(rules)
    lengths = {
        len(value)
        for name in type(columns).__attrs_attrs__
        if isinstance(value := getattr(columns, name.name), tuple)
    }
    assert lengths == {len(rules)}
    for name, scale, step in zip(columns.symbol, columns.pricescale, columns.minmovement, strict=True):
        assert step / scale == rules[name].quote_tick
    assert leftovers(columns) == []


@pytest.mark.parametrize(("resolution", "interval"), [("60", "1h"), ("1D", "1d"), ("D", "1d"), ("5", "5m")])
def test_candles_are_the_markets(alice, venue, resolution, interval):
    """The same bars as by the interval's other name, whatever the chart calls it."""
    alice.rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity="1")
    now = venue.now()
    start = now - 5 * HOUR

    chart = alice.rest.tradingview.history(symbol=ETH, resolution=resolution, start=start, end=now)
    other = alice.rest.market.kline_history(symbol=ETH, resolution=interval, start=start, end=now)

    assert (chart.status, chart.times[-1]) == ("ok", other.times[-1])
    assert chart.closes[-1] == other.closes[-1]
    assert chart.volumes[-1] == other.volumes[-1]
    assert all(start // 1000 <= time <= now // 1000 for time in chart.times)
    assert leftovers(chart) == []


def test_a_span_without_candles_says_so(rest, venue):
    """``no_data`` and empty columns; senseless resolutions are -1005, spans not even sent."""
    history = rest.tradingview.history
    future = venue.now() + 1000 * HOUR

    empty = history(symbol=ETH, resolution="60", start=future, end=future + HOUR)

    assert (empty.status, empty.times) == ("no_data", ())
    now = venue.now()
    assert refused(history, symbol=ETH, resolution="7", start=now, end=now).code == -1005
    assert refused(history, symbol="X", resolution="60", start=now, end=now).code == -1005
    with pytest.raises(UsageError, match="comes before start"):
        history(symbol=ETH, resolution="60", start=now, end=now - HOUR)
