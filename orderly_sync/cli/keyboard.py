"""Single keys, as they are pressed, where the terminal can give them; elsewhere only Ctrl-C ends a command."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["keys_pressed"]

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
        return sys.stdin.read(1) if ready else ""

    try:
        tty.setcbreak(handle)
        yield key
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)
