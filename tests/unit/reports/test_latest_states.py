"""How something stands: what REST says otherwise than was told, and no more than that."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.models.base import Frame
from orderly_sync.models.pushes import PositionUpdate
from orderly_sync.reports.latest_states import LatestStates


def states() -> LatestStates:
    return LatestStates(
        "position",
        lambda one: one.symbol,  # type: ignore[attr-defined]
        ("position_qty", "average_open_price"),
        "position_qty",
    )


def stands(
    quantity: Any, ts: int | None = 10_000, symbol: str = "PERP_ETH_USDC", **more: Any
) -> PositionUpdate:
    return PositionUpdate(symbol=symbol, position_qty=Decimal(quantity), frame=Frame("position", ts), **more)


def told(made: LatestStates, said: list[PositionUpdate], heard: int | None = 100_000) -> list[Any]:
    """What a reading that says so has told."""
    mark = made.mark()
    return [one for one in made.news(said, heard) if made.is_news(one, mark)]


def test_what_differs_is_news_and_what_does_not_is_none():
    """In the fields that are compared; the rest moves with the price."""
    made = states()
    made.note(stands(1))
    assert told(made, [stands(1, 20_000, mark_price=Decimal(9))]) == []
    (news,) = told(made, [stands(2, 20_000)])
    assert news.position_qty == 2


def test_what_either_does_not_say_differs_in_nothing():
    """REST leaves out what a push has, and the other way round."""
    made = states()
    made.note(stands(1, average_open_price=Decimal(3000)))
    assert told(made, [stands(1, 20_000)]) == []
    made.note(stands(1, 20_000))
    assert [
        one.average_open_price for one in told(made, [stands(1, 30_000, average_open_price=Decimal(7))])
    ] == [7]


def test_what_is_older_than_what_was_told_is_no_news():
    """A replica that lags must not have a position seem to go back."""
    made = states()
    made.note(stands(2, 50_000))
    assert told(made, [stands(1, 49_999)]) == []


def test_a_push_that_came_while_rest_was_asked_is_newer():
    """What is told is decided when it is delivered."""
    made = states()
    made.note(stands(1))
    mark = made.mark()
    (news,) = made.news([stands(2, 20_000)], 100_000)
    made.note(stands(3, 15_000))
    assert not made.is_news(news, mark)


def test_what_is_listed_no_longer_is_told_as_empty():
    """REST lists open positions; one that is gone has quantity 0, unless it came too recently to be listed yet."""
    made = states()
    made.note(stands(1, 10_000, average_open_price=Decimal(3000)))
    made.note(stands(1, 99_000, symbol="PERP_BTC_USDC"))
    (gone,) = told(made, [])
    assert (gone.symbol, gone.position_qty, gone.average_open_price) == ("PERP_ETH_USDC", 0, None)
    assert (gone.recovered, gone.origin) == (True, "rest")
    made.note(gone)
    assert told(made, []) == []
    assert {one.symbol for one in told(made, [], 200_000)} == {"PERP_BTC_USDC"}


def test_how_all_stood_at_the_beginning_is_no_news():
    """Nobody was listening; what has changed since is."""
    made = states()
    made.begin([stands(1)])
    assert told(made, [stands(1, 20_000)]) == []
    assert len(told(made, [stands(2, 20_000)])) == 1


def test_a_flat_position_never_heard_of_is_no_news():
    """The venue may list what has long been closed."""
    assert told(states(), [stands(0)]) == []
    assert len(told(states(), [stands(1)])) == 1


def test_a_venue_that_begins_anew_knows_nothing():
    """What it says from then on is news again."""
    made = states()
    made.note(stands(1))
    made.forget_all()
    assert len(told(made, [stands(1)])) == 1
