"""The dead man's switch against the paper venue: whose orders live on, and whose are cancelled."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import Any

import pytest

from orderly_sync import DryRun, InvalidOrder, Limit, Market, UsageError, connect, from_env
from tests.support.paper import ETH, eventually, mark


def timer(ex: Any) -> Any:
    return ex.stats()["cancel_on_silence"]


def test_the_timer_is_set_when_connect_returns_and_off_when_stop_does():
    with connect("paper", market="frozen", cancel_on_silence=30) as ex:
        assert timer(ex)["armed"] is True
        assert timer(ex)["renewals"] == 1


SCRIPT = """
    import os, sys
    from orderly_sync import Limit, connect
    ex = connect(sys.argv[1], cancel_on_silence=5)
    price = ex.rest.market.futures_info("PERP_ETH_USDC").mark_price
    ex.place(Limit.buy("PERP_ETH_USDC", quantity="0.1", price=int(price) - 100))
    how = sys.argv[2]
    if how == "killed":
        os.kill(os.getpid(), 9)
    if how == "raises":
        with ex:
            raise SystemExit(3)
    if how == "stops":
        ex.stop()
"""


@pytest.mark.parametrize(("how", "orders"), [("killed", 0), ("raises", 0), ("ends", 0), ("stops", 1)])
def test_orders_outlive_a_clean_stop_only(how: str, orders: int):
    """The venue's clock is moved past the timer's end once the process is gone."""
    with connect("paper", market="frozen") as ex:
        line = ex.paper.line
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(SCRIPT), line, how],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert "Traceback" not in done.stderr
        assert len(ex.orders) == 1
        ex.paper.advance(6000)
        ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 200))
        eventually(lambda: len(ex.orders) == 1 + orders)


def test_what_may_be_sent_is_said_where_one_connects():
    with connect("paper", market="frozen", max_notional=500) as ex:
        with pytest.raises(InvalidOrder, match="max_notional=500"):
            ex.place(Limit.buy(ETH, quantity="1", price=mark(ex) - 50))
        with pytest.raises(InvalidOrder, match="max_notional=500"):
            ex.place(Market.buy(ETH, quantity="1"))
        assert ex.place(Market.buy(ETH, quantity="0.1")).wait("filled").total_executed_quantity
        assert not ex.orders
    with connect("paper", market="frozen", dry_run=True) as ex:
        with pytest.raises(DryRun):
            ex.place(Market.buy(ETH, quantity="0.1"))
        assert not ex.orders
        assert not ex.positions


def test_a_timer_needs_an_account_and_writes():
    with pytest.raises(UsageError, match="dry_run=True sends nothing"):
        connect("paper", cancel_on_silence=30, dry_run=True)
    with pytest.raises(UsageError, match="5 to 900 seconds"):
        connect("paper", cancel_on_silence=1)
    with pytest.raises(UsageError, match="needs credentials"):
        connect("mainnet", cancel_on_silence=30, check=False)


@pytest.mark.parametrize("text", ["false", "0", "", "flase", "no", "mainnet"])
def test_real_money_is_traded_only_where_mainnet_is_named(text: str, monkeypatch: pytest.MonkeyPatch):
    """That it is not the testnet names no network."""
    monkeypatch.delenv("ORDERLY_NETWORK", raising=False)
    monkeypatch.setenv("ORDERLY_TESTNET", text)
    with pytest.raises(UsageError, match="set ORDERLY_NETWORK to mainnet"):
        from_env()
