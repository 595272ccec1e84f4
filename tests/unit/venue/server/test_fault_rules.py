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
    assert faults.settings == {"no_pong": True}
    assert faults.silent("pong")
    assert [row["id"] for row in faults.rules.listed()] == [1]


def test_an_end_of_all_leaves_every_setting_as_in_the_beginning():
    """None of them strikes any more."""
    faults = Faults()
    faults.set(
        {
            "delay_ms": 5,
            "read_lag_ms": 7,
            "http": {"reset": True},
            "mute": ["bbo", "*"],
            "delay_pushes": {"*": 9},
            "drop_reports": 1,
            "no_ack": ["auth"],
            "close_on": "auth",
            "refuse_login": 2,
            "refuse_upgrade": 2,
            "refuse_topics": "balance",
            "book_gap": 1,
            "add": {"kind": "mute"},
        }
    )
    assert (faults.late_ms(), faults.lag_ms("0xa"), faults.muted("bbo")) == (5, 7, True)
    faults.set({"clear": True})
    assert (faults.late_ms(), faults.lag_ms("0xa"), faults.muted("bbo")) == (0, 0, False)
    assert faults.for_request("GET", "/v1/orders", None) is None
    assert [faults.rules.of_push(topic, "0xa") for topic in ("balance", "PERP_ETH_USDC@orderbookupdate")] == [
        [],
        [],
    ]
    silent = [faults.silent("ping"), faults.silent("ack", "auth")]
    refused = [faults.login_refused(), faults.upgrade_refused(), faults.topic_refused("balance")]
    assert [*silent, *refused, faults.closes_on("auth")] == [False] * 6
    assert (faults.settings, faults.rules.listed()) == ({}, [])


@pytest.mark.parametrize(
    ("settings", "struck", "spared"),
    [
        ({"drop_reports": 1}, [("balance", "drop"), ("wallet", "drop")], ["bbos"]),
        ({"drop_reports": 1, "report_topics": ["balance"]}, [("balance", "drop")], ["wallet", "bbos"]),
        ({"report_topics": "balance", "duplicate_reports": 1}, [("balance", "duplicate")], ["wallet"]),
        ({"swap_reports": 1.0}, [("position", "reorder")], ["PERP_ETH_USDC@trade"]),
        ({"delay_pushes": {"*": 9}}, [("settle", "delay"), ("balance", "delay")], ["bbos", "nothing"]),
        ({"delay_pushes": {"*": 9, "balance": 0}}, [("settle", "delay")], ["balance"]),
        ({"book_gap": 1}, [("PERP_ETH_USDC@orderbookupdate", "drop")], ["PERP_ETH_USDC@orderbook"]),
        ({"mute": "bbos"}, [("bbos", "mute")], ["balance"]),
        ({"mute": ["*"]}, [("bbos", "silence"), ("balance", "silence")], []),
    ],
)
def test_a_setting_is_a_rule_of_its_name(settings: Any, struck: list[tuple[str, str]], spared: list[str]):
    """Private events have an account; a rule of private events spares what has none. Nothing of it is listed."""
    faults = Faults()
    faults.set(settings)

    def kinds(topic: str) -> list[str]:
        account = "" if "@" in topic or topic == "bbos" else "0xa"
        return [rule.kind for rule in faults.rules.of_push(topic, account)]

    assert [(topic, kinds(topic)) for topic, _ in struck] == [(topic, [kind]) for topic, kind in struck]
    assert [kinds(topic) for topic in spared] == [[] for _ in spared]
    assert faults.rules.listed() == []
    faults.set({name: None if name in {"mute", "delay_pushes", "report_topics"} else 0 for name in settings})
    assert [kinds(topic) for topic, _ in struck] == [[] for _ in struck]


@pytest.mark.parametrize(
    ("name", "ask", "count"),
    [
        ("refuse_login", Faults.login_refused, 2),
        ("refuse_upgrade", Faults.upgrade_refused, 3),
    ],
)
def test_what_is_refused_so_many_times_is_let_pass_then(name: str, ask: Any, count: int):
    """And a number given again begins anew."""
    faults = Faults()
    for _ in range(2):
        faults.set({name: count})
        assert [ask(faults) for _ in range(count + 2)] == [True] * count + [False] * 2


def test_a_connection_is_cut_as_often_as_was_asked():
    """Once unless told otherwise; at the frame that was named only."""
    faults = Faults()
    faults.set({"close_on": "auth"})
    assert [faults.closes_on(event) for event in ("subscribe", "auth", "auth")] == [False, True, False]
    faults.set({"close_times": 2, "close_on": "subscribe"})
    assert [faults.closes_on("subscribe") for _ in range(3)] == [True, True, False]
    faults.set({"close_on": None})
    assert not faults.closes_on("subscribe")


def test_two_settings_have_lots_of_their_own():
    """What is dropped is not just what would be doubled; the same seed and order give the same losses."""

    def fates(seed: int) -> list[list[str]]:
        faults = Faults()
        faults.seed(seed)
        faults.set({"drop_reports": 0.5, "duplicate_reports": 0.5})
        return [[rule.kind for rule in faults.rules.of_push("balance", "0xa")] for _ in range(100)]

    told = fates(3)
    assert told == fates(3) != fates(4)
    assert {tuple(kinds) for kinds in told} == {(), ("drop",), ("duplicate",), ("drop", "duplicate")}


def test_a_setting_given_again_draws_other_lots():
    """Losses that are switched on for a moment each time do not fall on the same frames every time."""
    faults = Faults()
    first = []
    for _ in range(30):
        faults.set({"drop_reports": 0.5})
        first.append(bool(faults.rules.of_push("balance", "0xa")))
    assert set(first) == {True, False}


def test_a_late_push_is_late_by_any_time_up_to_the_given_one():
    """Each by its own."""
    faults = Faults()
    faults.set({"delay_pushes": {"balance": 200}})
    times = [rule.ms for _ in range(200) for rule in faults.rules.of_push("balance", "0xa")]
    assert (min(times) < 40, max(times) > 160, max(times) <= 200, len(times)) == (True, True, True, 200)


@pytest.mark.parametrize(
    ("row", "kind", "carries_out"),
    [
        ({"status": 500}, "answer", False),
        ({"status": 500, "commit": True}, "answer", True),
        ({"reset": True, "status": 500}, "lose_answer", False),
        ({"truncate": True}, "cut_answer", False),
        ({"truncate": True, "commit": True}, "cut_answer", True),
        ({"timeout": True, "reset": True}, "no_answer", False),
    ],
)
def test_spoiled_answers_are_rules_too(row: Any, kind: str, carries_out: bool):
    """Each strikes once unless told otherwise, before any rule with a selector."""
    faults = Faults()
    faults.set(
        {"http": [row, {**row, "times": 2, "path": "/v1/order"}], "add": {"kind": "answer", "status": 429}}
    )
    met = [faults.for_request("POST", "/v1/order", "/v1/order") for _ in range(4)]
    assert [(one.kind, one.carries_out, one.spoils) for one in met[:3]] == [(kind, carries_out, True)] * 3
    assert met[3].status == 429


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
    assert faults.settings == {}


def test_the_longest_lag_of_an_account_holds():
    """The setting of the whole venue among them."""
    faults = Faults()
    faults.set({"read_lag_ms": 50, "add": [{"kind": "lag_reads", "ms": 900, "account": "0xA"}]})
    assert (faults.lag_ms("0xa"), faults.lag_ms("0xb")) == (900, 50)
