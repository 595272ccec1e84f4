"""The two words for ending something, and calls that are told what they take."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import orderly_sync
from orderly_sync import Limit, Replay, Rest, Stream, Timeouts, UsageError, connect, topics
from orderly_sync.recording.record import Recorder
from orderly_sync.rest import Retries
from orderly_sync.stream.consumer import Consumer
from orderly_sync.testing import PaperVenue
from tests.support.paper import paper

PUBLIC = {name for name in vars(orderly_sync) if inspect.isclass(getattr(orderly_sync, name))}


def test_what_can_be_stopped_can_be_closed_and_the_other_way_round():
    """Every public class, whatever is handed out by one, and the paper venue."""
    from orderly_sync.venue.server.serve import Venue

    for name in ("served", "paper_control"):
        importlib.import_module(f"orderly_sync.control.{name}")
    assert any(one.name == "served" for one in pkgutil.iter_modules(orderly_sync.control.__path__))
    classes = {getattr(orderly_sync, name) for name in PUBLIC} | {Consumer, Venue}
    classes |= {
        one
        for one in vars(orderly_sync.control.served).values()
        if inspect.isclass(one) and hasattr(one, "stop")
    }
    classes |= {orderly_sync.control.paper_control.PaperControl}
    pairs = {
        one.__name__: tuple(inspect.isfunction(getattr(one, name, None)) for name in ("stop", "close"))
        for one in classes
    }
    assert {name for name, (stops, closes) in pairs.items() if stops is not closes} == set()
    assert {name for name, (stops, _) in pairs.items() if stops} >= {
        "Orderly",
        "Stream",
        "Rest",
        "Replay",
        "Consumer",
    }


def test_close_ends_a_client_as_stop_does(tmp_path: Path):
    """Twice and mixed, as often as one likes; what it handed out ends with it."""
    with paper() as ex:
        queue = ex.stream(topics.execution_report())
        ex.close()
        ex.stop()
        ex.close()
        assert ex.status == "stopped"
        assert list(queue) == []
        queue.stop()
    path = tmp_path / "day.jsonl"
    recorder = Recorder(path)
    for ts in (1, 2):
        recorder.frame(
            "public",
            ts,
            b'{"topic": "PERP_ETH_USDC@markprice", "ts": 1, "data": {"symbol": "PERP_ETH_USDC", "price": 1}}',
        )
    recorder.close()
    replay = Replay(path)
    assert replay.step()
    replay.close()
    replay.stop()
    assert not replay.step()
    assert replay.frames == 1


@pytest.mark.parametrize(
    "order",
    ["ETH", None, 5, {"symbol": "ETH"}, Limit, Limit.buy, [Limit.buy("ETH", quantity="0.1", price="3000")]],
    ids=["symbol", "nothing", "number", "dict", "class", "function", "list"],
)
def test_place_takes_an_order(order: Any):
    """All else is told what to pass; nothing is sent."""
    with paper() as ex:
        with pytest.raises(UsageError, match=r"^place takes an order, such as Market\.buy\("):
            ex.place(order)
        assert not ex.rest.orders.list().rows


@pytest.mark.parametrize("timeouts", [5, 5.0, "5", Decimal(5), {"ready": 5}, Timeouts], ids=str)
def test_timeouts_are_named(timeouts: Any):
    """A bare number says not which wait it is for; refused before anything is started."""
    for make in (
        connect,
        lambda **given: Stream("testnet", **given),
        lambda **given: Rest("testnet", **given),
    ):
        with pytest.raises(UsageError, match=r"pass Timeouts\(\.\.\.\)"):
            make(timeouts=timeouts)


@pytest.mark.parametrize("field", ["total", "first", "longest"])
@pytest.mark.parametrize("bad", ["1", None, float("nan"), -1, True])
def test_the_times_of_retries_are_read_like_all_others(field: str, bad: Any):
    """Named, in one sentence; and tries are whole."""
    with pytest.raises(UsageError, match=rf"^{field}=.* is not a number of seconds"):
        Retries(**{field: bad})
    with pytest.raises(UsageError, match="tries="):
        Retries(tries=bad)
    assert Retries(**{field: Decimal("0.5")}) == Retries(**{field: 0.5})


ASKED = {
    "a row": lambda ex: ex.rest.positions.list(),
    "a public one": lambda ex: ex.rest.market.futures_info("ETH"),
    "history": lambda ex: ex.history.fills(since="1h").all(),
    "candles": lambda ex: ex.candles("ETH", "1h", days=1),
}


@pytest.mark.parametrize("name", ASKED)
def test_reads_of_a_paper_venue_that_has_stopped_say_so_at_once(name: str):
    """Without a try to connect: by the end of the client, of the venue alone, and of the kit of tests."""
    kit, by_client, by_venue = (
        PaperVenue(),
        connect("paper", market="frozen"),
        connect("paper", market="frozen"),
    )
    clients = [kit.connect(), by_client, by_venue]
    sent = [ex.rest.stats().sent for ex in clients if ex.rest.positions.list() is not None]
    kit.stop()
    by_client.stop()
    by_venue.paper.stop()
    for ex, before in zip(clients, sent, strict=True):
        settled = ex.rest.stats().sent
        with pytest.raises(UsageError, match="this paper venue has stopped"):
            ASKED[name](ex)
        assert ex.rest.stats().sent == settled >= before
    by_venue.stop()
