"""Ctrl-C at any moment of every blocking call: afterwards everything else goes on as before.

``python -m tests.soak.interrupts --count 10000``: for each call a process of its own, which meets so many real signals
at random microseconds. After every so many of them it is asked whether the other threads still get through: market data
flows, the book is as new as the venue's, an order fills and is told of, REST answers in another thread. Prints for each
call the interrupts, the checks and what failed; exits 1 if anything did. A hang is one: the stacks of all threads are shown.
"""

from __future__ import annotations

import argparse
import faulthandler
import logging
import math
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from orderly_sync import Limit, Market, Orderly, Stream, connect, topics
from orderly_sync.waiting import Flag
from tests.support.paper import ETH, eventually

ROOT = Path(__file__).parents[2]
SHORTEST, LONGEST = 20e-6, 2e-3
"""Seconds into a call at which the signal comes."""
PATIENCE = 20.0
"""Seconds within which whatever goes on must have done so."""
HANG = 60.0
END = sys.maxsize
EVERY = 250
"""Interrupts between two checks."""


class Wrong(AssertionError):
    """Something does not go on."""


class Interrupter:
    """Interrupts one call after another."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._fired = False
        self.ignored = 0
        """Interrupts that fell into a callback of the garbage collector, which Python ignores."""
        signal.signal(signal.SIGALRM, self._fire)
        sys.unraisablehook = self._ignore

    def _ignore(self, what: Any) -> None:
        if what.exc_type is not KeyboardInterrupt:
            sys.__unraisablehook__(what)
        self.ignored += 1

    def _fire(self, number: int, frame: FrameType | None) -> None:
        self._fired = True
        signal.default_int_handler(number, frame)

    def _repeat(self, call: Callable[[], object]) -> None:
        while not self._fired:
            call()

    def once(self, call: Callable[[], object], shortest: float = SHORTEST, longest: float = LONGEST) -> None:
        """Call it over and over until an interrupt has come, which it may have taken for itself."""
        self._fired = False
        # The loop is called: on Python 3.13 an interrupt on the way back to its head passes by a try around it.
        try:
            signal.setitimer(
                signal.ITIMER_REAL, math.exp(self._random.uniform(math.log(shortest), math.log(longest)))
            )
            self._repeat(call)
        except KeyboardInterrupt:
            pass


def in_a_thread(call: Callable[[], object]) -> Any:
    """What a call gives in another thread; it must end in time."""
    out: list[Any] = []
    thread = threading.Thread(target=lambda: out.append(call()), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if not out:
        raise Wrong("another thread is shut out, or its call failed")
    return out[0]


def look(ex: Orderly) -> None:
    """Whether all threads of a client go on."""
    if ex.status != "ready":
        raise Wrong(f"the status is {ex.status}")
    in_a_thread(lambda: ex.wait_for(topics.mark_prices(), timeout=PATIENCE))
    order = ex.place(Market.buy(ETH, quantity="0.01"))
    in_a_thread(lambda: order.wait("filled", PATIENCE))
    in_a_thread(lambda: ex.rest.orders.list(size=1))
    eventually(lambda: order.order_id not in ex.orders, PATIENCE)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# The calls -----------------------------------------------------------------------------------------------------------

Step = tuple[Callable[[], object], Callable[[], None]]
"""What is interrupted, and what is asked after every so many."""


@contextmanager
def book(ex: Orderly) -> Iterator[Step]:
    """Reading the live book."""

    def check() -> None:
        before = ex.book(ETH).ts
        eventually(lambda: ex.book(ETH).ts > before, PATIENCE)
        newest = ex.rest.market.book(ETH).timestamp or 0
        eventually(lambda: ex.book(ETH).ts >= newest, PATIENCE)

    yield (lambda: ex.book(ETH).best_bid), check


@contextmanager
def state(ex: Orderly) -> Iterator[Step]:
    """Reading orders, positions, holdings and margin."""

    def read() -> None:
        list(ex.orders.values())
        ex.positions.get(ETH)
        list(ex.holdings.values())
        list(ex.algo_orders.values())
        len(ex.positions.flat)

    def check() -> None:
        listed = {row.order_id for row in ex.rest.orders.list(status="INCOMPLETE")}
        eventually(lambda: set(ex.orders) == listed, PATIENCE)

    yield read, check


@contextmanager
def iteration(ex: Orderly) -> Iterator[Step]:
    """Iterating over a stream of reports, each of which is to come once, in order."""
    events = ex.stream(topics.execution_report(), maxlen=1_000_000)
    other = ex.stream(topics.execution_report(), maxlen=1_000_000)
    got: list[Any] = []
    stop = Flag()

    def trade() -> None:
        while not stop.wait(0.002):
            with suppress(Exception):
                ex.place(Market.buy(ETH, quantity="0.01"))

    thread = threading.Thread(target=trade, daemon=True)
    thread.start()

    def read() -> None:
        for event in events:
            got[END:] = (event,)  # no call: so no interrupt comes between having it and noting it

    def check() -> None:
        while len(events):
            got.append(events.get(timeout=0))
        have = [key(event) for event in got]
        want = [key(other.get(timeout=PATIENCE)) for _ in have]
        got.clear()
        if want != have:
            raise Wrong(f"{len(set(want) - set(have))} reports lost, {len(have) - len(set(have))} repeated")

    def key(event: Any) -> tuple[int, int, str]:
        return event.order_id, event.trade_id, str(event.status)

    try:
        yield read, check
    finally:
        stop.set()
        thread.join(PATIENCE)
        events.close()
        other.close()


@contextmanager
def wait_for(ex: Orderly) -> Iterator[Step]:
    """Waiting for an event, which subscribes and leaves."""
    yield (lambda: ex.wait_for(topics.mark_price(ETH), timeout=PATIENCE)), (lambda: None)


@contextmanager
def subscribe(ex: Orderly) -> Iterator[Step]:
    """Registering a hook and taking it back."""
    told: list[int] = []

    def check() -> None:
        seen = Flag()
        hook = ex.on(topics.mark_price(ETH), lambda _: seen.set())
        if not seen.wait(PATIENCE):
            raise Wrong("a new hook is not called")
        hook.remove()

    yield (lambda: ex.on(topics.mark_price(ETH), told.append).remove()), check


@contextmanager
def handle_wait(ex: Orderly) -> Iterator[Step]:
    """Waiting for an order to end."""
    price = round((ex.rest.market.futures_info(ETH).mark_price or 0) * 4 / 5)

    def placed() -> Any:
        return ex.place(Limit.buy(ETH, quantity="0.1", price=price))

    order = placed()

    def check() -> None:
        nonlocal order
        order.cancel()
        if not order.wait("done", PATIENCE).is_final:
            raise Wrong("a cancelled order is not done")
        order = placed()

    yield (lambda: order.wait("done", PATIENCE)), check


@contextmanager
def place(ex: Orderly) -> Iterator[Step]:
    """Placing orders."""
    price = round((ex.rest.market.futures_info(ETH).mark_price or 0) * 4 / 5)

    def check() -> None:
        ex.rest.orders.cancel_all()
        eventually(lambda: not ex.orders, PATIENCE)

    yield (lambda: ex.place(Limit.buy(ETH, quantity="0.01", price=price))), check


@contextmanager
def query(ex: Orderly) -> Iterator[Step]:
    """Reading by REST."""
    yield (lambda: ex.rest.orders.list(size=5)), (lambda: None)


@contextmanager
def run_forever(ex: Orderly) -> Iterator[Step]:
    """Blocking until Ctrl-C, which it takes for itself."""
    yield ex.run_forever, (lambda: None)


@contextmanager
def close(ex: Orderly) -> Iterator[Step]:
    """Starting and stopping a stream: what was interrupted is done whole by the next call."""
    network, credentials = ex._stream.network, ex._stream.hub.options.credentials
    mine: list[Stream] = []

    def begin_and_end() -> None:
        while mine:  # stopped whole, whatever interrupted it before
            mine[0].stop()
            del mine[0]
        stream = Stream(network, credentials)
        mine.append(stream)
        stream.start()
        stream.on(topics.execution_report(), print)
        stream.stop()
        mine.remove(stream)

    def check() -> None:
        for stream in mine:
            in_a_thread(lambda stream=stream: (stream.stop(), True))
        mine.clear()
        ours = {ex._stream.hub.dispatcher, *ex._stream.hub.connections.values()}
        names = ("orderly-private", "orderly-public", "orderly-hooks")
        eventually(lambda: sum(one.name in names for one in threading.enumerate()) <= len(ours), PATIENCE)

    yield begin_and_end, check


CALLS = {
    call.__name__: call
    for call in (book, state, iteration, wait_for, subscribe, handle_wait, place, query, run_forever, close)
}


def soak(name: str, count: int, seed: int, every: int = EVERY) -> tuple[int, int]:
    """Interrupt one call so often; how many checks were made, and how many went wrong."""
    checks = wrong = 0
    logging.getLogger("aiohttp.server").disabled = True  # the venue speaks of requests that were broken off
    with connect("paper", market="volatile", speed=20, seed=seed, rate_limits=False) as ex:
        ex.on(topics.mark_prices(), lambda _: None)
        ex.on(topics.execution_report(), lambda _: None)
        ex.book(ETH)
        with CALLS[name](ex) as (call, check):
            interrupter = Interrupter(seed)
            longest = 0.03 if name in {"close", "place", "query", "wait_for", "subscribe"} else LONGEST
            for number in range(1, count + 1):
                faulthandler.dump_traceback_later(HANG, exit=True)
                interrupter.once(call, longest=longest)
                if number % every and number != count:
                    continue
                checks += 1
                faulthandler.dump_traceback_later(3 * HANG, exit=True)
                try:
                    check()
                    look(ex)
                except Exception as exc:
                    wrong += 1
                    say(f"{name}: after {number} interrupts: {type(exc).__name__}: {exc}")
                    if wrong > 2:
                        break
        if interrupter.ignored:
            say(
                f"{name}: {interrupter.ignored} interrupts fell into the garbage collector, which swallows them"
            )
        faulthandler.cancel_dump_traceback_later()
    return checks, wrong


def main() -> int:
    """Each call in a process of its own; 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--calls", default=",".join(CALLS))
    parser.add_argument("--every", type=int, default=EVERY, help="interrupts between two checks")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        checks, wrong = soak(given.one, given.count, given.seed, given.every)
        say(f"{given.one}: {given.count} interrupts, {checks} checks, {wrong} failed")
        return int(wrong > 0)
    failed, calls = 0, given.calls.split(",")
    for name in calls:
        began = time.monotonic()
        command = [sys.executable, "-m", "tests.soak.interrupts", "--one", name]
        done = subprocess.run(
            [*command, "--count", str(given.count), "--seed", str(given.seed)],
            cwd=ROOT, env=os.environ, check=False,
        )  # fmt: skip
        say(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s")
        failed += done.returncode != 0
    say(
        f"interrupts: {given.count} of each of {len(calls)} calls ({', '.join(calls)}), {failed} calls failed"
    )
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
