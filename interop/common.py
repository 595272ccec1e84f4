"""What the checks share: the venue they were given, its control, pacing, and saying what held."""

from __future__ import annotations

import json
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from decimal import Decimal

WAIT = 10.0


class Venue:
    """The paper venue whose JSON line stands on standard input."""

    def __init__(self) -> None:
        self.line = json.load(sys.stdin)
        self.account = self.line["accounts"][0]

    def set_mark_price(self, symbol: str, price: Decimal) -> None:
        """Move the mark price, as only the venue's own control can."""
        request = urllib.request.Request(
            self.line["control"] + "/mark-price",
            data=json.dumps({"symbol": symbol, "price": str(price)}).encode(),
            headers={"content-type": "application/json", "x-venue-token": self.line["token"]},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=WAIT) as answer:
            answer.read()


class Checks:
    """Says what held; the first thing that does not ends the check with what was seen instead."""

    def __init__(self) -> None:
        self.count = 0

    def holds(self, what: str, condition: object, seen: object = "") -> None:
        """One fact."""
        if not condition:
            print(f"  FAILED  {what}\n          seen: {str(seen)[:2000]}")
            raise AssertionError(what)
        self.count += 1
        print(f"  ok  {what}")


class RateLimiter:
    """Keeps calls apart, as the venue's rate limits ask; neither client does so for these operations by itself."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = 0.0

    def __call__(self) -> None:
        """Wait until the next call is welcome."""
        time.sleep(max(0.0, self._last + self._seconds - time.monotonic()))
        self._last = time.monotonic()


class Inbox:
    """What a WebSocket callback received, to be waited for from another thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.messages: list[dict] = []

    def take(self, message: dict) -> None:
        """Keep a message."""
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def wait(self, wanted: Callable[[dict], bool]) -> dict | None:
        """The first message, past or to come, that is wanted; None after ten seconds."""
        end = time.monotonic() + WAIT
        seen = 0
        with self._changed:
            while True:
                for message in self.messages[seen:]:
                    if wanted(message):
                        return message
                seen = len(self.messages)
                if not self._changed.wait_for(lambda: len(self.messages) > seen, end - time.monotonic()):  # noqa: B023
                    return None


def on_grid(value: Decimal, step: object) -> Decimal:
    """The value cut to a multiple of a tick or lot."""
    tick = Decimal(str(step))
    return (value // tick) * tick
