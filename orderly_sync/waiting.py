"""Waiting for what other threads do, made of nothing that a Ctrl-C can leave taken.

KeyboardInterrupt comes in the main thread, behind almost any call that its code makes. ``threading.Condition``, and
with it ``Event``, ``Semaphore`` and ``queue.Queue``, which are built on it, take their lock in Python code: where the
interrupt falls between the taking and the ``with`` block, the lock is never given back, and the I/O thread waits for it
for ever (381 to 671 of 1,500 interrupts of a loop that read under a Condition). So whatever the threads of users share
with those of this package consists of steps that C takes at once: a deque's ``append`` and ``popleft``, one store of a
value that never changes, ``queue.SimpleQueue``, and a plain lock (``threading.Lock``, ``threading.RLock``) in a
``with``: CPython looks for signals neither between its taking and its block nor before it is given back (0 of 1,500).
No loop may stand in such a block itself: on Python 3.13 an interrupt on the way back to a loop's head can leave the
block without giving the lock back. A function is called there instead.

``WaitQueue`` stands for a Condition, ``Flag`` for an Event, ``Worker`` for a thread: ``Thread.start`` and
``Thread.join`` wait on such locks themselves. ``tests/unit/test_waiting.py`` holds that nothing else is used.
"""

from __future__ import annotations

import contextlib
import math
import threading
from _thread import allocate_lock, start_new_thread
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

__all__ = ["SLICE", "Flag", "WaitQueue", "Worker"]

T = TypeVar("T")

SLICE = 0.5
"""Seconds: no wait lasts longer at once, so that Ctrl-C is heard on every platform, and so that a wake-up which an
interrupt kept from being given costs no more than this."""


class WaitQueue:
    """Threads that wait until something is so.

    Whoever changes what is waited for does so first and calls ``wake_all`` then; there is no lock to hold meanwhile.
    """

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: deque[Any] = deque()  # a taken lock for each that sleeps; woken by giving it back

    def wake_all(self) -> None:
        """Have all that wait look again."""
        waiting = self._waiting
        with contextlib.suppress(IndexError):  # another thread wakes them, too
            for _ in range(len(waiting)):
                waiting.popleft().release()

    def wait_for(self, condition: Callable[[], T], until: float = math.inf) -> T:
        """What ``condition`` gives as soon as that is true, or whatever it gives at the moment ``until``.

        Args:
            condition: Asked in the caller's thread, at once, after each ``wake_all`` and every half second.
            until: By ``time.monotonic``; for ever if infinite.
        """
        found = condition()
        while not found and (left := until - monotonic()) > 0:
            bed = allocate_lock()
            bed.acquire()
            self._waiting.append(bed)
            try:
                # Asked once more: what changed before this thread could be woken is seen here.
                found = condition()
                if not found:
                    bed.acquire(True, min(SLICE, left))
                    found = condition()
            finally:
                with contextlib.suppress(ValueError):  # it was woken
                    self._waiting.remove(bed)
        return found


class Flag:
    """Down until it is set; ``threading.Event`` without its lock."""

    __slots__ = ("_is_set", "_waiters")

    def __init__(self) -> None:
        self._is_set = False
        self._waiters = WaitQueue()

    def is_set(self) -> bool:
        """Whether it is set."""
        return self._is_set

    def set(self) -> None:
        """Set it, and wake who waits for that."""
        self._is_set = True
        self._waiters.wake_all()

    def clear(self) -> None:
        """Take it down again."""
        self._is_set = False

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set, ``timeout`` seconds at most; whether it is."""
        return self._waiters.wait_for(self.is_set, math.inf if timeout is None else monotonic() + timeout)


class Worker:
    """One daemon thread.

    Args:
        target: What it runs.
        name: What it is called.
        failed: Called on the thread with whatever its target raises, as its last act; without it, ``threading`` shows
            the error and nobody is told.
    """

    def __init__(
        self,
        target: Callable[[], object],
        name: str,
        failed: Callable[[BaseException], object] | None = None,
    ) -> None:
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._target = target
        self._failed = failed
        self._claim = allocate_lock()  # taken for good by who starts it
        self._begun = Flag()
        self._failure: BaseException | None = None
        self._ended = Flag()

    @property
    def is_current(self) -> bool:
        """Whether the caller is this thread."""
        return threading.current_thread() is self.thread

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._begun.is_set() and self._failure is None and not self._ended.is_set()

    def start(self) -> None:
        """Start it, if nobody has; returns when it runs. If this is interrupted, it may be called again.

        Raises:
            RuntimeError: There can be no more threads.
        """
        if not self._begun.is_set():
            # By a thread in which no interrupt comes.
            start_new_thread(self._start, ())
            self._begun.wait()
        if self._failure is not None:
            raise self._failure

    def join(self, timeout: float) -> bool:
        """Wait for its end, ``timeout`` seconds at most; whether it has ended. True at once if it never began.

        On the thread itself it is true at once, too: nobody can wait for himself.
        """
        if self.is_current or not self._begun.is_set() or self._failure is not None:
            return True
        until = monotonic() + timeout
        if not self._ended.wait(timeout):
            return False
        self.thread.join(max(0.0, min(SLICE, until - monotonic())))  # it is on its last few instructions
        return True

    def _start(self) -> None:
        if not self._claim.acquire(False):
            return
        try:
            self.thread.start()
        except BaseException as exc:  # noqa: BLE001 - raised in the caller
            self._failure = exc
        self._begun.set()

    def _run(self) -> None:
        try:
            self._target()
        except (
            BaseException
        ) as exc:  # whatever ends the thread, whoever waits for what it brings must be told
            if self._failed is None:
                raise
            self._failed(exc)
        finally:
            self._ended.set()
