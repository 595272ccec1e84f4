"""Hooks for tests."""

from __future__ import annotations

import threading
from typing import Any

__all__ = ["Gate"]

WAIT = 20.0


class Gate:
    """A hook that blocks until it is let go, and notes what it was given."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.go = threading.Event()
        self.seen: list[Any] = []

    def __call__(self, event: Any) -> None:
        self.seen.append(event)
        self.entered.set()
        assert self.go.wait(WAIT)
