"""Flat at the end: ``ex.flatten`` on the paper venue, and the bot of its page under real signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orderly_sync import Bracket, DryRun, Limit, Market, NotFlat, Orderly, Stop, UsageError, connect
from orderly_sync.venue.server.serve import Venue
from tests.support.blocks import ROOT, blocks

WAIT = 20.0


@pytest.fixture
def ex() -> Iterator[Orderly]:
    with connect("paper", market="calm", seed=7, rate_limits=False) as client:
        yield client


def open_everything(ex: Orderly) -> None:
    """Orders of both kinds, and positions on both sides and in both margin modes."""
    ex.place(Bracket.buy("ETH", quantity="0.5", take_profit=9_000, stop_loss=100))
    ex.place(Market.buy("BTC", quantity="0.05", margin_mode="ISOLATED")).wait("filled", WAIT)
    ex.place(Market.sell("BTC", quantity="0.02")).wait("filled", WAIT)
    ex.place(Limit.buy("ETH", quantity="0.5", price=3_000))
    ex.place(Stop.sell("ETH", quantity="0.1", trigger=2_000))
    assert (len(ex.orders), len(ex.algo_orders)) == (1, 2)


def held_by_the_venue(ex: Orderly) -> list[str]:
    """What is open by its own books."""
    credentials = ex.rest.credentials
    assert credentials is not None
    told = ex.paper.snapshot(credentials.account_id)
    ended = {"CANCELLED", "FILLED", "REJECTED", "COMPLETED"}
    orders = [row["symbol"] for row in told["orders"] if row["status"] not in ended]
    algos = [row["symbol"] for row in told["algo_orders"] if row["algo_status"] not in ended]
    return [*orders, *algos, *(row["symbol"] for row in told["positions"] if float(row["position_qty"]))]


def test_the_account_is_flat_when_it_returns(ex: Orderly) -> None:
    """By the venue's own books and by the live state; one market first, then all."""
    open_everything(ex)
    ex.flatten("BTC", timeout=WAIT)
    assert {row.symbol for row in ex.positions.values()} <= {"PERP_ETH_USDC"}
    assert (len(ex.orders), len(ex.algo_orders)) == (1, 2)

    ex.flatten(timeout=WAIT)
    assert held_by_the_venue(ex) == []
    assert (len(ex.positions), len(ex.orders), len(ex.algo_orders)) == (0, 0, 0)


def test_lost_answers_and_refusals_turn_no_position_round(ex: Orderly) -> None:
    """The first of each write is executed and nobody says so, the next is refused with 503."""
    open_everything(ex)
    for path, method in (("/v1/order", "POST"), ("/v1/orders", "DELETE"), ("/v1/algo/orders", "DELETE")):
        ex.paper.faults.lose_answer(path, method=method, count=1)
        ex.paper.faults.answer(path, method=method, status=503, count=1)
    ex.flatten(timeout=WAIT)
    assert held_by_the_venue(ex) == []


def test_it_needs_no_stream(ex: Orderly) -> None:
    """The connections are gone and no login is taken: REST alone says what is open."""
    open_everything(ex)
    ex.paper.faults.refuse_login()
    ex.paper.drop_connections()
    ex.flatten(timeout=WAIT)
    assert held_by_the_venue(ex) == []
    ex.paper.faults.clear()


def test_a_guard_of_worth_lets_everybody_out() -> None:
    """However much the position is worth."""
    with Venue(market="calm", rate_limits=False) as venue, connect(venue.line(), rate_limits=False) as ex:
        ex.place(Market.buy("ETH", quantity="0.5")).wait("filled", WAIT)
        with connect(venue.line(), max_notional=10, rate_limits=False) as guarded:
            guarded.flatten(timeout=WAIT)
        assert held_by_the_venue(ex) == []


def test_what_is_left_is_told() -> None:
    """Where the venue takes no order any more."""
    with connect("paper", market="calm", rate_limits=False) as ex:
        ex.place(Market.buy("ETH", quantity="0.5")).wait("filled", WAIT)
        ex.paper.faults.answer("/v1/order", method="POST", status=400, code=-1103)
        with pytest.raises(NotFlat, match=r"left: 0\.5 PERP_ETH_USDC; call flatten again") as told:
            ex.flatten(timeout=1)
        assert told.value.left is not None
        assert [str(row.quantity) for row in told.value.left.positions] == ["0.5"]
        assert told.value.__cause__ is not None


def test_who_sends_nothing_cannot_get_flat() -> None:
    """A rehearsal, a client without an account, and one that was stopped."""
    with connect("paper", market="frozen", dry_run=True) as ex:
        with pytest.raises(DryRun):
            ex.flatten()
        with connect(ex.rest.network) as public, pytest.raises(UsageError, match="credentials"):
            public.flatten()
    with pytest.raises(UsageError, match="stopped"):
        ex.flatten()


PAGE = (ROOT / "docs" / "howto" / "stop-a-bot.md").read_text(encoding="utf-8")
BOT = "\n".join(line for line in blocks(PAGE)[0].splitlines() if "threading.Timer" not in line)
"""The bot of the page, without the line by which it ends itself."""
DEAF = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.executable, sys.argv[1:])"
"""Runs a program as a shell script does that starts it with ``&``: SIGINT is ignored."""


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT], ids=["sigterm", "sigint"])
@pytest.mark.parametrize("deaf", [False, True], ids=["", "started-with-&"])
def test_the_bot_of_the_page_ends_flat_by_a_signal(sent: signal.Signals, deaf: bool, tmp_path: Path) -> None:
    """And with status 0, as one that ended by itself."""
    program = [sys.executable, "-W", "error", "-c", BOT]
    command = [sys.executable, "-c", DEAF, *program] if deaf else program
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environ
    ) as bot:
        try:
            assert bot.stdout is not None
            assert bot.stdout.readline() == "running\n"
            bot.send_signal(sent)
            out, errors = bot.communicate(timeout=60)
        finally:
            bot.kill()

    assert (out, errors) == ("flat: positions: 0 open orders: 0 open algo orders: 0\n", "")
    assert bot.returncode == 0
