"""Rules of faults decided without a server: the same traffic meets the same fate."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.fault_rules import FaultRule, FaultRules
from orderly_sync.venue.server.faults import Faults


def armed(**wanted: Any) -> FaultRules:
    rules = FaultRules()
    rules.add(FaultRule.read(wanted))
    return rules


def struck(rules: FaultRules, frames: int, topic: str = "executionreport") -> list[int]:
    return [number for number in range(frames) if rules.of_push(topic, "0xa")]


def test_the_same_seed_strikes_the_same_frames():
    """Whatever other rules are asked in between; another seed strikes others."""
    alone = armed(kind="drop", probability=0.3, seed=5)
    beside = armed(kind="duplicate", probability=0.5, seed=1)
    beside.add(FaultRule.read({"kind": "drop", "probability": 0.3, "seed": 5}))
    first = struck(alone, 200)
    both = [beside.of_push("executionreport") for _ in range(200)]
    assert [at for at, rules in enumerate(both) if any(one.kind == "drop" for one in rules)] == first
    assert 30 < len(first) < 90
    assert struck(armed(kind="drop", probability=0.3, seed=6), 200) != first


def test_a_count_is_used_up_by_what_is_struck_only():
    """Neither by other topics nor by lots that missed; the rule stays listed with its tally."""
    rules = armed(kind="drop", topic="bal*", count=2)
    assert struck(rules, 5) == []
    assert struck(rules, 5, "balance") == [0, 1]
    assert rules.listed() == [{"id": 1, "struck": 2, "kind": "drop", "topic": "bal*", "count": 2}]
    likely = armed(kind="drop", probability=0.2, count=3, seed=3)
    assert len(struck(likely, 500)) == 3


@pytest.mark.parametrize(
    ("selector", "asked", "fits"),
    [
        ({}, ("GET", "/v1/orders"), True),
        ({"method": "post"}, ("POST", "/v1/order"), True),
        ({"method": "POST"}, ("DELETE", "/v1/order"), False),
        ({"path": "/v1/order/{order_id}"}, ("GET", "/v1/order/77"), True),
        ({"path": "/v1/order/7*"}, ("GET", "/v1/order/77"), True),
        ({"path": "/v1/order"}, ("GET", "/v1/order/77"), False),
        ({"account": "0xA"}, ("GET", "/v1/order/77"), True),
        ({"account": "0xb"}, ("GET", "/v1/order/77"), False),
    ],
)
def test_a_request_is_struck_where_all_of_the_selector_fits(selector: Any, asked: Any, fits: bool):
    """Path as sent or as documented, verb and account in any case of letters."""
    method, path = asked
    rules = armed(kind="answer", status=500, **selector)
    template = "/v1/order/{order_id}" if path.startswith("/v1/order/") else path
    assert (rules.of_request(method, (path, template), "0xa") is not None) is fits


def test_what_strikes_requests_leaves_pushes_alone_and_the_other_way_round():
    """A selector of everything, of one side."""
    assert armed(kind="lose_answer").of_push("balance") == []
    assert armed(kind="mute").of_request("GET", ("/v1/orders",), "") is None
    assert not armed(kind="mute").refuses("refuse_login")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"kind": "explode"}, "known are answer, close, cut"),
        ({}, "known are"),
        ({"kind": ["drop"]}, "known are"),
        ("drop", 'an object with a "kind"'),
        ({"kind": "drop", "path": "/v1/order"}, "drop takes account, count, probability, seed, topic, not"),
        ({"kind": "mute", "probability": 0.5}, "mute takes account, topic"),
        ({"kind": "delay"}, "delay needs ms"),
        ({"kind": "cut"}, "cut needs at_byte"),
        ({"kind": "drop", "probability": 1.5}, "probability: a probability between 0 and 1"),
        ({"kind": "drop", "count": -1}, "count: a whole number"),
        ({"kind": "drop", "count": True}, "count: a whole number"),
        ({"kind": "drop", "topic": 7}, "topic: a text"),
        ({"kind": "close", "code": 999}, "close code"),
        ({"kind": "answer"}, "answer needs a status, half or ms"),
        ({"kind": "answer", "status": 99}, "status: an HTTP status"),
        ({"kind": "answer", "status": "500"}, "status: an HTTP status"),
        ({"kind": "answer", "status": 429, "headers": {"X": "a\r\nb"}}, "one line of ASCII"),
        ({"kind": "answer", "status": 429, "headers": [1]}, "names and texts"),
        ({"kind": "answer", "half": 1}, "half: true or false"),
    ],
)
def test_bad_input_is_refused_with_what_is_wanted_and_changes_nothing(wanted: Any, said: str):
    """The good one beside it is not put in force either."""
    faults = Faults()
    with pytest.raises(Refused) as told:
        faults.set({"add": [{"kind": "drop"}, wanted]})
    assert said in told.value.message
    assert told.value.message.isascii()
    assert faults.rules.listed() == []


def test_ids_are_not_used_again():
    """So that a removal that comes late ends nothing else."""
    faults = Faults()
    faults.set({"add": {"kind": "drop"}})
    faults.set({"clear": True, "add": {"kind": "mute"}})
    assert [row["id"] for row in faults.rules.listed()] == [2]
    with pytest.raises(Refused, match="no fault has the id 1"):
        faults.set({"remove": 1})
    faults.set({"remove": 2})
    assert faults.rules.listed() == []


def test_an_end_of_what_is_not_there_changes_nothing():
    """The clearing that was asked for with it included."""
    faults = Faults()
    faults.set({"no_pong": True, "add": {"kind": "drop"}})
    with pytest.raises(Refused, match="no fault has the id 9"):
        faults.set({"clear": True, "remove": 9})
    assert faults.no_pong
    assert [row["id"] for row in faults.rules.listed()] == [1]


def test_an_end_of_all_leaves_every_setting_as_in_the_beginning():
    """The lots go on where they were."""
    faults, beside = Faults(), Faults()
    faults.seed(3)
    beside.seed(3)
    faults.set(
        {
            "delay_ms": 5,
            "http": {"reset": True},
            "mute": ["bbo"],
            "delay_pushes": {"*": 9},
            "close_on": "auth",
            "refuse_upgrade": 2,
            "book_gap": 0.5,
            "add": {"kind": "mute"},
        }
    )
    assert [faults.hits(0.5) for _ in range(50)] == [beside.hits(0.5) for _ in range(50)]
    faults.set({"clear": True})
    assert (faults.delay_ms, faults.http, faults.mute, faults.delay_pushes) == (0, [], frozenset(), {})
    assert (faults.close_on, faults.close_times, faults.refuse_upgrade, faults.book_gap) == (None, 0, 0, 0.0)
    assert faults.rules.listed() == []
    assert [faults.hits(0.5) for _ in range(50)] == [beside.hits(0.5) for _ in range(50)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"status": "502"}, "an HTTP status"),
        ({"status": 99}, "an HTTP status"),
        ({"status": True}, "an HTTP status"),
        ({"reset": "yes"}, "true or false"),
        ({"timeout": 1}, "true or false"),
        ({"truncate": True, "commit": 0}, "true or false"),
        ({"reset": True, "times": "2"}, "a whole number"),
        ({"reset": True, "times": -1}, "a whole number"),
        ({"reset": True, "delay_ms": 0.5}, "a whole number"),
        ({"reset": True, "path": 7}, "a text"),
        ({"reset": True, "method": ["GET"]}, "a text"),
        ({"status": 500, "code": "-1003"}, "a whole number"),
        ({"status": 500, "body": {}}, "a text"),
        ({"status": 500, "headers": {"Retry-After": 1}}, "a text"),
        ({"status": 500, "headers": {"A": "a\nb"}}, "one line of ASCII"),
    ],
)
def test_spoiled_answers_take_what_a_rule_takes(row: Any, said: str):
    """Refused when it is asked for, not when the first request meets it; a good one beside it included."""
    faults = Faults()
    with pytest.raises(Refused) as told:
        faults.set({"http": [{"reset": True}, row]})
    assert said in told.value.message
    assert faults.http == []


def test_the_longest_lag_of_an_account_holds():
    """The setting of the whole venue among them."""
    faults = Faults()
    faults.set({"read_lag_ms": 50, "add": [{"kind": "lag_reads", "ms": 900, "account": "0xA"}]})
    assert (faults.lag_ms("0xa"), faults.lag_ms("0xb")) == (900, 50)
