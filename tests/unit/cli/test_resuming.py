"""``orderly-sync history --resume``: the same command again goes on where it was broken off, and gives all rows once."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from orderly_sync.errors import TransportError
from orderly_sync.rest.groups.market import Market
from orderly_sync.venue.server.serve import Venue

Run = Callable[..., Result]
CANDLES = ("history", "candles", "ETH", "1h", "--since", "120d")


class Asked:
    """What candles the venue was asked for; the request of that number is broken off."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[Any] = []
        self.breaks: dict[int, BaseException] = {}
        real = Market.kline_history

        def asked(market: Market, **wanted: Any) -> Any:
            self.calls.append(wanted["start"])
            if (cause := self.breaks.pop(len(self.calls), None)) is not None:
                raise cause
            return real(market, **wanted)

        monkeypatch.setattr(Market, "kline_history", asked)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what was read is kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "orderly_sync"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


@pytest.mark.parametrize("form", ["--csv", "--json", "--parquet"])
@pytest.mark.parametrize(
    "cause", [KeyboardInterrupt(), TransportError("the line is cut")], ids=["Ctrl-C", "line"]
)
def test_the_same_command_goes_on_where_it_was_broken_off(
    run: Run, place: str, folder: Path, asked: Asked, tmp_path: Path, form: str, cause: BaseException
) -> None:
    """No window is read twice, each row is given once, and nothing is left in the end."""
    file = tmp_path / "rows.parquet"
    shown = (form, str(file)) if form == "--parquet" else (form,)
    whole = run(*CANDLES, *shown, "--network", place)
    expected = file.read_bytes() if form == "--parquet" else whole.stdout
    file.unlink(missing_ok=True)
    windows = len(asked.calls)
    del asked.calls[:]
    asked.breaks[2] = cause
    command = (*CANDLES, *shown, "--resume", "--network", place)
    first = run(*command)

    assert windows > 2
    assert (first.exit_code, file.exists()) == (130 if isinstance(cause, KeyboardInterrupt) else 3, False)
    assert "run the same command again to go on" in first.stderr
    again = run(*command)
    assert (again.exit_code, len(asked.calls)) == (0, windows + 1)
    assert "rows up to" in again.stderr
    assert (file.read_bytes() if form == "--parquet" else again.stdout) == expected
    assert list(folder.iterdir()) == []


def test_a_file_that_was_cut_short_costs_one_window(run: Run, place: str, folder: Path, asked: Asked) -> None:
    """What is not whole counts as never read."""
    expected = run(*CANDLES, "--csv", "--network", place).stdout
    windows = len(asked.calls)
    for cut in (1, 100, 10_000_000):
        del asked.calls[:]
        asked.breaks[3] = KeyboardInterrupt()
        run(*CANDLES, "--csv", "--resume", "--network", place)
        (kept,) = folder.iterdir()
        kept.write_bytes(kept.read_bytes()[:-cut])
        assert run(*CANDLES, "--csv", "--resume", "--network", place).stdout == expected
        assert windows + 1 < len(asked.calls) <= windows + 3


def test_a_full_disk_is_told_and_what_was_kept_before_stays(
    run: Run, place: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line; with room the same command goes on."""
    real, count = os.ftruncate, [0]

    def full(handle: int, length: int) -> None:
        count[0] += 1
        if count[0] == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle, length)

    monkeypatch.setattr(os, "ftruncate", full)
    told = run(*CANDLES, "--csv", "--resume", "--network", place)
    assert (told.exit_code, "No space left on device; make room" in told.stderr) == (2, True)
    again = run(*CANDLES, "--csv", "--resume", "--network", place)
    assert (again.exit_code, again.stdout) == (0, run(*CANDLES, "--csv", "--network", place).stdout)


def test_another_question_is_another_download(run: Run, place: str, folder: Path, asked: Asked) -> None:
    """By market, interval, span and account; the forms of one question share what was read."""
    asked.breaks = dict.fromkeys((2, 4, 6), KeyboardInterrupt())
    for words in (("ETH", "1h"), ("BTC", "1h"), ("ETH", "30m")):
        run("history", "candles", *words, "--since", "120d", "--csv", "--resume", "--network", place)

    assert len(list(folder.iterdir())) == 3
    assert run(*CANDLES, "--json", "--limit", "2", "--resume", "--network", place).exit_code == 0
    assert len(list(folder.iterdir())) == 2


def test_a_file_that_others_may_read_is_refused(run: Run, place: str, folder: Path, asked: Asked) -> None:
    """With what to do."""
    asked.breaks[2] = KeyboardInterrupt()
    run(*CANDLES, "--csv", "--resume", "--network", place)
    (kept,) = folder.iterdir()
    kept.chmod(0o644)
    told = run(*CANDLES, "--csv", "--resume", "--network", place)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "chmod 600" in told.stderr


def test_a_venue_that_does_not_stay_or_could_be_another_is_refused(
    run: Run, venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of one venue is given as another's."""
    own = run(*CANDLES, "--resume")
    assert (own.exit_code, "needs a venue that stays" in own.stderr) == (2, True)
    account = venue.accounts[0]
    monkeypatch.setenv("ORDERLY_ACCOUNT_ID", account.account_id)
    monkeypatch.setenv("ORDERLY_SECRET", account.orderly_secret)
    by_url = run(*CANDLES, "--resume", "--network", venue.urls["rest"])
    assert (by_url.exit_code, "name the line that it printed" in by_url.stderr) == (2, True)
