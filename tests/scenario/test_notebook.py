"""A session in a notebook: IPython's own shell runs the cells, and what they show is looked at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

SHELL = """
    import gc, threading, tracemalloc
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from orderly_sync import Orderly

    class Front(DisplayPublisher):
        '''A front end: what stands in each cell's place, as the last update left it.'''
        shown, writers, changed = {}, set(), threading.Condition()

        def publish(self, data, metadata=None, *, transient=None, update=False, **_):
            with self.changed:
                self.shown[(transient or {}).get("display_id")] = data
                self.writers |= {threading.current_thread().name} if update else set()
                self.changed.notify_all()

        def until(self, condition, seconds=20):
            with self.changed:
                assert self.changed.wait_for(condition, seconds), list(self.shown.values())

    InteractiveShell.display_pub_class = Front
    shell = InteractiveShell.instance(cache_size=1000)
    front, out = shell.display_pub, []

    def keep(formats, *_):
        out.append(formats)

    shell.displayhook.write_output_prompt = lambda: None
    shell.displayhook.write_format_data = keep

    def cell(text):
        result = shell.run_cell(text, store_history=True, silent=False)
        assert result.success, text
        return result.result

    def last(display=-1):
        return list(front.shown.values())[display].get("text/html", "")

    def settled(condition):
        patience = threading.Event()
        return any(condition() or patience.wait(0.05) for _ in range(200))

    cell("from orderly_sync import *")
    alone = threading.active_count()
    cell("ex = connect('paper', seed=7, market='frozen', rate_limits=False)")
    cell("h = ex.place(Market.buy('ETH', quantity='0.5')); h.wait('filled', 30)")
"""


def notebook(script: str, tmp_path: Path, *arguments: str) -> list[str]:
    """What cells print; they run in a process of their own, each warning an error."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(SHELL) + textwrap.dedent(script), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "IPYTHONDIR": str(tmp_path),
        },
        timeout=110,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout.splitlines()


def test_each_value_shows_itself_as_html_and_as_text(tmp_path: Path) -> None:
    """The client, its live mappings, books, pages, handles, events, pictures."""
    said = notebook(
        """
        for text in ("ex", "ex.positions", "ex.holdings", "ex.orders", "ex.algo_orders", "ex.book('ETH')", "h",
                     "h.last", "ex.rest.orders.fills()", "ex.history.fills(since='1d').all()", "Resynced(reason='x')",
                     "ex.plot('ETH', '1h', days=2)", "ex.plot_depth('ETH')", "ex.plot_equity()",
                     "ex.plot_funding('ETH')"):
            out.clear()
            cell(text)
            formats, = out or [front.shown.pop(None)]  # pictures are displayed
            assert formats["text/plain"].isascii(), text
            print(text, "text/html" in formats, formats["text/plain"].count(chr(10)))
        cell("ex.stop()")
        """,
        tmp_path,
    )
    assert len(said) == 15
    assert [line for line in said if not line.endswith(" True 0")] == []


COMPLETED = {
    'ex.book("ET': ["ETH"],
    'ex.positions["E': ["ETH"],
    'ex.positions["P': ["PERP_ETH_USDC"],
    'ex.holdings["U': ["USDC"],
    "ex.on(topics.algo_e": ["algo_execution_report"],
    "ex.symbols.NEA": ["NEAR"],
    'ex.symbols["DO': ["DOGE"],
    'Market.buy("PERP_BT': ["PERP_BTC_USDC"],
    'ex.wait_for(topics.mark_price("AVA': ["AVAX"],
    'x = 1  # not "this\nex.watch("LIN': ["LINK"],
    "ex.plot('ETH', interval='15": ["15m"],
    'ex.history.klines("ETH", "1m': ["1m", "1mon"],
    'Limit.sell("ETH", quantity=1, price=1, margin_mode="': ["CROSS", "ISOLATED"],
    'h.wait("fi': ["filled"],
    'ex.rest.orders.create(side="S': ["SELL"],
    "OrderSide.SEL": ["SELL"],
    'ex.place("E': [],
}


def test_tab_completes_symbols_topics_keys_and_what_arguments_take(tmp_path: Path) -> None:
    """By IPython's own completer; of a client that has stopped there are no keys, and nothing is raised."""
    said = notebook(
        f"""
        import json
        from IPython.core.completer import provisionalcompleter

        def tab(text):
            with provisionalcompleter():
                return [one.text for one in shell.Completer.completions(text, len(text))]

        cell("ex.place(Limit.buy('ETH', quantity='0.1', price='3000'))")
        print(json.dumps({{text: tab(text) for text in {list(COMPLETED)!r}}}))
        print(tab("ex.orders[") == [str(one) for one in shell.user_ns["ex"].orders], len(shell.user_ns["ex"].orders))
        cell("ex.stop()")
        print("ETH" in tab('ex.positions["'))
        """,
        tmp_path,
    )
    assert json.loads(said[0]) == COMPLETED
    assert said[1:] == ["True 1", "False"]


def test_a_live_table_follows_while_other_cells_run_and_ends_with_its_client(tmp_path: Path) -> None:
    """One thread writes it, in place; an order and its report appear; after the end nothing is written."""
    said = notebook(
        """
        watch = cell("w = ex.watch('ETH'); w")
        front.until(lambda: "PERP_ETH_USDC live" in last())
        cells = len(front.shown)
        cell("o = ex.place(Limit.buy('ETH', quantity='0.25', price='3000'))")
        front.until(lambda: "3000" in last() and "NEW" in last())
        cell("o.cancel(wait=30)")
        front.until(lambda: "CANCELLED" in last())
        print(len(front.shown) - cells, sorted(front.writers), cell("w").is_live)
        cell("ex.stop()")
        print("this table has ended" in last(), watch.is_live, settled(lambda: threading.active_count() == alone))
        """,
        tmp_path,
    )
    assert said == ["0 ['orderly-watch-PERP_ETH_USDC'] True", "True False True"]


def test_a_client_made_and_shown_a_hundred_times_leaves_one_and_what_out_holds_stays_small(
    tmp_path: Path,
) -> None:
    """Clients, handles, streams, controls and pictures that Out holds keep no venue and nothing of its size."""
    said = notebook(
        """
        values = ("ex", "ex.positions", "h", "ex.stream(topics.trade('ETH'))", "ex.paper", "ex.book('ETH')",
                  "ex.rest.orders.fills()", "ex.plot_depth('ETH')")
        cell("ex.stop()")
        tracemalloc.start()
        held, threads = [], []
        for run in range(1, 101):
            cell("ex = connect('paper', seed=7, market='frozen', rate_limits=False)")
            cell("h = ex.place(Limit.buy('ETH', quantity='0.01', price=3000))")
            cell(values[run % len(values)])
            out.clear(), front.shown.clear()
            if run in (20, 100):
                names = lambda: sorted(one.name for one in threading.enumerate())
                assert settled(lambda: threading.active_count() <= alone + 6), names()
                gc.collect()
                held.append(tracemalloc.get_traced_memory()[0])
                threads.append(names())
        print(len(Orderly.live()), threads[0] == threads[1], threads[1].count("orderly-paper-venue"),
              len(shell.user_ns["Out"]) >= 100)
        print((held[1] - held[0]) // 80)
        cell("ex.stop()")
        """,
        tmp_path,
    )
    assert said[0] == "1 True 1 True"
    assert int(said[1]) < 100_000  # a venue takes 850,000, a picture 10,000,000


@pytest.mark.parametrize(
    "text", ["ex.watch('ETH')", "ex = new(); ex.watch('ETH')"], ids=["watched", "all anew"]
)
def test_a_cell_run_a_hundred_times_leaves_one_of_everything(text: str, tmp_path: Path) -> None:
    """One client, one venue, a constant number of threads, and memory that does not grow, though Out holds each table."""
    runs = 100 if text.startswith("ex.watch") else 12
    said = notebook(
        f"""
        cell("def new(): return connect('paper', seed=7, market='frozen', rate_limits=False)")
        cell("h = None")  # a handle holds its client
        for _ in range(3):
            cell({text!r})
        front.shown.clear()
        few = threading.active_count()
        gc.collect(); tracemalloc.start(); before = tracemalloc.get_traced_memory()[0]
        for _ in range({runs}):
            cell({text!r})
            front.shown.clear()
        assert settled(lambda: threading.active_count() <= few), threading.enumerate()
        gc.collect(); grown = tracemalloc.get_traced_memory()[0] - before
        print(len(Orderly.live()), sum(t.name.startswith("orderly-watch") for t in threading.enumerate()),
              sum(getattr(w, "is_live", False) for w in shell.user_ns["Out"].values()), len(shell.user_ns["Out"]) >= {runs})
        print(grown // {runs})
        print(sum(type(one).__name__ == "LiveView" for one in gc.get_objects()))
        cell("ex.stop()")
        """,
        tmp_path,
    )
    assert said[0] == "1 1 1 True"
    assert int(said[1]) < (60_000 if runs == 100 else 250_000)  # a venue that is kept takes 900,000
    assert said[2] == "1"


BLOCKING = [
    "ex.candles('ETH', '1h', days=3, bar=False)",
    "ex.download(ex.history.fills(since='1d'), bar=False)",
    "ex.history.orders(since='1d').df",
    "ex.symbols.ETH",
    "ex.plot('ETH', '1h', days=2)",
    "ex.plot_equity()",
    "ex.plot_funding('ETH')",
    "ex.plot_algo(a.order_id)",
    "ex.plot_depth('BTC')",
    "ex.rest.orders.fills()",
    "ex.watch('ETH')",
    "ex.watch('SOL')",
]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_of_the_kernel_ends_every_call_and_the_next_run_works(tmp_path: Path) -> None:
    """While the venue says nothing; no thread is left, no table half made, and the same cell runs when it speaks again."""
    said = notebook(
        """
        import json, os, signal, sys
        from traceback import walk_stack

        ex = shell.user_ns["ex"]
        waits = ("socket.py", "ssl.py", "selectors.py", "threading.py", "waiting.py", "wait.py", "connection.py")

        def interrupt(main=threading.main_thread().ident):
            def is_blocked():
                files = [frame.f_code.co_filename for frame, _ in walk_stack(sys._current_frames()[main])]
                return files[0].endswith(waits) and any("orderly_sync" in file for file in files)

            assert settled(is_blocked)
            os.kill(os.getpid(), signal.SIGINT)

        def interrupted(text):
            gate = threading.Event()
            ex.paper._control._loop.call_soon_threadsafe(gate.wait)
            signalling = threading.Thread(target=interrupt)
            signalling.start()
            try:
                return type(shell.run_cell(text, store_history=True).error_in_exec).__name__
            finally:
                signalling.join()
                gate.set()

        shell.showtraceback = lambda *_, **__: None
        cell("a = ex.place(Stop.sell('ETH', quantity='0.1', trigger='3000'))")
        cell("ex.book('ETH')")
        for text in json.loads(sys.argv[1]):
            got = interrupted(text)
            cell(text)
            print(got, text)
        watches = lambda: [one.name for one in threading.enumerate() if one.name.startswith("orderly-watch")]
        print(len(watches()))
        for text in ("a.wait('triggered', 600)", "ex.wait_for(topics.trade('ETH'), timeout=600)", "ex.stream(topics.trade('ETH')).get()"):
            print(interrupted(text), text)
        print(ex.status, cell("len(ex.positions)"))
        cell("ex.stop()")
        print(settled(lambda: threading.active_count() == alone))
        """,
        tmp_path,
        json.dumps(BLOCKING),
    )
    assert said[: len(BLOCKING)] == [f"KeyboardInterrupt {call}" for call in BLOCKING]
    assert said[len(BLOCKING)] == "2"
    assert {line.partition(" ")[0] for line in said[len(BLOCKING) + 1 : -2]} == {"KeyboardInterrupt"}
    assert said[-2:] == ["ready 1", "True"]
