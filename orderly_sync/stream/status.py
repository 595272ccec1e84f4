"""How a stream stands, and waiting for it: acknowledgements, refusals, failures, the end.

One condition variable; whoever waits does so in slices, so that Ctrl-C is heard on every platform.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from orderly_sync.errors import Disconnected, HookError, OrderlyError, SubscriptionRefused

__all__ = ["StreamStatus"]

SLICE = 0.5


class StreamStatus:
    """What the connections have reached, as seen by the threads that wait for it."""

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.failure: OrderlyError | None = None
        """Why the stream has given up for good."""
        self.stopped = False
        self.started = False
        self._acked: set[str] = set()
        self._refused: dict[str, SubscriptionRefused] = {}
        self._reasons: dict[str, str] = {}  # why each connection went down last
        self._hook_error: HookError | None = None

    # What happens ----------------------------------------------------------------------------------------------------

    def notify(self) -> None:
        """Something that waiters may wait for has changed."""
        with self.changed:
            self.changed.notify_all()

    def begin(self, topic: str) -> None:
        """A topic is about to be asked for."""
        with self.changed:
            self._acked.discard(topic)
            self._refused.pop(topic, None)

    def acked(self, topic: str) -> None:
        """The venue acknowledged a topic."""
        with self.changed:
            self._acked.add(topic)
            self.changed.notify_all()

    def refused(self, error: SubscriptionRefused) -> None:
        """The venue refused a topic."""
        with self.changed:
            self._refused[error.topic] = error
            self.changed.notify_all()

    def down(self, connection: str, reason: str, topics: Iterable[str]) -> None:
        """A connection is lost, and its acknowledgements with it."""
        with self.changed:
            self._acked.difference_update(topics)
            self._reasons[connection] = reason
            self.changed.notify_all()

    def failed(self, error: OrderlyError) -> None:
        """The stream has given up for good."""
        with self.changed:
            self.failure = error
            self.changed.notify_all()

    def hook_failed(self, error: HookError) -> None:
        """Keep the first error of a hook for the next blocking call (``strict``)."""
        with self.changed:
            self._hook_error = self._hook_error or error
            self.changed.notify_all()

    # What waits ------------------------------------------------------------------------------------------------------

    def trouble(self, *, in_hook: bool) -> BaseException | None:
        """What a blocking call must raise now instead of waiting on."""
        if self._hook_error is not None and not in_hook:
            error, self._hook_error = self._hook_error, None
            return error
        if self.failure is not None:
            gone = Disconnected(str(self.failure), final=True)
            gone.__cause__ = self.failure
            return gone
        return Disconnected("it was stopped", final=True) if self.stopped else None

    def wait(self, condition: Callable[[], bool], timeout: float, what: str) -> None:
        """Wait until ``condition`` holds; for ever if ``timeout`` is infinite.

        Raises:
            LoginRefused: The stream has given up.
            Disconnected: It was stopped.
            TimeoutError: ``timeout`` seconds passed; the message says what was awaited and why it did not come.
        """
        until = time.monotonic() + timeout
        with self.changed:
            while not condition():
                if self.failure is not None:
                    raise self.failure
                if self.stopped:
                    raise Disconnected("it was stopped", final=True)
                left = until - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"{what} within {timeout:.3g} s; {self.last_reason()}")
                self.changed.wait(min(SLICE, left))

    def wait_acked(self, topic: str, timeout: float) -> None:
        """Wait until the venue has acknowledged a topic.

        Raises:
            SubscriptionRefused: It refused instead.
            LoginRefused: The stream has given up.
            Disconnected: It was stopped.
            TimeoutError: Neither came in time.
        """
        self.wait(
            lambda: topic in self._acked or topic in self._refused, timeout, f"{topic!r} was not acknowledged"
        )
        error = self._refused.get(topic)
        if error is not None:
            raise error

    def pause(self) -> None:
        """Wait for a change, a slice of time at most."""
        with self.changed:
            self.changed.wait(SLICE)

    def last_reason(self) -> str:
        """Why connections went down last."""
        return (
            "; ".join(f"{name}: {why}" for name, why in self._reasons.items()) or "no answer from the venue"
        )
