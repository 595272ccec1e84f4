"""What the venue says of its time, and what follows for this machine's clock."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.clock_offset import DRIFT, LONE_MS, ClockOffset, Offset

VENUE = 1_790_000_000_000
"""The venue's time at the monotonic second 0, ms."""
DAY = 86_400_000
SKEWS = [0, 1_000, -1_000, 299_000, -299_000, 301_000, -301_000, 3_600_000, -3_600_000, 40 * DAY, -40 * DAY]


@attrs.define
class Machine:
    """A machine and a venue, both in words: this machine's clock shows ``ahead`` ms too much."""

    ahead: float = 0.0
    now: float = 0.0
    offset: ClockOffset = attrs.field(factory=ClockOffset)

    @property
    def venue(self) -> float:
        return VENUE + self.now * 1000

    @property
    def wall(self) -> int:
        return int(self.venue + self.ahead)

    def ask(self, there: float = 0.01, back: float = 0.01, **lies: Any) -> None:
        """Ask the venue; it says its time in both ways, unless another is given."""
        sent = self.now
        self.now += there
        ts, date = (
            lies.get("ts", int(self.venue)),
            lies.get("date", formatdate(self.venue / 1000, usegmt=True)),
        )
        self.now += back
        self.offset.told(ts, sent, self.now, self.wall)
        self.offset.dated(date, sent, self.now, self.wall)

    def refuses(self, stamp: int | None = None) -> bool:
        return self.offset.refused(self.wall if stamp is None else stamp, self.now, self.now, self.wall)

    def ping(self, late: float = 0.0) -> None:
        ts = int(self.venue)
        self.now += late
        self.offset.heard(ts, self.now, self.wall)

    @property
    def known(self) -> Offset | None:
        return self.offset.offset(self.now, self.wall)

    @property
    def signed(self) -> float:
        """By how much what is signed now is off, ms."""
        return abs(self.offset.corrected(self.now, self.wall) - self.venue)


def stamp(moment: float) -> str:
    return formatdate(moment / 1000, usegmt=True)


def test_nothing_is_known_and_nothing_corrected_before_the_venue_spoke() -> None:
    """The machine's clock is taken as it is."""
    machine = Machine(ahead=5_000)
    assert machine.known is None
    assert machine.offset.corrected(machine.now, machine.wall) == machine.wall


@pytest.mark.parametrize("skew", SKEWS)
def test_two_words_that_agree_tell_the_offset(skew: int) -> None:
    """Of any size and either sign, within half of the round trip; what is signed is right, or nearly as it was."""
    machine = Machine(ahead=skew)
    machine.ask()
    known = machine.known
    assert known is not None
    assert abs(known.ms + skew) <= known.error <= 13
    assert machine.signed <= 13 or abs(skew) <= 1_000, "the header, which tells seconds, must show it as well"


@pytest.mark.parametrize("speed", [-1.0, 0.0, 2.0, 60.0, 1_000.0])
def test_own_words_that_run_at_another_speed_move_no_clock_that_is_right(speed: float) -> None:
    """A simulated market's time starts with the wall clock and leaves it: at no moment is the machine's clock wrong."""
    machine = Machine()
    for _ in range(60):
        machine.now += 0.1
        machine.ask(ts=int(VENUE + machine.now * 1000 * speed))
        known = machine.known
        assert known is None or not known.is_certain
        assert machine.signed <= 1
        assert not machine.refuses()


@given(
    ahead=st.floats(-1e9, 1e9),
    trips=st.lists(
        st.tuples(st.floats(0, 20), st.floats(0, 20), st.floats(0, 3_000)), min_size=1, max_size=30
    ),
    drift=st.floats(-DRIFT * 0.9, DRIFT * 0.9),
    pinged=st.booleans(),
)
def test_the_reckoned_time_is_no_later_than_it_is_and_no_earlier_than_what_was_said(
    ahead: float, trips: list[tuple[float, float, float]], drift: float, pinged: bool
) -> None:
    """Whoever asks for all until then misses nothing that was answered, and nothing comes before it afterwards."""
    machine = Machine(ahead=ahead)
    mine, said, before = 0.0, 0, 0
    for there, back, pause in trips:
        sent = mine
        machine.now += there
        ts, date = int(machine.venue), stamp(machine.venue)
        machine.now += back
        for wait in (0.0, pause):
            machine.now += wait
            mine = machine.now * (1 + drift)
            wall = int(VENUE + mine * 1000 + ahead)
            if not wait:
                machine.offset.told(ts, sent, mine, wall)
                machine.offset.dated(date, sent, mine, wall)
                said = max(said, ts)
            if pinged and back < 4:
                machine.offset.heard(ts, mine, wall)
            reckoned = machine.offset.reckoned(mine, wall)
            assert reckoned is not None
            assert max(said, before) <= reckoned <= machine.venue
            before = reckoned


@pytest.mark.parametrize("speed", [0.0, 20.0])
def test_a_time_that_stands_still_or_runs_is_not_reckoned(speed: float) -> None:
    """Once it has left the dates of its answers behind."""
    machine = Machine()
    for _ in range(60):
        machine.now += 0.5
        machine.ask(ts=int(VENUE + machine.now * 1000 * speed))
    assert machine.offset.reckoned(machine.now, machine.wall) is None


def test_one_word_of_another_year_is_forgotten_with_the_next() -> None:
    """It is contradicted by the date it came with, and by what the venue says next."""
    machine = Machine()
    machine.ask()
    machine.ask(ts=VENUE + 365 * DAY)
    assert machine.offset.reckoned(machine.now, machine.wall) is None
    machine.ask()
    reckoned = machine.offset.reckoned(machine.now, machine.wall)
    assert reckoned is not None
    assert 0 <= machine.venue - reckoned <= 20


def test_after_a_sleep_the_time_is_not_reckoned() -> None:
    """The monotonic clock stood still meanwhile; nothing was said since."""
    machine = Machine()
    machine.ask()
    machine.ahead += 60_000
    assert machine.offset.reckoned(machine.now, machine.wall) is None


@given(
    ahead=st.floats(-1e9, 1e9),
    trips=st.lists(
        st.tuples(st.floats(0, 20), st.floats(0, 20), st.floats(0, 3_000)), min_size=1, max_size=30
    ),
    drift=st.floats(-DRIFT * 0.9, DRIFT * 0.9),
)
def test_the_true_offset_lies_within_the_error(
    ahead: float, trips: list[tuple[float, float, float]], drift: float
) -> None:
    """However the round trips split, and though the machine's clocks run a little fast or slow."""
    machine = Machine(ahead=ahead)
    mine = 0.0  # the machine's monotonic clock, which drifts
    for there, back, pause in trips:
        sent = mine
        machine.now += there
        ts, date = int(machine.venue), stamp(machine.venue)
        machine.now += back
        mine = machine.now * (1 + drift)
        wall = int(VENUE + mine * 1000 + ahead)
        machine.offset.told(ts, sent, mine, wall)
        machine.offset.dated(date, sent, mine, wall)
        machine.now += pause
        mine = machine.now * (1 + drift)
        wall = int(VENUE + mine * 1000 + ahead)
        known = machine.offset.offset(mine, wall)
        assert known is not None
        assert abs(machine.venue - wall - known.ms) <= known.error + 2
    shortest = min(there + back for there, back, _ in trips)
    assert known.error <= shortest * 500 * (1 + DRIFT) + machine.now * 1000 * DRIFT * 2 + 5


def test_the_shortest_round_trip_counts_until_it_is_old() -> None:
    """An answer that came late says little, and does not spoil what is known."""
    machine = Machine(ahead=-2_000)
    machine.ask(0.001, 0.001)
    machine.ask(0.0, 30.0)
    known = machine.known
    assert known is not None
    assert abs(known.ms - 2_000) <= known.error <= 20


@pytest.mark.parametrize("date", [None, "", "yesterday", "Tue, 31 Feb 2026 25:00:00 GMT", "0", "\x00", "é"])
@pytest.mark.parametrize(
    "ts",
    [None, 0, -1, True, "1790000000000", 1.79e12, VENUE // 1000, VENUE * 1000, VENUE * 10**6, 10**40, []],
)
def test_nonsense_says_nothing(ts: Any, date: str | None) -> None:
    """Seconds, micro- and nanoseconds, text, halves of headers: as if nothing had been said."""
    machine = Machine(ahead=301_000)
    machine.ask(ts=ts, date=date)
    machine.offset.heard(ts, machine.now, machine.wall)
    assert machine.known is None
    assert not machine.refuses()
    machine.ask()
    assert machine.signed <= 13


@given(lie=st.integers(0, 9_000_000_000_000), ahead=st.sampled_from([0, 400, -400]))
def test_a_lying_header_moves_no_clock_that_is_right(lie: int, ahead: int) -> None:
    """Nor does a refusal for another reason: the venue's own words say that the time was right."""
    machine = Machine(ahead=ahead)
    for _ in range(3):
        machine.ask(date=stamp(lie))
    assert machine.signed <= max(abs(ahead), 1_000)
    assert not machine.refuses()
    assert machine.signed <= max(abs(ahead), 1_000)


@pytest.mark.parametrize("year", [2020, 2026, 2100])
def test_own_words_of_another_year_move_nothing(year: int) -> None:
    """A simulated venue lives in its own time; the header shows that this machine's clock is right."""
    machine = Machine()
    machine.ask(ts=(year - 1970) * 365 * DAY)
    assert machine.known is None
    assert not machine.refuses()
    assert machine.signed == 0


@pytest.mark.parametrize("skew", [301_000, -301_000, 3_600_000])
@pytest.mark.parametrize("lie", [-90 * DAY, 2 * DAY, 6 * DAY])
def test_of_words_that_contradict_each_other_the_smallest_correction_is_believed(skew: int, lie: int) -> None:
    """Once a refusal has proven that the clock is off; whichever of the two lies."""
    for liar in ("ts", "date"):
        machine = Machine(ahead=skew)
        said: dict[str, Any] = (
            {"ts": int(machine.venue + lie)} if liar == "ts" else {"date": stamp(machine.venue + lie)}
        )
        machine.ask(**said)
        assert machine.known is None
        assert machine.refuses()
        assert machine.signed <= 1_100
        assert not machine.refuses(machine.offset.corrected(machine.now, machine.wall)), (
            "and that is the end of it"
        )


def test_a_refusal_is_about_the_key_where_the_time_was_right() -> None:
    """Half a second is no reason; five seconds are, for an order may be 5 s old."""
    machine = Machine(ahead=500)
    machine.ask()
    assert not machine.refuses()
    machine = Machine(ahead=5_000)
    machine.ask()
    assert machine.refuses()


def test_a_single_word_is_believed_after_a_refusal_only() -> None:
    """And not beyond a week: examples of documentation bear the time of another year."""
    for far in (LONE_MS - DAY, LONE_MS + DAY):
        machine = Machine(ahead=far)
        machine.ask(date=None)
        assert machine.known is None
        assert machine.refuses() is (far < LONE_MS)
        assert (machine.signed <= 13) is (far < LONE_MS)


@pytest.mark.parametrize("skew", [-301_000, 301_000, -3 * DAY])
def test_a_clock_that_is_set_while_it_runs_changes_nothing_of_what_is_signed(skew: int) -> None:
    """Back at once, for the other clock went on; ahead from the next answers on, since the machine may have slept."""
    machine = Machine()
    machine.ask()
    machine.now, machine.ahead = machine.now + 5, skew
    if skew < 0:
        assert machine.signed <= 20
    machine.ask(ts=None)
    assert machine.signed <= 600, "the header of a handshake shows that nobody slept"
    machine.ask()
    assert machine.signed <= 13
    machine.ahead = 0
    assert machine.signed <= 13, "right again: followed at once"
    known = machine.known
    assert known is None or abs(known.ms) <= known.error


@pytest.mark.parametrize("skew", [0, 301_000, -301_000])
def test_after_a_sleep_nothing_is_corrected_until_the_venue_has_spoken(skew: int) -> None:
    """The monotonic clock stood still meanwhile: what it says of the venue's time is as old as the sleep is long."""
    machine = Machine(ahead=skew)
    machine.ask()
    offset, slept = machine.offset, 3_600_000
    wall = machine.wall + slept
    assert offset.offset(machine.now, wall) is None
    assert offset.corrected(machine.now, wall) == wall
    sent, now, venue = machine.now, machine.now + 0.02, machine.venue + slept + 20
    offset.dated(stamp(venue), sent, now, wall + 20)
    assert offset.corrected(now, wall + 20) == wall + 20
    offset.told(int(venue), sent, now, wall + 20)
    assert abs(offset.corrected(now, wall + 20) - venue) <= 25


def test_a_ping_fills_in_where_nothing_better_is_known() -> None:
    """It is no older than a few seconds; one that was read late takes nothing from what is known better."""
    machine = Machine(ahead=301_000)
    machine.ask(ts=None)
    machine.ping()
    known = machine.known
    assert known is not None
    assert abs(known.ms + 301_000) <= known.error <= 3_000
    machine.ask()
    machine.ping(late=30.0)
    known = machine.known
    assert known is not None
    assert abs(known.ms + 301_000) <= known.error <= 30


def test_a_venue_whose_clock_is_put_right_is_followed() -> None:
    """The later word counts where two contradict each other."""
    machine = Machine()
    machine.ask(ts=int(machine.venue + 90_000), date=stamp(machine.venue + 90_000))
    known = machine.known
    assert known is not None
    assert abs(known.ms - 90_000) <= 30
    machine.ask()
    assert machine.signed <= 13
