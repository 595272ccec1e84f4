"""Downloads on the venue: read once, gone on with after an interrupt, never lost, with a bar that leaves nothing."""

from __future__ import annotations

import builtins
import errno
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import Market, Orderly, UsageError
from orderly_sync.notebook.downloads import CacheNotWritten

DAYS = 120  # of hours: three windows
Calls = list[tuple[Any, Any]]


@pytest.fixture
def asked(ex: Orderly, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What candles the venue was asked for; ``stop_at`` of them raises."""
    real, calls = ex.rest.market.kline_history, Calls()

    def counted(**wanted: Any) -> Any:
        calls.append((wanted["start"], wanted["end"]))
        return real(**wanted)

    monkeypatch.setattr(ex.rest.market, "kline_history", counted)
    return calls


def test_the_second_time_nothing_that_has_ended_is_read(ex: Orderly, asked: Calls, tmp_path: Path) -> None:
    """The same candles, and a wider span costs what is new of it; on paper nothing is kept unasked."""
    plain = ex.candles("ETH", "1h", days=DAYS)
    first = ex.candles("ETH", "1h", days=DAYS, cache=tmp_path)
    many = len(asked)
    again = ex.candles("ETH", "1h", days=DAYS, cache=tmp_path)

    assert list(plain) == list(first) == list(again)
    assert len(first) >= DAYS * 24 - 1
    assert many >= 6
    assert len(asked) - many == 1  # the running candle
    assert again.df.index.is_unique
    assert [file.suffix for file in tmp_path.iterdir()] == [".candles"]
    del asked[:]
    wider = ex.candles("ETH", "1h", days=DAYS + 1, cache=tmp_path)
    assert len(asked) == 2
    assert len(wider) == len(ex.candles("ETH", "1h", days=DAYS + 1))


@pytest.mark.parametrize("cause", [KeyboardInterrupt, OSError, SystemExit])
def test_after_an_interrupt_only_what_was_not_read_is(
    ex: Orderly, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: type[BaseException]
) -> None:
    """Both of candles that are kept and of a reading that is held."""
    real, calls, broken = ex.rest.market.kline_history, [], []

    def breaks_off(**wanted: Any) -> Any:
        calls.append(wanted["start"])
        if len(calls) == 2:
            broken.append(cause())
            raise broken[0]
        return real(**wanted)

    monkeypatch.setattr(ex.rest.market, "kline_history", breaks_off)
    with pytest.raises(cause):
        ex.candles("ETH", "1h", days=DAYS, cache=tmp_path)
    candles = ex.candles("ETH", "1h", days=DAYS, cache=tmp_path)
    assert calls[0] not in calls[1:]
    assert len(calls) == 4

    del calls[:]
    past = ex.history.klines("ETH", "1h", days=DAYS)
    with pytest.raises(cause):
        ex.download(past)
    held = ex.download(past)
    assert len(calls) == 4
    assert [one.start_timestamp for one in held] == [one.start_timestamp for one in candles]
    assert list(past.df.index) == list(candles.df.index)


def test_a_full_disk_is_told_and_nothing_is_lost(
    ex: Orderly, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error has what was read; the cache is whole, and the next call goes on."""
    real, count = os.ftruncate, [0]

    def full(handle: int, length: int) -> None:
        count[0] += 1
        if count[0] == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle, length)

    monkeypatch.setattr(os, "ftruncate", full)
    with pytest.raises(
        CacheNotWritten, match=r"No space left on device; make room or pass cache=False"
    ) as told:
        ex.candles("ETH", "1h", days=DAYS, cache=tmp_path)
    monkeypatch.undo()

    assert isinstance(told.value.cause, OSError)
    whole = ex.candles("ETH", "1h", days=DAYS, cache=tmp_path)
    assert len(told.value.rows) > 1000
    assert list(told.value.rows) == list(whole)[: len(told.value.rows)]


def without(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    real: Callable[..., Any] = builtins.__import__

    def importing(name: str, *args: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == library:
            raise ModuleNotFoundError(name)
        return real(name, *args)

    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", importing)


def test_a_bar_is_shown_where_it_is_wanted(
    ex: Orderly, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On stderr, with no thread of its own; nothing is printed unasked; without tqdm the command is named."""
    ex.place(Market.buy("ETH", quantity="0.1")).wait("filled")
    before = threading.active_count()
    assert len(ex.download(ex.history.fills(since="1d"))) == 1
    assert capsys.readouterr() == ("", "")
    assert len(ex.download(ex.history.fills(since="1d"), bar=True)) == 1
    shown = capsys.readouterr()

    assert shown.out == ""
    assert "100%" in shown.err
    assert "1 rows" in shown.err
    assert threading.active_count() == before
    without(monkeypatch, "tqdm")
    with pytest.raises(UsageError, match="tqdm>="):
        ex.download(ex.history.fills(since="1d"), bar=True)
    assert len(ex.download(ex.history.fills(since="1d"))) == 1
