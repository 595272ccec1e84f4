"""What a client may still do when it was stopped or forked: look, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import Bracket, Disconnected, Limit, Market, StaleBook, Stop, UsageError, connect
from tests.support.paper import ETH, eventually, mark, paper

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("end", ["stop", "with"])
def test_a_stopped_client_places_cancels_and_edits_nothing(end: str) -> None:
    """The venue is served apart and would take it all."""
    with paper() as owner:
        price = mark(owner)
        ex = connect(owner._stream.network, credentials=owner.rest.credentials, rate_limits=False)
        order: Any = ex.place(Limit.buy(ETH, price=price - 300, quantity="0.1"))
        algo: Any = ex.place(Stop.sell(ETH, quantity="0.1", trigger=price - 400))
        if end == "stop":
            ex.stop()
        else:
            with ex:
                pass
        for act in (
            lambda: ex.place(Market.buy(ETH, quantity="0.1")),
            lambda: ex.place(Market.buy("PERP_BTC_USDC", quantity="0.01")),
            lambda: ex.place(Stop.sell(ETH, quantity="0.1", trigger=price - 100)),
            lambda: ex.place(
                Bracket.buy(ETH, quantity="0.1", take_profit=price + 100, stop_loss=price - 100)
            ),
            order.cancel,
            lambda: order.edit(price=price - 200),
            algo.cancel,
            ex.rest.orders.cancel_all,
            lambda: ex.rest.config.set_leverage(leverage=2),
        ):
            with pytest.raises(UsageError, match=r"was not sent.*stopped; connect anew"):
                act()
        rows = list(owner.rest.orders.list(status="INCOMPLETE").each())
        assert [(row.order_id, row.price) for row in rows] == [(order.order_id, price - 300)]
        assert [row.algo_order_id for row in owner.rest.orders.list_algo(status="INCOMPLETE").each()] == [
            algo.order_id
        ]
        assert not list(owner.rest.orders.fills().each())
        assert ex.rest.orders.get(order.order_id).order_id == order.order_id  # looking is free
        ex.rest.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_writes_nothing() -> None:
    """Not by the client, its handles or its REST half; the parent trades on, over connections of its own."""
    script = textwrap.dedent("""
        import os
        from orderly_sync import Limit, Market, UsageError, connect
        ex = connect("paper", market="frozen")
        price = ex.rest.market.futures_info("PERP_ETH_USDC").mark_price.quantize(1)
        order = ex.place(Limit.buy("ETH", price=price - 300, quantity="0.1"))
        pid = os.fork()
        if pid == 0:
            refused = 0
            for call in (
                lambda: ex.place(Market.buy("ETH", quantity="0.1")),
                lambda: ex.place(Market.buy("BTC", quantity="0.1")),
                order.cancel,
                lambda: order.edit(price=price - 200),
                lambda: ex.rest.orders.cancel_all(),
            ):
                try:
                    call()
                except UsageError as exc:
                    refused += "made before fork(); connect anew in this process" in str(exc)
            ex.stop()
            os._exit(refused)
        _, status = os.waitpid(pid, 0)
        rows = list(ex.rest.orders.list().each())
        order.cancel()
        print(os.waitstatus_to_exitcode(status), len(rows), order.wait("done", 30).status)
    """)
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("5 1 CANCELLED\n", "", 0)


VIEWS = ("orders", "algo_orders", "positions", "holdings", "account")


@pytest.mark.parametrize("end", ["stop", "login refused", "a thread ended"])
def test_nothing_is_shown_as_live_once_the_stream_is_gone(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is anything placed whose fills nobody would hear of; what is open can still be looked at and cancelled."""
    with paper() as ex:
        price = mark(ex)
        order = ex.place(Limit.buy(ETH, price=price - 300, quantity="0.1"))
        assert ex.book(ETH).bids
        if end == "stop":
            ex._stream.stop()
        elif end == "login refused":
            ex.paper.faults(refuse_login=1_000)
            ex.paper.drop_connections()
        else:
            monkeypatch.setattr("orderly_sync.stream.driver.shake_hands", lambda *_: 1 / 0)
            ex.paper.drop_connections()
        eventually(lambda: ex.status in {"failed", "stopped"})
        for view in VIEWS:
            with pytest.raises(Disconnected) as caught:
                getattr(ex, view)
            assert caught.value.final
        with pytest.raises(StaleBook):
            ex.book(ETH)
        for request in (
            Limit.buy(ETH, price=price - 200, quantity="0.1"),
            Stop.sell(ETH, quantity="0.1", trigger=price - 100),
        ):
            with pytest.raises(Disconnected):
                ex.place(request)
        assert [row.order_id for row in ex.rest.orders.list(status="INCOMPLETE").each()] == [order.order_id]
        order.cancel()
        assert not list(ex.rest.orders.list(status="INCOMPLETE").each())
