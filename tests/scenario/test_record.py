"""Recordings and replays: what was seen live is seen again, exactly, as often as one likes."""

from __future__ import annotations

import gzip
import json
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import (
    Bracket,
    DecodingError,
    Disconnected,
    HookError,
    Limit,
    Market,
    Replay,
    Stop,
    UsageError,
    connect,
    topics,
)
from orderly_sync.wire.converter import to_wire
from orderly_sync.wire.json import encode
from tests.support.paper import eventually

ETH = "PERP_ETH_USDC"
WAIT = 5.0


def trade(path: Path) -> tuple[list[bytes], dict[str, str]]:
    """A short day on the venue, recorded; the reports the hook saw, and the state at its end."""
    seen: list[bytes] = []
    with connect("paper", seed=3, market="frozen", rate_limits=False, record=path) as ex:
        ex.on(topics.algo_execution_report(), lambda report: seen.append(encode(to_wire(report))))
        ex.book(ETH)
        mark = ex.rest.market.futures_info(ETH).mark_price
        assert mark is not None
        start = round(mark)
        ex.place(Market.buy(ETH, quantity=1)).wait("filled", WAIT)
        stop = ex.place(Stop.sell(ETH, quantity="0.5", trigger=start - 10))
        ex.place(
            Bracket.buy(ETH, quantity="0.2", price=start - 100, take_profit=start, stop_loss=start - 200)
        )
        eventually(lambda: ex.orders)  # the bracket's entry
        resting = ex.place(Limit.buy(ETH, quantity="0.1", price=start - 50))
        assert resting.order_id in ex.orders
        ex.paper.set_mark_price(ETH, start - 10)
        stop.wait("done", WAIT)
        last = ex.place(Limit.buy(ETH, quantity="0.3", price=start - 60))
        with ex.stream(topics.execution_report()) as reports:
            last.cancel()
            while reports.get(timeout=WAIT).status != "CANCELLED":
                pass
        eventually(lambda: not (ex.stats()["hooks_waiting"] or ex.stats()["hook_running"]))
        tables = {"positions": ex.positions, "orders": ex.orders, "algo": ex.algo_orders}
        ex.stop()
        state = {name: repr(dict(table)) for name, table in tables.items()}
    return seen, state


def replayed(path: Path) -> tuple[list[bytes], dict[str, str], Replay]:
    seen: list[bytes] = []
    replay = Replay(path)
    replay.on(topics.algo_execution_report(), lambda report: seen.append(encode(to_wire(report))))
    with pytest.raises(Exception, match="played from here on"):
        replay.book(ETH)
    replay.run()
    state = {
        "positions": repr(dict(replay.positions)),
        "orders": repr(dict(replay.orders)),
        "algo": repr(dict(replay.algo_orders)),
    }
    return seen, state, replay


@pytest.mark.parametrize("name", ["day.jsonl.gz", "day.jsonl"])
def test_a_replay_gives_the_same_calls_and_state_twice(tmp_path: Path, name: str):
    """Byte for byte what the hook saw live, and the same state, each time the file is played."""
    path = tmp_path / name
    live, state = trade(path)
    first, first_state, replay = replayed(path)
    second, second_state, _ = replayed(path)
    assert first == second
    assert live == first
    assert first_state == second_state
    assert first_state["algo"] == state["algo"]
    assert first_state["orders"] == state["orders"]
    assert replay.damaged == 0
    assert replay.book(ETH).bids
    assert all(report for report in first)


def test_a_recording_holds_no_secret_and_is_private(tmp_path: Path):
    """Neither key nor secret nor signature; readable by its owner only; never overwritten."""
    path = tmp_path / "day.jsonl"
    with connect("paper", market="frozen", record=path) as ex:
        credentials = ex.rest.credentials
        assert credentials is not None
    text = path.read_text()
    assert credentials.secret.reveal().removeprefix("ed25519:") not in text
    assert credentials.key.removeprefix("ed25519:") not in text
    assert '"sign' not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="name a new file"):
        connect("paper", market="frozen", record=path)


def test_damaged_lines_are_counted_announced_and_survived(tmp_path: Path):
    """An edited line is a DecodingError; the lines after it are played."""
    path = tmp_path / "day.jsonl"
    trade(path)
    lines = path.read_text().splitlines()
    path.write_text(
        "\n".join(["{broken", '{"t":1,"c":"private","f":"{no json"}', '{"c":"nowhere"}', *lines]) + "\n"
    )
    replay = Replay(path)
    errors: list[Any] = []
    replay.on(DecodingError, errors.append)
    replay.run()
    assert replay.damaged == len(errors) == 3
    assert replay.frames > 10


def test_a_file_cut_short_is_played_to_its_cut(tmp_path: Path):
    """A gzip that ends in the middle gives what it has, then one DecodingError."""
    path = tmp_path / "day.jsonl.gz"
    trade(path)
    path.write_bytes(path.read_bytes()[:-40])
    replay = Replay(path).run()
    assert replay.damaged == 1
    assert replay.frames > 0


def test_streams_and_waiters_play_the_recording_on(tmp_path: Path):
    """Iterating pulls frames; wait_for plays until it is true; the end is Disconnected."""
    path = tmp_path / "day.jsonl.gz"
    live, _ = trade(path)
    replay = Replay(path)
    report = replay.wait_for(
        topics.algo_execution_report(), lambda one: one.is_triggered and one.algo_type == "STOP"
    )
    assert report.origin == "replay"
    whole = Replay(path)
    assert len(list(whole.stream(topics.algo_execution_report()))) == len(live)
    with pytest.raises(Disconnected, match="ended"):
        replay.wait_for(topics.position(), lambda one: False)


def test_a_hook_that_raises_does_not_end_a_replay(tmp_path: Path):
    """As live: counted, announced, the next event comes; strict raises at once."""
    path = tmp_path / "day.jsonl.gz"
    live, _ = trade(path)
    replay = Replay(path)
    errors: list[Any] = []
    replay.on(HookError, errors.append)
    replay.on(topics.algo_execution_report(), lambda report: 1 / 0)
    replay.run()
    assert len(errors) == len(live)
    strict = Replay(path, strict=True)
    strict.on(topics.algo_execution_report(), lambda report: 1 / 0)
    with pytest.raises(HookError):
        strict.run()


def test_what_is_no_recording_is_refused(tmp_path: Path):
    """A missing file is a UsageError; a gzip of nonsense is counted."""
    with pytest.raises(UsageError, match="cannot replay"):
        Replay(tmp_path / "nothing").run()
    odd = tmp_path / "odd.gz"
    odd.write_bytes(gzip.compress(b"\x00\x01\n[]\n"))
    assert Replay(odd).run().damaged == 2


@pytest.mark.parametrize("gap", [3600, 10**7], ids=["an hour", "months"])
def test_a_stop_ends_the_wait_for_a_line(tmp_path: Path, gap: int):
    """Another thread that replays at the speed of life comes back soon, and plays nothing more."""
    path = tmp_path / "slow.jsonl"
    frames = [
        json.dumps(
            {"t": ms, "c": "public", "f": json.dumps({"topic": "bbos", "ts": ms, "data": [{"symbol": ETH}]})}
        )
        for ms in (1, 1 + gap * 1000)
    ]
    path.write_text("\n".join(frames) + "\n")
    replay, seen = Replay(path, speed=1), []
    replay.on(topics.bbos(), seen.append)
    thread = threading.Thread(target=replay.run)
    thread.start()
    eventually(lambda: seen)

    replay.stop()
    thread.join(WAIT)

    assert not thread.is_alive()
    assert (len(seen), replay.frames, replay.step()) == (1, 1, False)
