"""A paper venue served apart: found by the line it prints, traded on, and controlled, as if it ran in here."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner

from orderly_sync import (
    ConnectFailed,
    Credentials,
    Market,
    Network,
    Resynced,
    Stop,
    UsageError,
    connect,
    topics,
)
from orderly_sync.cli.venue import venue as venue_command
from orderly_sync.control.served import ServedControl, attach
from orderly_sync.venue.server.serve import Venue
from tests.support.paper import eventually

ETH = "PERP_ETH_USDC"
WAIT = 20.0


@pytest.fixture
def venue() -> Iterator[Venue]:
    with Venue(seed=7, market="frozen", rate_limits=False) as running:
        yield running


def test_the_line_of_the_command_is_all_it_takes():
    """Its first account trades, ex.paper moves its market and reads its ledger; stopping the client leaves it running."""
    command = [sys.executable, "-m", "orderly_sync", "venue", "--market", "frozen", "--seed", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            line = running.stdout.readline()
            first, second = json.loads(line)["accounts"]
            with connect(line) as ex, connect(line, credentials=Credentials(**second)) as other:
                ex.place(Market.buy("ETH", quantity="0.5")).wait("filled", WAIT)
                stop = ex.place(Stop.sell("ETH", quantity="0.5", trigger="3390"))
                ex.paper.set_mark_price("ETH", 3380)
                stop.wait("done", WAIT)
                told = ex.paper.ledger(first["account_id"])
                assert "algoexecutionreportv2" in {entry["topic"] for entry in told}
                assert other.paper.ledger(second["account_id"]) == []
                assert other.account.account_id == second["account_id"]
            with connect(json.loads(line)["rest"]) as public:
                assert public.rest.market.futures_info(ETH).mark_price == 3380
        finally:
            running.send_signal(signal.SIGTERM)
        assert running.wait(WAIT) == 0


@pytest.mark.parametrize("form", ["text", "with its end", "read"])
def test_the_line_may_be_text_or_read(venue: Venue, form: str):
    """As it came from the pipe, trimmed, or decoded."""
    line: Any = {"text": venue.line(), "with its end": venue.line() + "\n", "read": json.loads(venue.line())}[
        form
    ]
    control, network, credentials = attach(line)
    assert network == Network.from_venue(venue.urls["rest"])
    assert credentials is not None
    assert credentials.account_id == venue.accounts[0].account_id
    assert control is not None
    assert venue.token not in repr(control)


@pytest.mark.parametrize("name", ["rest", "ws_public", "ws_private", "control"])
def test_any_url_of_the_line_names_the_venue(venue: Venue, name: str):
    """For market data; there is neither an account nor a control in a URL."""
    with connect(venue.urls[name] + "/") as ex:
        assert ex.wait_for(topics.mark_price(ETH), timeout=WAIT).price > 0
        with pytest.raises(UsageError, match=r"connect\(line\)"):
            _ = ex.paper


@pytest.mark.parametrize(
    "place",
    [
        "{broken",
        "[]{}",
        '{"rest": "http://127.0.0.1:1"}',
        "https://api.orderly.org",
        "http://example.com:80",
        "http://127.0.0.1:1/other",
        "http://user:secret@127.0.0.1:1",
        "ftp://127.0.0.1:1",
        "http://[::1",
        {"rest": "http://10.0.0.1", "ws_public": "ws://10.0.0.1", "ws_private": "ws://10.0.0.1"},
        {},
    ],
)
def test_what_names_no_venue_of_this_machine_is_refused(place: Any):
    """In one sentence, without what was given: it may hold secrets."""
    with pytest.raises(UsageError) as told:
        connect(place)
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


CALLS: dict[str, Callable[[Any, str], Any]] = {
    "announce": lambda control, _: control.announce("soon", url="https://example.com"),
    "maintenance": lambda control, _: [
        control.set_maintenance(2, end="2026-01-01"),
        control.set_maintenance(0),
    ],
    "tell": lambda control, who: control.tell("balance", {"any": Decimal("0.10")}, who),
    "drop": lambda control, _: control.drop_connections(),
    "faults": lambda control, _: [control.faults(drop_reports=0.5), control.faults(clear=True)],
    "ledger": lambda control, who: [
        control.tell("balance", {"n": 1}, who),
        len(control.ledger(who, after=0)),
    ],
    "snapshot": lambda control, who: sorted(control.snapshot(who)),
    "advance": lambda control, _: control.advance(5000),
    "mark": lambda control, _: control.set_mark_price("eth", "3391.5"),
}


@pytest.mark.parametrize("call", CALLS)
def test_its_control_answers_as_a_venue_in_here_does(call: str):
    """Each call, with the same arguments, on two venues of one seed: the same answer and the same ledger."""
    answers = []
    for apart in (False, True):
        with Venue(seed=7, market="frozen") as running:
            control: Any = ServedControl(running.urls, running.token) if apart else running
            who = running.accounts[0].account_id
            answers.append((CALLS[call](control, who), running.ledger(who), running.snapshot(who)))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "call",
    [
        lambda control: control.set_mark_price("ETH", 0),
        lambda control: control.set_mark_price("ETH", "abc"),
        lambda control: control.set_mark_price("PERP_NONE_USDC", 1),
        lambda control: control.advance(-1),
        lambda control: control.set_maintenance(7),
        lambda control: control.ledger("nobody"),
        lambda control: control.snapshot("nobody"),
        lambda control: control.faults(nonsense=1),
    ],
)
def test_what_the_venue_refuses_is_refused_in_the_same_words(venue: Venue, call: Callable[[Any], Any]):
    """A UsageError here and there."""
    said = []
    for control in (venue, ServedControl(venue.urls, venue.token)):
        with pytest.raises(UsageError) as told:
            call(control)
        said.append(str(told.value))
    assert said[0] == said[1]


def test_a_wrong_token_and_a_venue_that_is_gone_are_told_apart(venue: Venue):
    """One is refused, the other does not answer; the token is in neither sentence."""
    wrong = ServedControl(venue.urls, "not the token")
    with pytest.raises(UsageError, match="x-venue-token is missing or wrong"):
        wrong.advance(1)
    venue.stop()
    gone = ServedControl(venue.urls, venue.token)
    with pytest.raises(ConnectFailed, match="does not answer") as told:
        gone.health()
    assert venue.token not in str(told.value)


def test_a_client_of_a_venue_apart_recovers_and_shows_its_health(venue: Venue):
    """Dropped by the control, it resyncs; stats ask nobody, health asks the venue."""
    with connect(venue.line()) as ex:
        with ex.stream(Resynced) as resynced:
            assert ex.paper.drop_connections() >= 1
            resynced.get(timeout=WAIT)
        assert ex.paper.health() == venue.health()
        assert "paper" not in ex.stats()
        assert ex.status == "ready"


def test_the_help_names_every_call_of_the_control(venue: Venue):
    """The paths, the methods and the header; a call that is added is missed here."""
    text = CliRunner().invoke(venue_command, ["--help"]).output
    assert "x-venue-token" in text
    named = set(re.findall(r"(GET|POST) +(/venue/[a-z-]+)", text))
    assert named == {*venue._control._calls, ("GET", "/venue/ledger")}


def test_a_venue_that_cannot_keep_its_speed_says_so_where_it_was_started():
    """On stderr, once, beside the line on stdout; without anybody having configured logging."""
    command = [sys.executable, "-m", "orderly_sync", "venue", "--market", "volatile", "--speed", "1000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        with connect(running.stdout.readline()) as ex:
            eventually(lambda: ex.paper.health()["speed"]["slowed"])
        running.send_signal(signal.SIGTERM)
        told = running.stderr.read().splitlines()
        assert running.wait(WAIT) == 0
    (line,) = told
    assert "this machine cannot do the 1000 asked for" in line


def test_the_url_of_the_page_is_told_where_there_is_one(venue: Venue):
    """By the venue, by its line, and so by a client of either; without a console there is none to tell."""
    with Venue(seed=7, market="frozen", console=True) as shown, connect(shown.line()) as ex:
        assert ex.paper.console == shown.console
        assert ex.paper.console.endswith(f"/console#token={shown.token}")
    with connect(venue.line()) as ex:
        assert ex.paper.console is None
    with connect("paper", market="frozen", console=True) as ex:
        assert ex.paper.console.startswith(ex.paper.urls["rest"] + "/console#")
    with connect("paper", market="frozen") as ex:
        assert ex.paper.console is None


@pytest.mark.parametrize("place", ["testnet", "mainnet"])
def test_only_a_paper_venue_has_a_page(place: str):
    """One sentence, before anything is dialled."""
    with pytest.raises(UsageError, match="console= is only for connect"):
        connect(place, console=True)


def test_the_command_prints_the_url_of_the_page_beside_its_line():
    """On stderr, so that the line stays the only one for programs; nothing there without --console."""
    for more, told in (["--console"], "/console#token="), ([], ""):
        command = [sys.executable, "-m", "orderly_sync", "venue", "--market", "frozen", *more]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            line = json.loads(running.stdout.readline())
            running.send_signal(signal.SIGTERM)
            out, err = running.communicate(timeout=WAIT)

        assert (out, "console" in line) == ("", bool(more))
        assert told in err
        assert err.split()[-1:] == ([line["console"]] if more else [])
