"""The time that is signed, and who is told that this machine's clock is off."""

from __future__ import annotations

import gc
import weakref
from email.utils import formatdate

import pytest

from orderly_sync.clock import Clock, ManualClock, SkewedClock, SystemClock
from orderly_sync.clock_offset import Offset
from orderly_sync.corrected_clock import CorrectedClock, off_by

BEGAN = 1_790_000_000_000


class Ear:
    """Hears what is told of the clock."""

    def __init__(self) -> None:
        self.told: list[tuple[int, bool]] = []

    def announce(self, event: tuple[int, bool]) -> None:
        self.told.append(event)


def event(offset: Offset, is_off: bool) -> tuple[int, bool]:
    return round(offset.ms / 1000), is_off


def hear(clock: CorrectedClock, venue_ms: int) -> None:
    """An answer came at once."""
    clock.answered(venue_ms, formatdate(venue_ms / 1000, usegmt=True), clock.monotonic())


def test_it_is_the_machines_clock_until_the_venue_speaks() -> None:
    """Wall time, deadlines and pauses alike; the last two always."""
    machine = ManualClock(BEGAN)
    clock: Clock = CorrectedClock(machine)
    clock.sleep(2.5)
    assert (clock.time_ms(), clock.monotonic()) == (BEGAN + 2_500, 2.5)
    assert machine.monotonic() == 2.5
    assert isinstance(CorrectedClock().machine, SystemClock)


def test_parts_of_one_client_share_what_was_heard() -> None:
    """Whoever is given one takes it as it is."""
    shared = CorrectedClock(ManualClock(BEGAN))
    assert CorrectedClock.of(shared) is shared
    hear(CorrectedClock.of(shared), BEGAN + 301_000)
    assert abs(shared.time_ms() - BEGAN - 301_000) <= 2
    assert shared.machine.time_ms() == BEGAN
    assert CorrectedClock.of(shared.machine) is not shared


@pytest.mark.parametrize("skew", [1_200, -1_200, 301_000, -86_400_000])
def test_that_the_clock_is_off_is_told_once_and_when_it_is_right_again(
    skew: int, caplog: pytest.LogCaptureFixture
) -> None:
    """However many answers say so; a further second is told anew."""
    clock, ear = CorrectedClock(ManualClock(BEGAN)), Ear()
    clock.listen(ear.announce, event)
    clock.listen(ear.announce, event)
    for ahead in (0, 300, skew, skew, skew + 200, skew, 3 * skew, 0, 0):
        hear(clock, BEGAN + ahead)
    assert ear.told == [
        (round(skew / 1000), True),
        (round(3 * skew / 1000), True),
        (0, False),
    ]
    warned = [one for one in caplog.records if one.levelname == "WARNING"]
    assert len(warned) == 2
    assert ("behind" if skew > 0 else "ahead of") in warned[0].getMessage()


def test_a_clock_that_may_be_right_is_not_told_of() -> None:
    """A slow answer bounds the offset by seconds; that is no proof."""
    machine = ManualClock(BEGAN)
    clock, ear = CorrectedClock(machine), Ear()
    clock.listen(ear.announce, event)
    machine.advance(20.0)
    venue = BEGAN + 12_000
    clock.answered(venue, formatdate(venue / 1000, usegmt=True), 0.0)
    assert clock.offset() is not None
    assert clock.time_ms() == machine.time_ms()
    assert ear.told == []


def test_whoever_is_told_is_not_kept_alive() -> None:
    """A stream that is gone hears nothing and stays gone."""
    clock, ear = CorrectedClock(ManualClock(BEGAN)), Ear()
    clock.listen(ear.announce, event)
    gone = weakref.ref(ear)
    del ear
    gc.collect()
    assert gone() is None
    hear(clock, BEGAN + 301_000)
    assert clock.time_ms() != BEGAN


def test_the_offset_is_named_in_words() -> None:
    """Which of the two is late, and by how much."""
    assert off_by(Offset(301_000, 5, True)) == "this machine's clock is 301.0 s behind the venue's"
    assert off_by(Offset(-1_550, 5, True)) == "this machine's clock is 1.6 s ahead of the venue's"
    assert off_by(None) == "this machine's clock is off"
    assert repr(CorrectedClock(ManualClock())) == "CorrectedClock(offset unknown)"


def test_a_skewed_clock_may_be_set_at_any_moment() -> None:
    """Wall time alone: deadlines go on as they were."""
    clock, true = SkewedClock(301_000), SystemClock()
    assert abs(clock.time_ms() - true.time_ms() - 301_000) < 1_000
    clock.skew_ms = -5_000
    assert abs(clock.time_ms() - true.time_ms() + 5_000) < 1_000
    assert abs(clock.monotonic() - true.monotonic()) < 1.0
