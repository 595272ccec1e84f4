"""A client in use lives until it is stopped, whoever holds it; in a notebook, until its name is given to another."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import Stream, topics
from orderly_sync.stream import lifetime
from tests.support.paper import eventually
from tests.support.streams import WAIT, make, network, report
from tests.support.wire_server import WireServer

ROOT = Path(__file__).parents[2]


def run(script: str, tmp_path: Path) -> str:
    """What a script says, which must end by itself with nothing on stderr."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(script)],
        cwd=ROOT,
        env={**os.environ, "IPYTHONDIR": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


USES = {
    "a hook": "ex.on(topics.mark_price('ETH'), hook)",
    "a hook for session events": "ex.on(topics.mark_price('ETH'), hook); ex.on(Disconnected, print)",
    "a part": "ex.on(topics.mark_price('ETH'), hook); rest = ex.rest",
}


@pytest.mark.parametrize("use", USES)
def test_hooks_go_on_though_the_function_that_made_them_has_returned(use: str, tmp_path: Path):
    """The venue, the client and the state live on; the script still ends by itself, without an alarm of its own making."""
    said = run(
        f"""
        import gc, threading
        from orderly_sync import Disconnected, Orderly, connect, topics
        came = threading.Semaphore(0)
        def hook(event):
            came.release()
        def start():
            ex = connect("paper", market="frozen", speed=20, rate_limits=False)
            {USES[use]}
        start()
        for _ in range(3):
            gc.collect()
            assert came.acquire(timeout=30)
        (ex,) = Orderly.live()
        print(ex.status)
        """,
        tmp_path,
    )
    assert said == "ready\n"


PARTS = {
    "history": ("connect(*P, **K).history", "len(part.klines('ETH', '1m', days=0.01).all()) > 0"),
    "a reading": ("connect(*P, **K).history.klines('ETH', '1m', days=0.01)", "len(part.all()) > 0"),
    "rest": ("connect(*P, **K).rest", "part.market.futures_info('ETH').mark_price > 0"),
    "a group": ("connect(*P, **K).rest.market", "part.futures_info('ETH').mark_price > 0"),
    "margin": ("connect(*P, **K).margin", "part.free_collateral() > 0"),
    "a handle": (
        "connect(*P, **K).place(Market.buy('ETH', quantity='0.1'))",
        "part.wait('filled', 30).filled > 0",
    ),
    "a queue": ("connect(*P, **K).stream(topics.mark_prices())", "part.get(timeout=30).price > 0"),
    "positions": (
        "connect(*P, **K).positions",
        "[one.status for one in Orderly.live()] == ['ready'] and not len(part)",
    ),
    "the book": ("connect(*P, **K).book('ETH')", "[one.status for one in Orderly.live()] == ['ready']"),
    "the control": ("connect(*P, **K).paper", "part.drop_connections() >= 0"),
}


def test_a_part_in_use_keeps_its_client_alive(tmp_path: Path):
    """Whatever was taken, and the client itself let go."""
    script = """
    import gc
    from orderly_sync import Market, Orderly, connect, topics
    P, K = ("paper",), {"market": "calm", "rate_limits": False}
    """
    for name, (taken, holds) in PARTS.items():
        script += f"""
    part = {taken}
    gc.collect()
    assert {holds}, {name!r}
    for one in Orderly.live(): one.stop()
    """
    assert run(script, tmp_path) == ""


def test_a_stream_in_use_lives_on_alone():
    """Without REST and without a client; stop() ends it."""
    with WireServer() as server:
        seen: list[Any] = []
        make(server).start().on(topics.execution_report(), seen.append)
        gc.collect()
        peer = server.peer()
        peer.send(report(5))
        eventually(lambda: [one.order_id for one in seen] == [5])
        (stream,) = [one for one in lifetime._kept.values() if isinstance(one, Stream)]
        stream.stop()
        assert peer.closed.wait(WAIT)
        assert stream not in lifetime._kept.values()


def test_what_was_registered_before_the_start_counts():
    """And a stream that nobody uses ends with the last who holds it."""
    with WireServer() as server:
        seen: list[Any] = []
        stream = make(server)
        stream.on(topics.execution_report(), seen.append)
        stream.start()
        hub = stream.hub
        del stream
        gc.collect()
        assert not hub.standing.stopped
        next(one for one in lifetime._kept.values() if isinstance(one, Stream) and one.hub is hub).stop()
        unused = Stream(network(server)).start()
        hub = unused.hub
        del unused
        gc.collect()
        assert hub.standing.stopped


NOTEBOOK = """
    import threading
    from IPython.core.interactiveshell import InteractiveShell
    from orderly_sync import Orderly

    shell = InteractiveShell.instance()
    def cell(text):
        result = shell.run_cell(text, store_history=True, silent=False)
        assert result.success, text
    def alive():
        return len(Orderly.live())
    def quiet(*_, **__):
        pass
    shell.displayhook.write_output_prompt = shell.displayhook.write_format_data = quiet

    cell("from orderly_sync import Disconnected, Market, Stop, Orderly, connect, topics")
    cell("def new(): return connect('paper', market='frozen', rate_limits=False)")
"""


def notebook(script: str, tmp_path: Path) -> str:
    pytest.importorskip("IPython")
    return run(textwrap.dedent(NOTEBOOK) + textwrap.dedent(script), tmp_path)


CELLS = {
    "used": "ex = new(); ex.on(topics.execution_report(), lambda report: None); h = ex.place(Market.buy('ETH', quantity='0.1')); h.wait('filled', 30)",
    "shown": "ex = new(); ex",
    "shown and used": "ex = new(); ex.on(Disconnected, print); ex.rest; ex",
    "held by a bot": "bot = type('Bot', (), {})(); bot.ex = new(); bot.ex.on(topics.position(), print); bot.ex",
    "never named": "new()",
}


@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_run_over_and_over_leaves_one_client(kind: str, tmp_path: Path):
    """Threads and venues of the older ones end, though Out holds them; nobody's hook is told of it twice."""
    said = notebook(
        f"""
        for _ in range(6):
            cell({CELLS[kind]!r})
            assert alive() == 1
        few = threading.active_count()
        cell({CELLS[kind]!r})
        patience = threading.Event()
        for _ in range(100):
            # The older client's threads, and one that looked something up, take a moment to end.
            if threading.active_count() <= few or patience.wait(0.05):
                break
        print(threading.active_count() <= few, alive())
        """,
        tmp_path,
    )
    assert "True 1" in said.splitlines()


def test_a_notebook_keeps_what_it_still_uses(tmp_path: Path):
    """Another name, a bot, a function that connected and returned: each goes on."""
    said = notebook(
        """
        cell("ex = new()")
        cell("second = ex")
        cell("ex = new(); ex.rest")
        cell("bot = {'main': ex}")
        cell("ex = new()")
        cell("def start():\\n    ex = new()\\n    ex.on(topics.position(), print)")
        cell("start()")
        cell("start()")
        cell("ex = new()")
        cell("print(second.status, bot['main'].status, ex.status, len(Orderly.live()))")
        cell("second = ex")
        cell("bot = None")
        cell("print(len(Orderly.live()))")
        """,
        tmp_path,
    )
    assert said.splitlines() == ["ready ready ready 5", "4"]


def test_a_stream_alone_goes_by_its_name_too(tmp_path: Path):
    """In a notebook, the older one is stopped."""
    said = notebook(
        """
        cell("from orderly_sync import Network, Stream, Timeouts\\nfrom orderly_sync.paper.start import start_paper")
        cell("venue, network, _ = start_paper(market='frozen')")
        for _ in range(4):
            cell("stream = Stream(network).start()\\nstream.on(topics.mark_prices(), lambda event: None)\\nstream")
        cell("streams = [one for one in Out.values() if isinstance(one, Stream)]; statuses = [one.status for one in streams]")
        cell("print(statuses)")
        cell("stream.stop(); venue.stop()")
        """,
        tmp_path,
    )
    assert said.splitlines() == ["['stopped', 'stopped', 'stopped', 'ready']"]


def test_threads_end_with_the_client_that_is_replaced(tmp_path: Path):
    """All of them: hooks, input and output, recovery, and its venue's."""
    said = notebook(
        """
        before = threading.active_count()
        cell("ex = new()")
        one = threading.active_count() - before
        for _ in range(3):
            cell("ex = new(); ex.on(topics.mark_prices(), lambda event: None); ex.positions")
        cell("ex.stop()")
        print(one > 2, threading.active_count() <= before)
        """,
        tmp_path,
    )
    assert said.splitlines() == ["True True"]
    assert threading.active_count() >= 1
