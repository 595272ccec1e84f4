"""A key that is about to end is told of once, in the log, and nothing waits for that."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from orderly_sync import Network, connect
from orderly_sync.clock import ManualClock
from orderly_sync.errors import ApiError, OrderlyError, TimedOut
from orderly_sync.live.key_expiry import SOON_MS, KeyExpiry
from orderly_sync.models.base import Rows
from orderly_sync.models.key import OrderlyKeyInfo
from orderly_sync.paper.start import start_paper
from tests.support.paper import WAIT

NOW = 1_800_000_000_000
MINE, OTHER = "ed25519:mine", "ed25519:other"
DAY = 24 * 3600 * 1000


def said(caplog: pytest.LogCaptureFixture, level: int = logging.WARNING) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == level]


def look(*keys: OrderlyKeyInfo) -> None:
    clock = ManualClock(NOW)
    watch = KeyExpiry(lambda: Rows(keys), MINE, clock)
    watch.start()
    watch.join(WAIT)


@pytest.mark.parametrize(
    ("left_ms", "days"),
    [(SOON_MS - 1, "7.0"), (3 * DAY, "3.0"), (DAY // 2, "0.5"), (0, "0.0"), (-5 * DAY, "0.0")],
)
def test_a_key_that_ends_within_a_week_is_told_of(
    caplog: pytest.LogCaptureFixture, left_ms: int, days: str
) -> None:
    """Once, with the days that are left and the date."""
    look(
        OrderlyKeyInfo(orderly_key=OTHER, expiration=NOW + 100 * DAY),
        OrderlyKeyInfo(orderly_key=MINE, expiration=NOW + left_ms),
    )
    (line,) = said(caplog)
    assert line.startswith(f"this Orderly key ends in {days} days (202")
    assert MINE not in line


@pytest.mark.parametrize(
    "keys",
    [
        (OrderlyKeyInfo(orderly_key=MINE, expiration=NOW + SOON_MS),),
        (OrderlyKeyInfo(orderly_key=MINE, expiration=None),),
        (OrderlyKeyInfo(orderly_key=MINE, expiration=0),),
        (OrderlyKeyInfo(orderly_key=OTHER, expiration=NOW + 1),),
        (),
    ],
    ids=["a week", "not said", "never", "another key", "no key"],
)
def test_other_keys_are_nobodys_business(
    caplog: pytest.LogCaptureFixture, keys: tuple[OrderlyKeyInfo, ...]
) -> None:
    """One with a week or more, one without an end, somebody else's."""
    look(*keys)
    assert said(caplog) == []


@pytest.mark.parametrize(
    "error", [TimedOut("GET /v1/client/key_info", "late"), ApiError(-1000, "no", 500, "/v1", "GET")]
)
def test_a_look_up_that_fails_harms_nothing(caplog: pytest.LogCaptureFixture, error: OrderlyError) -> None:
    """It is said, not as a warning, and not tried again."""
    caplog.set_level(logging.INFO)
    asked = []

    def fail() -> Any:
        asked.append(1)
        raise error

    watch = KeyExpiry(fail, MINE, ManualClock(NOW))
    watch.start()
    watch.join(WAIT)
    assert len(asked) == 1
    assert said(caplog) == []
    assert "cannot be looked up" in said(caplog, logging.INFO)[0]


@pytest.fixture
def venue() -> Iterator[tuple[Any, Network, Any]]:
    started = start_paper(seed=7, market="frozen", venue_rate_limits=False)
    yield started
    started[0].stop()


@pytest.mark.parametrize(("days", "lines"), [(2, 1), (30, 0)])
def test_whoever_connects_with_a_key_that_ends_soon_is_warned(
    venue: tuple[Any, Network, Any], caplog: pytest.LogCaptureFixture, days: int, lines: int
) -> None:
    """When connecting to a venue that is named, as the testnet and the mainnet are."""
    server, network, mine = venue
    keys = server._core.keys
    (key,) = keys.of(mine.account_id)
    keys.add(attrs.evolve(key, expires=server._clock.time_ms() + days * DAY))
    with connect(network, credentials=mine) as ex:
        assert ex._session is not None
        assert ex._session._key_expiry is not None
        ex._session._key_expiry.join(WAIT)
    assert len([line for line in said(caplog) if "this Orderly key ends in" in line]) == lines
