"""Single keys, as they are pressed, where the terminal can give them; elsewhere only Ctrl-C ends a command."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from orderly_sync.waiting import Flag, Worker

__all__ = ["WaitForKey", "interrupted_by", "keys_pressed"]

_LOOK_SECONDS = 0.05

WaitForKey = Callable[[float], str]
"""Waits so many seconds for a key; empty if none was pressed."""


@contextmanager
def keys_pressed(pause: Callable[[float], object]) -> Iterator[WaitForKey]:
    """A function that waits for a key; the terminal is put back as it was.

    Args:
        pause: Waits instead where no keys can be read: no terminal, or no POSIX.
    """
    try:
        import termios
        import tty

        there = sys.stdin.isatty()
    except ImportError:
        there = False
    if not there:

        def only_pause(seconds: float) -> str:
            pause(seconds)
            return ""

        yield only_pause
        return
    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)

    def key(seconds: float) -> str:
        ready, _, _ = select.select([handle], [], [], seconds)
        # By the handle: what sys.stdin had read ahead, select would not see.
        return os.read(handle, 1).decode("ascii", "replace") if ready else ""

    try:
        tty.setcbreak(handle, termios.TCSADRAIN)  # what was typed while the command began counts
        yield key
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)


@contextmanager
def interrupted_by(keys: Collection[str], key: WaitForKey) -> Iterator[None]:
    """Around what blocks: one of these keys ends it as a Ctrl-C does, by KeyboardInterrupt in the main thread.

    Args:
        keys: Which.
        key: What waits for one.
    """
    main, over = threading.main_thread(), Flag()

    def look() -> None:
        while not over.is_set():
            if key(_LOOK_SECONDS) in keys and not over.is_set() and main.ident is not None:
                signal.pthread_kill(main.ident, signal.SIGINT)
                return

    worker = Worker(look, "orderly-keys")
    worker.start()
    try:
        yield
    finally:
        over.set()
        worker.join(2 * _LOOK_SECONDS)
