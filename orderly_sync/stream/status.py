"""How a stream stands, and waiting for it: acknowledgements, refusals, failures, the end.

Each change is one store or one step of a set, so that threads of users and of this package share no lock here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable

from orderly_sync.errors import Disconnected, HookError, OrderlyError, SubscriptionRefused
from orderly_sync.waiting import SLICE, WaitQueue

__all__ = ["StreamStatus"]


class StreamStatus:
    """What the connections have reached, as seen by the threads that wait for it."""

    def __init__(self) -> None:
        self.changed = WaitQueue()
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
        self.changed.wake_all()

    def begin(self, topic: str) -> None:
        """A topic is about to be asked for."""
        self._acked.discard(topic)
        self._refused.pop(topic, None)

    def acked(self, topic: str) -> None:
        """The venue acknowledged a topic."""
        self._refused.pop(topic, None)
        self._acked.add(topic)
        self.changed.wake_all()

    def refused(self, error: SubscriptionRefused, connection: str) -> None:
        """The venue refused a topic."""
        self._acked.discard(error.topic)
        self._refused[error.topic] = error
        if error.retry_in is not None:
            self._reasons[connection] = str(error)
        self.changed.wake_all()

    def down(self, connection: str, reason: str, topics: Collection[str]) -> None:
        """A connection is lost, and its acknowledgements with it."""
        self._acked.difference_update(topics)
        for topic in topics:
            self._refused.pop(topic, None)  # the next connection asks for it anew
        self._reasons[connection] = reason
        self.changed.wake_all()

    def failed(self, error: OrderlyError) -> None:
        """The stream has given up for good."""
        self.failure = error
        self.changed.wake_all()

    def hook_failed(self, error: HookError) -> None:
        """Keep the first error of a hook for the next blocking call (``strict``)."""
        self._hook_error = self._hook_error or error
        self.changed.wake_all()

    # What waits ------------------------------------------------------------------------------------------------------

    def trouble(self, *, in_hook: bool) -> BaseException | None:
        """What a blocking call must raise now instead of waiting on."""
        if self._hook_error is not None and not in_hook:
            error, self._hook_error = self._hook_error, None
            return error
        return self.gone()

    def gone(self) -> Disconnected | None:
        """That it was stopped or has given up, where it has: nothing that comes from it is live any more."""
        failure = self.failure
        if failure is None:
            return Disconnected("it was stopped", final=True) if self.stopped else None
        if isinstance(failure, Disconnected):
            gone = Disconnected(failure.reason, failure.connection, final=True)
            gone.__cause__ = failure.__cause__
        else:
            gone = Disconnected(str(failure), final=True)
            gone.__cause__ = failure
        return gone

    def wait(self, condition: Callable[[], bool], timeout: float, what: str) -> None:
        """Wait until ``condition`` holds; for ever if ``timeout`` is infinite.

        Raises:
            LoginRefused: The stream has given up.
            Disconnected: It was stopped.
            TimeoutError: ``timeout`` seconds passed; the message says what was awaited and why it did not come.
        """
        until = time.monotonic() + timeout
        self.changed.wait_for(lambda: condition() or self.failure is not None or self.stopped, until)
        if condition():
            return
        if self.failure is not None:
            raise self.failure
        if self.stopped:
            raise Disconnected("it was stopped", final=True)
        raise TimeoutError(f"{what} within {timeout:.3g} s; {self.last_reason()}")

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
        self.raise_refused((topic,))

    def raise_refused(self, topics: Iterable[str]) -> None:
        """Raise SubscriptionRefused if the venue refuses one of these topics at the moment."""
        for topic in topics:
            error = self._refused.get(topic)
            if error is not None:
                raise error

    def pause(self) -> None:
        """Wait for the end, or an error of a hook, a slice of time at most."""
        self.changed.wait_for(self._is_troubled, time.monotonic() + SLICE)

    def wait_for_end(self, trouble: Callable[[], BaseException | None]) -> None:
        """Wait until the stream is stopped; raises what ``trouble`` gives before that."""
        while not self.stopped:
            self.pause()
            error = trouble()
            if error is not None and not self.stopped:
                raise error

    def _is_troubled(self) -> bool:
        return self.stopped or self.failure is not None or self._hook_error is not None

    def last_reason(self) -> str:
        """Why connections went down last."""
        return (
            "; ".join(f"{name}: {why}" for name, why in self._reasons.items()) or "no answer from the venue"
        )
