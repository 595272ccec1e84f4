"""Which topics are heard: those that somebody wants, and for a while those that nobody wants any more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.relay.demand import LINGER, Demand


def test_a_topic_is_heard_while_anybody_wants_it() -> None:
    """The second who wants it is no news; the first who leaves no end."""
    demand = Demand()
    assert demand.told("a", ["bbos", "tickers"], 0.0) == {"bbos", "tickers"}
    assert demand.told("b", ["bbos"], 1.0) == frozenset()
    assert demand.told("a", [], 2.0) == frozenset()
    assert demand.topics == {"bbos", "tickers"}
    assert demand.over(2.0 + LINGER) == {"tickers"}
    assert demand.topics == {"bbos"}
    assert demand.bots == ("b",)


def test_who_comes_back_soon_finds_it_there() -> None:
    """It is neither left nor asked for anew."""
    demand = Demand()
    demand.told("a", ["bbos"], 0.0)
    demand.told("a", [], 1.0)
    assert demand.told("a", ["bbos"], 1.0 + LINGER / 2) == frozenset()
    assert demand.over(1.0 + LINGER) == frozenset()


WISHES = st.lists(st.tuples(st.sampled_from("abc"), st.sets(st.sampled_from("xyz"))), max_size=30)


@given(WISHES)
def test_what_is_heard_is_what_is_wanted_once_time_has_passed(wishes: list[tuple[str, set[str]]]) -> None:
    """Whoever said what in which order; and news is told once."""
    demand, last, heard = Demand(), dict[str, set[str]](), set[str]()
    for at, (bot, topics) in enumerate(wishes):
        fresh = demand.told(bot, topics, float(at))
        assert not fresh & heard
        heard |= fresh
        last[bot] = topics
        heard -= demand.over(float(at))
        assert heard == demand.topics
    demand.over(len(wishes) + LINGER)
    assert demand.topics == set().union(*last.values())
