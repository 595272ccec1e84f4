"""A bot's way to Redis: what it reads in which order, what it writes, and what a failure in between leaves behind."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.order import Order
from orderly_sync.relay import reading
from orderly_sync.relay.entries import FIRST, FORMAT, entry_key
from orderly_sync.relay.group import StreamPlace
from orderly_sync.relay.reading import LEASE_SECONDS, BotReader
from orderly_sync.relay.state_rows import row_text
from orderly_sync.relay.wishes import WISH_SECONDS
from orderly_sync.relay_errors import GroupInUse, RelayMismatch, RelayUnreachable
from orderly_sync.stream.routes import Route
from tests.support.memory_bots import KEYS, NAME, REPORTS, begin, joined, reader_of, write
from tests.support.memory_redis import MemoryRedis
from tests.support.reports import report

BBO, TRADE = "PERP_ETH_USDC@bbo", "PERP_ETH_USDC@trade"


def ids(entries: list[Any]) -> list[str]:
    return [entry.id for entry in entries]


# The state and places ------------------------------------------------------------------------------------------------


def test_the_state_has_its_place() -> None:
    """All tables, and where each stream stood by then; nothing of a relay that has written nothing."""
    redis = MemoryRedis()
    bot = reader_of(redis)
    empty = bot.state()
    order = Order(order_id=7, symbol="PERP_ETH_USDC")
    redis.set(KEYS.head, "9-1")
    redis.hset(KEYS.counts, mapping={NAME: 4})
    redis.hset(KEYS.state("orders"), mapping={"7": row_text(order)})
    state = bot.state()

    assert (empty.head, empty.place_of(NAME)) == (FIRST, StreamPlace(FIRST, 0))
    assert (state.rows["orders"], state.rows["positions"]) == ([order], [])
    assert state.place_of(NAME) == bot.place_now(NAME) == StreamPlace("9-1", 4)
    assert (bot.number_of_last(NAME), bot.number_of_last(BBO)) == (4, 0)


def test_no_leader_is_said_with_what_to_do() -> None:
    """And once there is one, nothing is."""
    redis = MemoryRedis()
    bot = reader_of(redis)
    with pytest.raises(RelayUnreachable, match="start one: orderly-sync relay"):
        bot.require_leader()
    redis.set(KEYS.leader, "relay-1")
    bot.require_leader()


def test_a_takeover_is_waited_for_before_no_leader_is_said() -> None:
    """It lasts a moment; who has none for longer is told, and the next time anew."""
    redis = MemoryRedis()
    bot = reader_of(redis)
    bot.renew(0.0)
    bot.renew(1.0)
    redis.set(KEYS.leader, "relay-1")
    bot.renew(1.9)
    redis.delete(KEYS.leader)
    bot.renew(4.0)
    bot.renew(5.5)
    with pytest.raises(RelayUnreachable, match="start one: orderly-sync relay"):
        bot.renew(6.0)


def test_answers_are_those_that_there_are() -> None:
    """Nothing is asked where no topic is."""
    redis = MemoryRedis()
    bot = reader_of(redis)
    redis.hset(KEYS.topics, mapping={BBO: "ok"})
    assert bot.answers([BBO, TRADE]) == {BBO: "ok"}
    redis.calls.clear()
    assert bot.answers([]) == {}
    assert redis.calls == []


# Entries -------------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from([NAME, "position", "balance"]), max_size=40), st.integers(1, 5))
def test_entries_of_several_streams_come_in_order_however_few_are_read(told: list[str], most: int) -> None:
    """Each once, though each stream gives only so many at once and some are further than others."""
    redis = MemoryRedis()
    bot = reader_of(redis)
    numbers = dict.fromkeys([NAME, "position", "balance"], 0)
    for at, topic in enumerate(told, 1):
        numbers[topic] += 1
        write(redis, f"{at}-0", numbers[topic], topic)
    places = dict.fromkeys(numbers, FIRST)
    seen: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_COUNT", most)
        while entries := bot.wait_entries(places, 0.0):
            seen += ids(entries)
            places.update({entry.topic: entry.id for entry in entries})

    assert seen == [f"{at}-0" for at in range(1, len(told) + 1)]


def test_what_cannot_be_read_says_why_and_the_rest_comes() -> None:
    """An entry of a later release, one that is no JSON, and a session event, which is read by its taker."""
    redis = MemoryRedis()
    bot = reader_of(redis)
    write(redis, "1-0", 1)
    redis.add(KEYS.events(NAME), "2-0", {"v": FORMAT + 1, "n": 2, "t": NAME, "d": "[]"})
    redis.add(KEYS.events(NAME), "3-0", {"v": FORMAT, "n": 3, "t": NAME, "d": "[{"})
    redis.add(KEYS.session, "4-0", {"v": FORMAT, "n": 1, "e": "Connected"})
    entries = bot.wait_entries({NAME: FIRST, "session": FIRST}, 0.0)

    assert ids(entries) == ["1-0", "2-0", "3-0", "4-0"]
    assert [len(entry.events) for entry in entries] == [1, 0, 0, 0]
    assert isinstance(entries[1].error, RelayMismatch)
    assert "update this bot" in str(entries[1].error)
    assert (entries[0].error, entries[3].error) == (None, None)
    assert entries[2].error is not None
    assert entries[0].place == StreamPlace("1-0", 1, 10)


def test_the_ids_behind_a_place_are_read_page_by_page() -> None:
    """Up to so many entries."""
    redis = MemoryRedis()
    bot = reader_of(redis)
    for number in range(1, 8):
        write(redis, f"{number}-0", number)
    names = [entry.events[0].event_id for entry in bot.read(NAME, FIRST, 9)]
    assert bot.ids_behind(NAME, "2-0") == set(names[2:])
    assert bot.ids_behind(NAME, FIRST, 3) == set(names[:3])
    assert bot.ids_behind(BBO, FIRST) == set()


# Wishes --------------------------------------------------------------------------------------------------------------


def asks(redis: MemoryRedis) -> int:
    return len(redis.values.get(KEYS.asks, ()))


def test_only_what_is_new_or_over_is_asked() -> None:
    """Both connections' wishes are one bot's."""
    redis = MemoryRedis()
    bot = reader_of(redis)
    bot.wish_as("public", set())
    assert (asks(redis), redis.calls) == (0, [])
    bot.wish_as("public", {BBO})
    bot.wish_as("private", {TRADE})
    assert set(redis.values[KEYS.wishes("bot-1")]) == {BBO.encode(), TRADE.encode()}
    bot.wish_as("private", {TRADE})
    assert asks(redis) == 2
    bot.wish_as("public", set())
    assert set(redis.values[KEYS.wishes("bot-1")]) == {TRADE.encode()}
    assert asks(redis) == 3


def test_wishes_and_the_lease_are_renewed_in_time() -> None:
    """Some times before they end, and not at every look; wishes that Redis has lost are there again."""
    redis = MemoryRedis()
    redis.set(KEYS.leader, "relay-1")
    bot = joined(redis)
    bot.wish_as("public", {BBO})
    for tenth in range(int(WISH_SECONDS * 20)):
        redis.now = tenth / 10
        bot.renew(redis.now)
        assert redis.exists(KEYS.wishes("grid")), redis.now
        assert redis.exists(KEYS.reader("grid")), redis.now
    assert redis.calls.count("RENEW") <= 2 * WISH_SECONDS * 3 / LEASE_SECONDS + 1
    del redis.values[KEYS.wishes("grid")]
    bot.renew(redis.now + LEASE_SECONDS)
    assert redis.values[KEYS.wishes("grid")] == {BBO.encode(): b"1"}


def test_wishes_that_could_not_be_written_are_written_next() -> None:
    """Whether Redis had them or not."""
    for fails in ("before", "after"):
        redis = MemoryRedis()
        redis.set(KEYS.leader, "relay-1")
        bot = reader_of(redis)
        redis.failing = lambda name, fails=fails: fails if name == "EXEC" else None  # type: ignore[misc]
        with pytest.raises(RelayUnreachable):
            bot.wish_as("public", {BBO})
        redis.failing = lambda _: None
        bot.renew(1.0)
        assert set(redis.values[KEYS.wishes("bot-1")]) == {BBO.encode()}
        assert asks(redis) >= 1


# The group -----------------------------------------------------------------------------------------------------------


def test_a_group_is_joined_when_the_one_before_has_ended() -> None:
    """It is waited for as long as is said, and told of then; without a group there is nothing to join."""
    redis = MemoryRedis()
    joined(redis)
    other = reader_of(redis, instance="two", group="grid")
    with pytest.raises(GroupInUse, match="'grid'"):
        other.join(0.0)
    assert other.record is None

    def pause(seconds: float) -> None:
        redis.now += seconds

    other.join(60.0, sleep=pause)
    assert LEASE_SECONDS <= redis.now < LEASE_SECONDS + 1
    assert other.record is not None
    single = reader_of(redis)
    single.join(0.0)
    single.keep_lease()
    single.keep_record()
    assert single.record is None


def hand(bot: BotReader, number: int) -> object:
    """An event that is handed on as ``Telling`` does."""
    event = report(order_id=number)
    route = Route(REPORTS)
    made: Any = object()
    route.hooks = (made,)
    assert bot.record is not None
    if bot.record.about_to_hand(NAME, f"{number}-0"):
        bot.keep_record()
    assert bot.record.may_hand(NAME, f"{number}-0")
    bot.record.handing(NAME, StreamPlace(f"{number}-0", number, number * 10), (event,), route)
    return event


def take(bot: BotReader, event: object) -> None:
    assert bot.record is not None
    bot.record.taken(event, None)


def kept(redis: MemoryRedis) -> str:
    return str(redis.values[KEYS.group("grid")][NAME.encode()].decode())


def test_what_was_taken_is_on_record_for_the_next() -> None:
    """It goes on there, and what was handed behind it is redelivered."""
    redis = MemoryRedis()
    bot = joined(redis)
    begin(bot)
    first, _ = hand(bot, 1), hand(bot, 2)
    take(bot, first)
    bot.leave()
    for number in (1, 2, 3):
        write(redis, f"{number}-0", number)
    after = joined(redis, instance="two")
    assert after.record is not None
    assert after.record.place_of(NAME, StreamPlace("9-0"), None) == StreamPlace("1-0", 1, 10)
    read = after.read(NAME, "1-0", 9)
    assert [(entry.id, entry.events[0].redelivered) for entry in read] == [("2-0", True), ("3-0", False)]


def test_nothing_is_written_where_nothing_has_changed() -> None:
    """Each look costs nothing then."""
    redis = MemoryRedis()
    bot = joined(redis)
    begin(bot)
    redis.calls.clear()
    bot.keep_record()
    assert redis.calls == []


@pytest.mark.parametrize("fails", ["before", "after"])
def test_no_entry_is_given_to_be_handed_on_before_that_is_on_record(fails: str) -> None:
    """Neither the first time nor when it is read again: a write that failed is made good first."""
    redis = MemoryRedis()
    bot = joined(redis)
    begin(bot)
    write(redis, "1-0", 1)
    assert bot.record is not None
    redis.failing = lambda name: fails if name == "KEEP" else None
    for _ in range(2):
        with pytest.raises(RelayUnreachable):
            bot.read(NAME, FIRST, 9)
        assert not bot.record.may_hand(NAME, "1-0")
    redis.failing = lambda _: None
    assert ids(bot.read(NAME, FIRST, 9)) == ["1-0"]
    assert bot.record.may_hand(NAME, "1-0")
    assert kept(redis) == "0-0 0 0 1-0"


def test_a_record_is_not_written_over_that_of_another_process() -> None:
    """One that was not heard of for long, as in a machine that slept."""
    redis = MemoryRedis()
    late = joined(redis)
    begin(late)
    event = hand(late, 1)
    redis.now += LEASE_SECONDS + 1
    other = joined(redis, instance="two")
    hand(other, 2)
    take(late, event)
    for act in (late.keep_record, late.keep_lease, late.leave):
        with pytest.raises(GroupInUse) as caught:
            act()
        assert not caught.value.has_ended
    assert kept(redis) == "0-0 0 0 2-0"
    other.leave()

    for act in (late.keep_record, late.keep_lease):
        with pytest.raises(GroupInUse, match="make this bot anew") as caught:
            act()
        assert caught.value.has_ended
    assert kept(redis) == "0-0 0 0 2-0"
    assert redis.get(KEYS.reader("grid")) is None


def test_a_lease_that_ended_unseen_is_taken_again() -> None:
    """Where nobody else has read in the group meanwhile, as when Redis itself was away."""
    redis = MemoryRedis()
    bot = joined(redis)
    begin(bot)
    take(bot, hand(bot, 1))
    redis.now += LEASE_SECONDS + 1
    bot.keep_record()
    assert kept(redis) == "1-0 1 10 1-0"
    assert redis.get(KEYS.reader("grid")) == b"one"


@given(st.data())
def test_a_process_killed_at_any_step_loses_nothing_and_repeats_nothing_unflagged(data: Any) -> None:
    """Whatever was done of handing on, taking and writing, and whichever writes failed with their answer or without."""
    redis = MemoryRedis()
    told: list[tuple[int, bool]] = []
    began = joined(redis, instance="none")
    begin(began)
    began.leave()
    for number in range(1, 13):
        write(redis, f"{number}-0", number)
    for life in range(data.draw(st.integers(1, 4))):
        run_until_killed(data, redis, f"life-{life}", told)
        redis.now += LEASE_SECONDS + 1
    redis.failing = lambda _: None
    last = joined(redis, instance="last")
    while entries := next_entries(last, 3):
        told += [(number_of(entry), entry.events[0].redelivered) for entry in entries]
        for entry in entries:
            take(last, hand_read(last, entry))
        last.keep_record()

    firsts = list(dict.fromkeys(number for number, _ in told))
    assert firsts == list(range(1, 13))
    seen: set[int] = set()
    for number, redelivered in told:
        assert redelivered or number not in seen
        seen.add(number)


def run_until_killed(data: Any, redis: MemoryRedis, name: str, told: list[tuple[int, bool]]) -> None:
    draw = data.draw
    redis.failing = lambda _: None
    bot = joined(redis, instance=name)
    redis.failing = lambda _: draw(st.sampled_from([None, None, None, "before", "after"]))
    queued: list[tuple[Any, object]] = []
    at = ""
    for _ in range(draw(st.integers(0, 8))):
        with contextlib.suppress(RelayUnreachable):  # it is tried again, or killed before that
            if draw(st.booleans()):
                for entry in next_entries(bot, draw(st.integers(1, 3)), at):
                    at = entry.id
                    queued.append((entry, hand_read(bot, entry)))
            bot.keep_record()
        for _ in range(draw(st.integers(0, len(queued)))):
            entry, event = queued.pop(0)
            told.append((number_of(entry), entry.events[0].redelivered))
            if draw(st.booleans()) or queued:
                take(bot, event)
            else:
                return


def next_entries(bot: BotReader, most: int, at: str = "") -> list[Any]:
    assert bot.record is not None
    return bot.read(NAME, at or bot.record.place_of(NAME, StreamPlace(), None).id, most)


def number_of(entry: Any) -> int:
    return entry_key(entry.id)[0]


def hand_read(bot: BotReader, entry: Any) -> object:
    """Handed to a hook."""
    route = Route(REPORTS)
    made: Any = object()
    route.hooks = (made,)
    assert bot.record is not None
    assert bot.record.may_hand(NAME, entry.id)
    bot.record.handing(NAME, entry.place, entry.events, route)
    return entry.events[0]
