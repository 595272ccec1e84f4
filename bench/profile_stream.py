"""Where this project's microseconds go between the socket and the hook.

    python bench/profile_stream.py                  the stages of each kind, one after the other
    python bench/profile_stream.py --calls algo     the functions of the I/O thread, as cProfile sees them

It needs nothing but the project. The stages are measured alone and in this order: read from a socket, cut into frames,
decode the JSON with exact decimals, structure the typed events, let each through once, hop to the hooks thread and
call. What the whole costs in a running client is in the tables of ``run.py``.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from statistics import median

from child import Control
from contenders.orderly_sync_stream import credentials, network, topic
from feed import Feed, throw_away_key
from frames import KINDS, TITLES, framed, template
from table import number, table

_COUNTS = {"book": 400, "bbo": 8000}
_REPORTS = 4000
_TURNS = 5
_FIRST_HOP = 500


def _feed(kind: str, ports: dict[str, int]) -> Feed:
    secret, key = throw_away_key()
    places = {
        name: f"{scheme}://127.0.0.1:{ports.get('ws', 1)}"
        for name, scheme in (("ws", "ws"), ("http", "http"))
    }
    return Feed(**places, kind=kind, secret=secret, key=key)


def _per_item(work: Callable[[], object], count: int) -> float:
    """CPU in µs an item, the median of a few turns, after one to warm up."""
    work()
    times = []
    for _ in range(_TURNS):
        gc.collect()
        before = time.process_time_ns()
        work()
        times.append((time.process_time_ns() - before) / 1000 / count)
    return median(times)


def _reading(data: bytes) -> Callable[[], object]:
    """Reading the bytes from a socket in large pieces; what another thread needs to write them is taken off."""
    from orderly_sync.stream.driver import READ_SIZE

    def work() -> None:
        near, far = socket.socketpair()
        with near, far:
            writer = threading.Thread(target=far.sendall, args=(data,))
            writer.start()
            left = len(data)
            while left:
                left -= len(near.recv(READ_SIZE))
            writer.join()

    return work


def _hopping(events: list) -> Callable[[], object]:
    """Through the dispatcher's queue to a hook that does nothing."""
    from orderly_sync.stream.dispatch import Dispatcher, Filter, Hook

    def work() -> None:
        done = threading.Event()
        left = len(events)

        def fn(_: object) -> None:
            nonlocal left
            left -= 1
            if not left:
                done.set()

        dispatcher = Dispatcher(lambda _: None, lambda _: None)
        dispatcher.start()
        hooks = (Hook("bench", fn, Filter(), lambda _: None),)
        for start in range(0, len(events), _FIRST_HOP):
            for batch in events[start : start + _FIRST_HOP]:
                dispatcher.put(hooks, batch)
        done.wait()
        dispatcher.stop()
        dispatcher.join(5)

    return work


def stages(kind: str) -> list[tuple[str, float]]:
    """Each stage with its CPU in µs a message."""
    from orderly_sync.models.base import Frame
    from orderly_sync.reports.deduplicator import deduplicator_for
    from orderly_sync.stream.frames import FrameReader
    from orderly_sync.wire.json import decode_push

    count = _COUNTS.get(kind, _REPORTS)
    texts = [template(kind)(index) for index in range(count)]
    data = b"".join(framed(text) for text in texts)
    chunk = 256 * 1024
    pieces = [data[start : start + chunk] for start in range(0, len(data), chunk)]
    typed = topic(_feed(kind, {}))
    messages = [decode_push(text) for text in texts]

    def structure() -> list:
        return [
            typed.read(message["data"], Frame(typed.name, message["ts"]), Decimal) for message in messages
        ]

    def cut() -> None:
        reader = FrameReader()
        for piece in pieces:
            reader.feed(piece)

    found = [
        ("read", _per_item(_reading(data), count)),
        ("cut", _per_item(cut, count)),
        ("decode", _per_item(lambda: [decode_push(text) for text in texts], count)),
        ("structure", _per_item(structure, count)),
    ]
    events = structure()
    if deduplicator_for(typed.name) is not None:

        def once() -> None:
            gate = deduplicator_for(typed.name)
            for batch in events:
                gate(batch)

        found.append(("once", _per_item(once, count)))
    found.append(("hop and call", _per_item(_hopping(events), count)))
    return found


@contextmanager
def _stub() -> Iterator[dict[str, int]]:
    import json

    command = [sys.executable, str(Path(__file__).with_name("stub_ws.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        yield json.loads(running.stdout.readline())
        running.stdin.close()


def calls(kind: str) -> None:
    """Run a client against the stub with cProfile on its I/O thread; profiling makes small functions look dear."""
    from orderly_sync import Stream
    from orderly_sync.stream.driver import Driver

    profile = cProfile.Profile()
    run = Driver._run
    Driver._run = lambda driver: profile.runcall(run, driver)
    count = _COUNTS.get(kind, _REPORTS)
    with _stub() as ports:
        feed = _feed(kind, ports)
        left, done = count, threading.Event()

        def fn(_: object) -> None:
            nonlocal left
            left -= 1
            if not left:
                done.set()

        stream = Stream(network(feed), credentials(feed))
        stream.on(topic(feed), fn)
        stream.start()
        control = Control(ports["control"])
        control.ask(do="await", topics=1)
        step = max(1, count // 40)
        for start in range(0, count, step):
            control.ask(
                do="flood", kind=kind, dialect="orderly", count=min(step, count - start), **{"from": start}
            )
            time.sleep(0.02)  # market data gives way to newer when it comes faster than hooks take it
        done.wait(30)
        stream.stop()
    print(f"{TITLES[kind]}: {count} messages, the I/O thread\n")
    pstats.Stats(profile).sort_stats("tottime").print_stats(20)


def main() -> None:
    """Print the stages, or the calls of one kind."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", choices=KINDS, help="cProfile of the I/O thread for this kind")
    options = parser.parse_args()
    if options.calls:
        calls(options.calls)
        return
    for kind in KINDS:
        found = stages(kind)
        total = sum(cost for _, cost in found)
        rows = [
            (name, number(cost, 2), f"{cost / total:.0%}") for name, cost in (*found, ("all of it", total))
        ]
        print(table(f"{TITLES[kind]}", ("stage", "CPU µs", "share"), rows))


if __name__ == "__main__":
    main()
