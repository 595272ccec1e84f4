"""The cache of candles: exact, private, and nothing that is cut short or damaged is believed."""

from __future__ import annotations

import errno
import os
import stat
from decimal import Decimal
from pathlib import Path

import pytest

from orderly_sync import UsageError
from orderly_sync.models.kline import Kline
from orderly_sync.notebook.candle_cache import CachedWindow, CandleCache, gaps, line_of, window_of

S = "PERP_ETH_USDC"


def window(start: int, end: int) -> CachedWindow:
    rows = [
        Kline(
            symbol=S,
            start_timestamp=at,
            open=Decimal("0.10"),
            high=Decimal("1E-9"),
            low=Decimal(1),
            close=Decimal(2),
        )
        for at in range(start, end + 1, 10)
    ]
    return CachedWindow(start, end, tuple(rows))


ONE, TWO = window(10, 29), window(30, 59)


@pytest.mark.parametrize("kept", [ONE, TWO, CachedWindow(1, 2, ())])
def test_a_line_gives_back_what_was_kept(kept: CachedWindow) -> None:
    """Every digit; a span without candles is known to have none."""
    assert window_of(line_of(kept, S), S) == kept
    assert all(isinstance(row.open, float) for row in window_of(line_of(kept, S), S, float).rows)  # type: ignore[union-attr]


def test_a_line_that_is_cut_at_any_byte_or_changed_in_any_is_not_believed() -> None:
    """Nor one of another market."""
    line = line_of(ONE, S)
    cut = [window_of(line[:at], S) for at in range(len(line))]
    changed = [window_of(line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :], S) for at in range(len(line))]

    assert {*cut, *changed} == {None}
    assert window_of(line, "PERP_BTC_USDC") is None


@pytest.mark.parametrize(
    ("known", "missing"),
    [
        ([], [(0, 99)]),
        ([(0, 99)], []),
        ([(-50, 200)], []),
        ([(0, 49)], [(50, 99)]),
        ([(60, 300), (20, 29)], [(0, 19), (30, 59)]),
        ([(10, 50), (20, 30), (40, 60)], [(0, 9), (61, 99)]),
        ([(100, 200), (-9, -1)], [(0, 99)]),
    ],
)
def test_what_is_missing_is_what_no_window_covers(
    known: list[tuple[int, int]], missing: list[tuple[int, int]]
) -> None:
    """In any order, with overlaps."""
    assert gaps([CachedWindow(start, end, ()) for start, end in known], 0, 99) == missing


def test_a_file_that_was_cut_short_loses_its_last_line_alone_and_goes_on(tmp_path: Path) -> None:
    """At whatever byte of it; what is added then stands behind what is whole."""
    first, second = line_of(ONE, S), line_of(TWO, S)
    for at in range(len(second)):
        path = tmp_path / f"{at}"
        path.write_bytes(first + second[:at])
        path.chmod(0o600)
        cache = CandleCache(path, S)
        assert cache.load() == [ONE]
        cache.add(TWO)
        assert path.read_bytes() == first + second


def test_files_are_made_for_this_user_alone(tmp_path: Path) -> None:
    """With the folder, whatever the umask; a file that others may read is refused with what to do."""
    cache = CandleCache(tmp_path / "a" / "b", S)
    assert cache.load() == []
    cache.add(ONE)

    assert stat.S_IMODE(cache.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.path.parent.stat().st_mode) == 0o700
    cache.path.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        CandleCache(cache.path, S).load()


@pytest.mark.parametrize("room", [0, 1, 20])
def test_a_full_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    """A part of the line may have been written before."""
    cache = CandleCache(tmp_path / "cache", S)
    cache.add(ONE)
    real, left = os.write, [room]

    def write(handle: int, data: bytes) -> int:
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = real(handle, data[: left[0]])
        left[0] -= written
        return written

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(OSError, match="No space"):
        cache.add(TWO)
    monkeypatch.undo()

    assert CandleCache(cache.path, S).load() == [ONE]
    assert cache.path.read_bytes() == line_of(ONE, S)
    cache.add(TWO)
    assert CandleCache(cache.path, S).load() == [ONE, TWO]
