"""Ctrl-C, fork, the end of the interpreter, and clients that nobody holds any more."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from orderly_sync import topics
from tests.soak import interrupts
from tests.support.paper import eventually
from tests.support.streams import make
from tests.support.wire_server import WireServer

ROOT = Path(__file__).parents[2]
PATIENCE = 15.0
"""Seconds that a loaded machine may take for what takes about one."""

CONNECTED = """
    import socket, sys, threading
    from orderly_sync import Limit, Network, Stop, connect, topics
    ex = connect("paper", market="frozen")
    mark = ex.rest.market.futures_info("PERP_ETH_USDC").mark_price
"""
BLOCKING = {
    "wait_for": "ex.wait_for(topics.algo_execution_report(), timeout=600)",
    "get": "ex.stream(topics.execution_report()).get()",
    "iteration": "list(ex.stream(topics.execution_report()))",
    "handle": "ex.place(Limit.buy('ETH', quantity='0.1', price=round(mark) - 100)).wait('done', 600)",
}
RETURNS = """
    def ready():
        main = threading.main_thread().ident
        while "run_forever" not in {frame.f_code.co_name for frame, _ in walk_stack(sys._current_frames()[main])}:
            threading.Event().wait(0.01)
        print("ready", flush=True)

    from traceback import walk_stack
    threading.Thread(target=ready, daemon=True).start()
    ex.run_forever()
    print("interrupted" if ex.status == "ready" else ex.status, flush=True)
"""
"""Ctrl-C ends it as it should end: the program goes on behind it, with the client as it was."""
BLACK_HOLE = """
    import socket, sys
    from orderly_sync import Credentials, Network, Timeouts, connect
    hole = socket.create_server(("127.0.0.1", 0))
    port = hole.getsockname()[1]
    urls = {"ws_public": f"ws://127.0.0.1:{port}", "ws_private": f"ws://127.0.0.1:{port}"}
    network = Network(name="hole", rest=f"http://127.0.0.1:{port}", **urls)
    from tests.support.streams import SECRET
    credentials = Credentials(account_id="0x" + "ab" * 32, secret=SECRET)
"""
HOLES = {
    "connect": "with hole: connect(network, credentials=credentials, timeouts=Timeouts(connect=600, ready=600))"
}


def script_of(setup: str, call: str) -> str:
    return textwrap.dedent(setup) + textwrap.dedent(f"""
        try:
            print("ready", flush=True)
            {call}
        except KeyboardInterrupt:
            print("interrupted", flush=True)
    """)


def start(script: str) -> subprocess.Popen[str]:
    # Not with -X dev: Ctrl-C may fall into an import, whose half-read file Python would then complain of.
    return subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("call", [*BLOCKING, *HOLES, "run_forever"])
def test_ctrl_c_wakes_every_blocking_call(call: str):
    """KeyboardInterrupt is raised in the caller at once, save by run_forever, which returns.

    The process then ends by itself, with nothing on stderr and status 0.
    """
    if call == "run_forever":
        script = textwrap.dedent(CONNECTED) + textwrap.dedent(RETURNS)
    else:
        script = (
            script_of(CONNECTED, BLOCKING[call]) if call in BLOCKING else script_of(BLACK_HOLE, HOLES[call])
        )
    with start(script) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            assert process.stdout.readline() == "ready\n"
            began = time.monotonic()
            # Sent until heard: it may come before the call blocks, which is as good.
            process.send_signal(signal.SIGINT)
            assert process.stdout.readline() == "interrupted\n"
            took = time.monotonic() - began
            assert process.wait(PATIENCE) == 0
            assert process.stderr.read() == ""
            assert took < PATIENCE
        finally:
            process.kill()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="signals of POSIX")
@pytest.mark.parametrize("call", interrupts.CALLS)
def test_a_hundred_and_fifty_interrupts_of_a_call_shut_nobody_out(call: str):
    """Real signals at random moments; afterwards market data, the book, an order and REST go on in other threads.

    ``tests/soak/interrupts.py`` does it ten thousand times.
    """
    if call == "iteration" and sys.version_info < (3, 11):
        pytest.skip(
            "3.10 looks for signals behind every call, that of get too: the event it returns may be lost"
        )
    command = [
        sys.executable,
        "-m",
        "tests.soak.interrupts",
        "--one",
        call,
        "--count",
        "150",
        "--every",
        "50",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    assert "150 interrupts, 3 checks, 0 failed" in done.stdout


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_is_told_to_make_its_own_client():
    """The parent's threads and sockets are not the child's; the parent goes on."""
    script = textwrap.dedent("""
        import os, sys
        from orderly_sync import Market, UsageError, connect, topics
        ex = connect("paper", market="frozen")
        pid = os.fork()
        if pid == 0:
            refused = 0
            for call in (lambda: ex.on(topics.execution_report(), print), lambda: ex.stream(topics.execution_report())):
                try:
                    call()
                except UsageError as exc:
                    refused += "fork" in str(exc)
            ex.stop()
            os._exit(0 if refused == 2 else 1)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), ex.place(Market.buy("ETH", quantity="0.1")).wait("filled", 30).status)
    """)
    # Newer Pythons warn of any fork beside threads; what is told here is what happens all the same.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("0 FILLED\n", "", 0)


@pytest.mark.parametrize(
    "ending", ["pass", "raise SystemExit(3)", "threading.Thread(target=ex.run_forever, daemon=True).start()"]
)
def test_the_interpreter_ends_quietly_with_live_threads(ending: str):
    """A hook under way, a waiter in a thread, market data pouring in: nothing on stderr, the exit status is kept."""
    script = textwrap.dedent(f"""
        import threading
        from orderly_sync import connect, topics
        ex = connect("paper", market="volatile", speed=20)
        ex.on(topics.mark_prices(), lambda event: None)
        entered = threading.Event()
        def hook(event):
            entered.set()
            threading.Event().wait()
        ex.wait_for(topics.mark_prices(), timeout=30)
        ex.on(topics.index_prices(), hook)
        entered.wait(30)
        {ending}
    """)
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", script],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("", "")
    assert done.returncode == (3 if "SystemExit" in ending else 0)


def test_a_stream_that_nobody_holds_or_uses_ends_its_threads():
    """Threads hold what they need and no more: without hooks and streams of its own, collection stops it."""
    with WireServer() as server:
        before = set(threading.enumerate())
        stream = make(server).start()
        with pytest.raises(TimeoutError):
            stream.wait_for(topics.execution_report(), timeout=0)
        peer = server.peer()
        started = [
            one for one in threading.enumerate() if one.name.startswith("orderly-") and one not in before
        ]
        assert len(started) == 2
        del stream
        gc.collect()
        eventually(lambda: not any(one.is_alive() for one in started))
        assert peer.closed.wait(PATIENCE)
