"""Ctrl-C between any two lines of what users' threads run: nobody else is shut out, no event is lost."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.filter import Filter
from orderly_sync.stream.status import StreamStatus
from orderly_sync.trading.handles import OrderHandle
from orderly_sync.trading.orders import Limit
from orderly_sync.waiting import Flag, WaitQueue
from tests.support.reports import report

WAIT = 20.0

# Interrupts at every line ---------------------------------------------------------------------------------------------


class Interrupted(BaseException):
    """What is raised at a line, as Ctrl-C would."""


@contextmanager
def interrupted_at(number: int, files: tuple[str, ...]) -> Iterator[list[int]]:
    """Raise at the ``number``-th line that runs in these files; how many ran is in the list."""
    count = [0]

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if not frame.f_code.co_filename.endswith(files):
            return None
        if event == "line":
            count[0] += 1
            if count[0] == number:
                raise Interrupted
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield count
    finally:
        sys.settrace(before)


def at_every_line(call: Callable[[], object], files: tuple[str, ...], then: Callable[[], None]) -> int:
    """Interrupt ``call`` at each line that it runs in turn, and see each time that ``then`` holds; how many lines."""
    number = 0
    while True:
        number += 1
        try:
            with interrupted_at(number, files) as count:
                call()
        except Interrupted:
            then()
            continue
        assert count[0] < number
        return number - 1


def in_time(step: Callable[[], object]) -> None:
    """Another thread can do this at once."""
    thread = threading.Thread(target=step, daemon=True)
    thread.start()
    thread.join(WAIT)
    assert not thread.is_alive(), "another thread is shut out"


def test_interrupted_at_any_line_a_wait_shuts_nobody_out() -> None:
    """Others wake, wait and are woken as before."""
    queue = WaitQueue()

    def then() -> None:
        in_time(queue.wake_all)
        in_time(lambda: queue.wait_for(lambda: False, time.monotonic() + 0.001))

    lines = at_every_line(
        lambda: queue.wait_for(lambda: False, time.monotonic() + 0.001), ("orderly_sync/waiting.py",), then
    )
    assert lines > 8


def test_interrupted_at_any_line_waking_keeps_nobody_asleep() -> None:
    """A sleeper whose wake-up was swallowed looks again by itself."""

    def wake() -> None:
        queue.wake_all()

    for number in range(1, 12):
        queue, done = WaitQueue(), []
        thread = threading.Thread(target=queue.wait_for, args=(lambda done=done: done,), daemon=True)
        thread.start()
        try:
            with interrupted_at(number, ("orderly_sync/waiting.py",)):
                wake()
        except Interrupted:
            pass
        done.append(1)
        thread.join(WAIT)
        assert not thread.is_alive()


def consumer(**options: Any) -> Consumer[Any]:
    options = {
        "wanted": Filter(), "maxlen": 1000, "private": True, "conflate": None, "idle": None,
        "check": lambda: None, "leave": lambda _: None, **options,
    }  # fmt: skip
    return Consumer("topic", **options)


FILES = ("orderly_sync/waiting.py", "stream/consumer.py", "stream/status.py", "trading/handles.py")


def test_interrupted_at_any_line_reading_shuts_the_io_thread_out_of_nothing() -> None:
    """The I/O thread puts, wakes and ends, and another reader reads, whatever line of ``get`` the interrupt hits."""

    def call() -> None:
        queue.put([1])
        queue.get(timeout=0)
        with pytest.raises(TimeoutError):
            queue.get(timeout=0.001)

    def then() -> None:
        in_time(lambda: queue.put([2]))
        in_time(queue.wake)
        in_time(lambda: [queue.get(timeout=0) for _ in range(len(queue))])
        assert len(queue) == 0

    queue = consumer()
    assert at_every_line(call, FILES, then) > 20
    latest = queue = consumer(conflate=lambda event: event % 2)
    assert at_every_line(call, FILES, then) > 20
    assert latest is queue


@pytest.mark.parametrize("ending", ["close", "end"])
def test_interrupted_at_any_line_of_closing_it_is_closed_by_the_next_call(ending: str) -> None:
    """And the subscription is left."""
    left: list[Any] = []

    def call() -> None:
        queue.put([1])
        getattr(queue, ending)()

    def then() -> None:
        nonlocal queue
        in_time(getattr(queue, ending))
        in_time(queue.close)
        assert set(left) == {queue}  # which may be told twice
        left.clear()
        queue = consumer(leave=left.append)

    queue = consumer(leave=left.append)
    assert at_every_line(call, FILES, then) > 3


def test_interrupted_at_any_line_a_handles_wait_shuts_out_no_report() -> None:
    """Reports come in, and another thread that waits has them."""
    handle: Any = OrderHandle(Limit.buy("ETH", quantity="1", price="3000"), None, lambda: None)  # type: ignore[arg-type]

    def call() -> None:
        handle.apply(report("PARTIAL_FILLED", "0.1"))
        handle._changed.wait_for(lambda: handle._reached("done"), time.monotonic() + 0.001)

    def then() -> None:
        in_time(lambda: handle.apply(report("PARTIAL_FILLED", "0.2")))
        assert str(handle.filled) == "0.2"

    assert at_every_line(call, FILES, then) > 10
    in_time(lambda: handle.apply(report("FILLED", "1")))
    in_time(lambda: handle.wait("done", 1))


def test_interrupted_at_any_line_waiting_for_the_stream_shuts_nothing_out() -> None:
    """Acknowledgements, refusals and failures are still told."""
    status = StreamStatus()

    def call() -> None:
        status.begin("topic")
        with pytest.raises(TimeoutError):
            status.wait_acked("topic", 0.001)

    def then() -> None:
        in_time(lambda: status.acked("other"))
        in_time(lambda: status.wait_acked("other", 1))
        in_time(lambda: status.down("private", "gone", ["other"]))
        in_time(status.notify)

    assert at_every_line(call, FILES, then) > 10


# Real signals --------------------------------------------------------------------------------------------------------


@contextmanager
def alarms() -> Iterator[Callable[[float], None]]:
    """A KeyboardInterrupt in so many seconds, by a real signal."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)  # type: ignore[func-returns-value]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="signals of POSIX")
@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="3.10 looks for signals behind every call, the caller's own too"
)
@pytest.mark.parametrize("conflate", [None, lambda event: event])
def test_whatever_get_is_interrupted_in_no_event_is_lost(conflate: Callable[[int], int] | None) -> None:
    """400 real signals at times that sweep the loop: every event is returned once, in order."""
    queue = consumer(maxlen=10_000, conflate=conflate)
    got: list[int] = []
    stop = Flag()

    def feed() -> None:
        number = 0
        while not stop.is_set():
            if len(queue) < 100:
                queue.put(range(number, number + 50))
                number += 50
            else:
                stop.wait(0.0001)
        queue.put([-1])

    def read() -> None:  # called: on Python 3.13 an interrupt at a loop's head passes by a try around it
        for event in queue:
            got[sys.maxsize :] = (event,)  # no call: so no interrupt comes between having and noting it

    thread = threading.Thread(target=feed, daemon=True)
    thread.start()
    interrupts = 0
    with alarms() as alarm:
        while interrupts < 400:
            try:
                alarm(0.0002 + interrupts % 97 * 1e-6)
                read()
            except KeyboardInterrupt:
                interrupts += 1
    stop.set()
    for event in queue:
        if event == -1:
            break
        got.append(event)
    thread.join(WAIT)
    assert not thread.is_alive()
    assert got == list(range(len(got)))
    assert len(got) > 100
