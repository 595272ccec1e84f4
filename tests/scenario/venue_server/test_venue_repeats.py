"""The same seed and the same commands give the same events, to the byte."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from orderly_sync.venue.server.serve import Venue
from tests.scenario.venue_server.trader import ETH, Trader

LEGS = [
    {
        "symbol": ETH,
        "algo_type": "TAKE_PROFIT",
        "side": "SELL",
        "type": "CLOSE_POSITION",
        "trigger_price": 3600,
    },
    {
        "symbol": ETH,
        "algo_type": "STOP_LOSS",
        "side": "SELL",
        "type": "CLOSE_POSITION",
        "trigger_price": 3200,
    },
]


def trade(trader: Trader, listening: bool) -> bytes:
    """A day's work; the ledger afterwards, as text."""
    if listening:
        trader.private("executionreport", "algoexecutionreportv2", "position")
        trader.market("tickers", f"{ETH}@orderbookupdate")
    trader.place("BUY", "0.5", client_order_id="one")
    trader.algo(algo_type="POSITIONAL_TP_SL", child_orders=LEGS)
    trader.algo(algo_type="TRAILING_STOP", type="MARKET", side="BUY", quantity="0.2", callback_rate="0.01")
    trader.call("POST", "/v1/order", {"symbol": ETH})
    trader.place("SELL", "0.1", "3450")
    for price in ("3380", "3300.5", "3420", "3460", "3190"):
        trader.control("POST", "/venue/mark-price", {"symbol": ETH, "price": price})
    trader.control("POST", "/venue/advance", {"ms": 60_000})
    trader.place("SELL", "0.1")
    trader.call("DELETE", "/v1/orders")
    answer = trader.control("GET", f"/venue/ledger?account_id={trader.account_id}")
    assert len(answer.data["rows"]) > 30
    return answer.body


def run(seed: int, *, listening: bool = False) -> bytes:
    with Venue(seed=seed, market="frozen", rate_limits=False) as venue:
        trader = Trader(venue)
        try:
            return trade(trader, listening)
        finally:
            trader.close()


def test_two_runs_give_the_same_ledger():
    """Whether or not anybody listens."""
    assert run(7) == run(7, listening=True)


def test_another_seed_gives_other_accounts_and_numbers():
    """Nothing is shared by accident."""
    assert run(7) != run(8)


@pytest.fixture
def process():
    """The venue as a command, in a process of its own."""
    script = "from orderly_sync.cli import main; main()"
    options = ["venue", "--seed", "7", "--market", "frozen", "--no-rate-limits"]
    command = [sys.executable, "-c", script, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


def test_the_command_serves_the_same_venue_until_it_is_told_to_stop(process):
    """Its first line says all a client needs; SIGTERM ends it with status 0 and nothing on stderr."""
    line = json.loads(process.stdout.readline())
    names = ("rest", "ws_public", "ws_private", "ws_oracle", "control")
    venue = SimpleNamespace(
        urls={name: line[name] for name in names},
        token=line["token"],
        accounts=[SimpleNamespace(**account) for account in line["accounts"]],
    )
    trader = Trader(venue)

    ledger = trade(trader, listening=False)
    trader.close()
    process.send_signal(signal.SIGTERM)

    assert ledger == run(7)
    assert process.wait(10) == 0
    assert process.stderr.read() == ""
    assert set(line) == {*names, "token", "accounts"}
    assert {frozenset(account) for account in line["accounts"]} == {
        frozenset({"account_id", "orderly_key", "orderly_secret", "broker_id", "address", "wallet_key"})
    }


def test_moving_markets_walk_the_same_way():
    """Prices of a seed, step by step; only timestamps are the wall clock's."""

    def marks(seed: int) -> list[object]:
        with Venue(seed=seed, market="volatile", speed=0.001) as venue:
            core = venue._core
            return [
                venue._call(
                    lambda: [core.trading.step(each) or core.exchange.mark(each) for each in core.symbols]
                )
                for _ in range(5)
            ]

    assert marks(7) == marks(7)
    assert marks(7) != marks(8)
