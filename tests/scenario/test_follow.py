"""A paper market that is another one's: followed over its public stream, or played from a recording."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import (
    Ioc,
    Market,
    Network,
    Orderly,
    Resynced,
    Stale,
    StaleBook,
    UsageError,
    connect,
    topics,
)
from orderly_sync.venue.server import source
from orderly_sync.venue.server.serve import Venue
from tests.support.paper import eventually

ETH = "PERP_ETH_USDC"
WAIT = 20.0
COMMAND = "from orderly_sync.cli import main; main()"


def best(ex: Orderly) -> tuple[Any, Any]:
    try:
        book = ex.book(ETH)
    except StaleBook:
        return None, None
    assert book.best_bid is not None
    assert book.best_ask is not None
    return book.best_bid.price, book.best_ask.price


def marked(ex: Orderly, price: int) -> bool:
    return ex.rest.market.futures_info(ETH).mark_price == price


def test_a_followed_market_stands_where_the_other_stands_and_trades_alone():
    """Mark price, best bid and best ask are the other's; what is traded here is not traded there."""
    with Venue(seed=1, market="frozen") as other:
        other.set_mark_price(ETH, 3100)
        with (
            connect(_network(other)) as there,
            connect("paper", seed=2, follow=other.urls["ws_public"]) as ex,
        ):
            eventually(lambda: marked(ex, 3100) and best(ex) == best(there))
            trades = there.stream(topics.trade(ETH))
            order = ex.place(Market.buy(ETH, quantity="0.1"))
            assert order.wait("filled", WAIT).executed_price == best(there)[1]
            other.set_mark_price(ETH, 3150)
            eventually(lambda: marked(ex, 3150) and best(ex) == best(there))
            eventually(lambda: ex.rest.market.futures_info(ETH).index_price == 3150)
            assert len(trades) == 0


def test_a_recording_is_played_as_a_market(tmp_path: Path):
    """The prices recorded come again, in their order, at the venue's speed; then they stand still."""
    path = tmp_path / "day.jsonl.gz"
    walk = (3100, 3130, 3120)
    with connect("paper", seed=1, market="frozen", rate_limits=False, record=path) as ex:
        for price in walk:
            with ex.stream(topics.mark_price(ETH)) as prices:
                ex.paper.set_mark_price(ETH, price)
                while prices.get(timeout=WAIT).price != price:
                    pass
    with connect("paper", seed=2, replay=path, speed=10, rate_limits=False) as ex:
        eventually(lambda: marked(ex, walk[-1]))
        assert ex.place(Market.buy(ETH, quantity="0.1")).wait("filled", WAIT).is_fill


def test_a_book_alone_makes_a_market(tmp_path: Path):
    """Of a recording that holds an order book only, the mark price is the middle."""
    path = tmp_path / "day.jsonl"
    with connect("paper", seed=1, market="frozen", rate_limits=False, record=path) as ex:
        ex.paper.set_mark_price(ETH, 3100)
        ex.wait_for(topics.orderbook(ETH), lambda book: book.bids[0].price < 3100, timeout=WAIT)
    with connect("paper", seed=2, replay=path, rate_limits=False) as ex:
        bid, ask = best(ex)
        assert bid < 3100 < ask
        mark = ex.rest.market.futures_info(ETH).mark_price
        assert mark is not None
        assert bid < mark < ask


@pytest.mark.parametrize(
    "options",
    [
        {"follow": "nowhere"},
        {"follow": "ws://127.0.0.1:1/ws/stream", "replay": "x"},
        {"replay": "/nonexistent"},
        {"follow": "testnet", "market": "calm"},
        {"follow": "ws://example.com/ws/stream"},
    ],
)
def test_what_cannot_be_followed_is_refused(options: dict[str, Any]):
    """A UsageError, and nothing is left running."""
    with pytest.raises(UsageError):
        connect("paper", **options)


def test_a_recording_without_prices_is_refused(tmp_path: Path):
    """It could not be traded on."""
    path = tmp_path / "empty.jsonl"
    path.write_text('{"t":1,"c":"public","f":"{}"}\n')
    with pytest.raises(UsageError, match="tells no price"):
        connect("paper", replay=path)


def test_the_command_follows_another_venue():
    """``orderly-sync venue --follow URL`` prints its line once it has prices."""
    with Venue(seed=1, market="frozen") as other:
        other.set_mark_price(ETH, 3100)
        command = [sys.executable, "-c", COMMAND, "venue", "--follow", other.urls["ws_public"]]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            try:
                line = json.loads(running.stdout.readline())
                urls = {name: line[name] for name in ("rest", "ws_public", "ws_private")}
                with connect(_network_of(urls)) as ex:
                    eventually(lambda: marked(ex, 3100))
            finally:
                running.send_signal(signal.SIGTERM)
            assert running.wait(WAIT) == 0


def _network(venue: Venue) -> Network:
    return _network_of({name: venue.urls[name] for name in ("rest", "ws_public", "ws_private")})


def _network_of(urls: dict[str, str]) -> Network:
    return Network(name="other", **urls)


def test_a_source_that_dies_is_told_and_nothing_trades_against_its_prices(monkeypatch: pytest.MonkeyPatch):
    """Stale, a status that says so and an empty book; with the source all of it comes back."""
    monkeypatch.setattr(source, "STALE_SECONDS", 1.5)  # long enough for a source that tells each second
    other = Venue(seed=1, market="frozen")
    port = int(other.urls["rest"].rsplit(":", 1)[1])
    try:
        with connect("paper", seed=2, follow=other.urls["ws_public"]) as ex:
            assert ex.status == "ready"
            assert ex.stats()["paper"]["source"]["stale"] == []
            told: list[Stale] = []
            ex.on(Stale, told.append)
            back = ex.stream(Resynced)
            other.stop()
            # Markets whose last prices came in different frames may grow old, and be told, one after the other.
            eventually(lambda: told and ETH in told[-1].symbols and told[-1].symbols == ex.paper.stale)
            assert all(one.topic.startswith("follow ws://127.0.0.1") for one in told)
            assert all(one.age >= 1.5 for one in told)
            assert ex.status == "stale"
            order = ex.place(Ioc.buy("ETH", quantity="0.1", price=round(3400 * 1.02)))
            assert order.wait("done", WAIT).status == "CANCELLED"
            assert order.filled == 0
            other = Venue(seed=1, market="frozen", port=port)
            assert "tells prices again" in back.get(timeout=60).reason
            assert ex.status == "ready"
            assert ex.place(Market.buy("ETH", quantity="0.1")).wait("filled", WAIT).is_fill
    finally:
        other.stop()
