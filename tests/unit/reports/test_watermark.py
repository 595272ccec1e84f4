"""Until when the stream was heard: what pushes may claim, and what the venue's own clock allows."""

from __future__ import annotations

import pytest

from orderly_sync.reports.watermark import RESTART_MS, SLACK_MS, Watermark

START = 1_700_000_000_000


def heard(*told: int) -> Watermark:
    mark = Watermark()
    for ts in told or (START,):
        mark.told(ts, 0.0)
    return mark


@pytest.mark.parametrize(
    "claimed",
    [START * 1000, START * 1_000_000, START + 86_400_000, START + 301_000, START + SLACK_MS + 1, 2**63],
)
def test_a_push_cannot_claim_more_than_the_venues_clock_allows(claimed: int):
    """Microseconds, nanoseconds, a day, five minutes: none moves it, and later pushes move it as ever."""
    mark = heard()
    mark.pushed(claimed, 0.0)
    assert (mark.value, mark.ignored) == (START, 1)
    mark.pushed(START + 700, 1.0)
    assert mark.value == START + 700


@pytest.mark.parametrize("claimed", [0, -1, START // 1000, START - 1])
def test_a_push_that_claims_less_moves_nothing(claimed: int):
    """Seconds instead of milliseconds, or what was late."""
    mark = heard()
    mark.pushed(claimed, 1.0)
    assert (mark.value, mark.ignored) == (START, 0)


def test_the_allowance_grows_with_the_seconds_that_pass():
    """Between two pings pushes go on being believed."""
    mark = heard()
    mark.pushed(START + 20_000, 10.0)
    assert mark.value == START
    mark.pushed(START + 20_000, 20.0)
    assert mark.value == START + 20_000


def test_what_was_believed_too_early_is_taken_back():
    """A push in another unit came before the venue had told its time even once."""
    mark = Watermark()
    mark.pushed(START * 1000, 0.0)
    assert mark.value == START * 1000
    mark.told(START, 0.5)
    assert (mark.value, mark.restarts) == (START, 0)


@pytest.mark.parametrize("wrong", [START * 1000, 0, START - 86_400_000])
def test_one_wrong_word_of_the_venues_own_is_outvoted(wrong: int):
    """A ping in another unit, or from long ago, among right ones: no restart, and pushes are measured as before."""
    mark = heard(START, START, START)
    mark.told(wrong, 1.0)
    mark.pushed(START * 1000, 1.5)
    mark.pushed(START + 1500, 1.5)
    mark.told(START + 2000, 2.0)
    mark.told(START + 3000, 3.0)
    assert (mark.value, mark.restarts) == (START + 3000, 0)


def test_a_venue_whose_clock_goes_back_has_begun_anew():
    """Said twice; from then on its new time counts."""
    mark = heard(START, START, START)
    again = START - RESTART_MS - 60_000
    mark.told(again, 1.0)
    assert mark.restarts == 0
    mark.told(again + 1000, 2.0)
    assert mark.restarts == 1
    assert again <= mark.value <= again + 1000
    mark.told(again + 2000, 3.0)
    mark.pushed(again + 2500, 3.5)
    assert (mark.value, mark.restarts) == (again + 2500, 1)


def test_a_clock_that_is_only_a_little_off_is_no_restart():
    """Two machines of the venue may differ by seconds."""
    mark = heard(START, START, START)
    for second in range(1, 6):
        mark.told(START - 10_000 + second * 1000, float(second))
    assert mark.restarts == 0
    assert START - 10_000 <= mark.value <= START


def test_a_clock_that_stands_still_is_no_restart():
    """A venue in virtual time moves only when something happens there."""
    mark = heard(START, START, START)
    for minute in range(1, 6):
        mark.told(START + minute, minute * 60.0)
    mark.pushed(START + 9, 301.0)
    assert (mark.value, mark.restarts) == (START + 9, 0)


@pytest.mark.parametrize("ts", [10**400, 10**309, 2**64, 2**63, -1])
def test_what_is_no_time_is_ignored_whoever_says_it(ts: int):
    """A number too large to reckon with ends no connection, before and after the venue's clock is known."""
    mark = Watermark()
    for known in (False, True):
        mark.told(ts, 1.0)
        mark.pushed(ts, 1.0)
        assert mark.value == (START if known else 0)
        mark.told(START, 1.0)
    assert mark.value == START
