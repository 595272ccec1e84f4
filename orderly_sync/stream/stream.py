"""The streaming half: hooks, consumers and waiters over one private and one public connection. Works without REST."""

from __future__ import annotations

import atexit
import time
import weakref
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from orderly_sync.clock import Clock, SystemClock
from orderly_sync.config import Network, Timeouts
from orderly_sync.config import network as network_named
from orderly_sync.credentials import Credentials
from orderly_sync.errors import UsageError
from orderly_sync.stream.backoff import full_jitter
from orderly_sync.stream.consumer import PRIVATE_MAXLEN, Consumer, Filter
from orderly_sync.stream.dispatch import Hook
from orderly_sync.stream.hub import Hub
from orderly_sync.stream.options import Options, Recorder
from orderly_sync.stream.stats import stats_of
from orderly_sync.wire.symbols import symbol as native_symbol
from orderly_sync.wire.topic import Topic

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Stream"]

E = TypeVar("E")

_RUNNING: weakref.WeakSet[Hub] = weakref.WeakSet()


class Stream:
    """Hooks (``on``), queues (``stream``) and waiters (``wait_for``) for every topic.

    Market data needs no credentials. Connections are dialled when their first topic is wanted, dialled again for
    ever when lost, and log in anew each time; a refused login is final. Hooks run on one daemon thread, in order.

    Args:
        network: ``"mainnet"``, ``"testnet"`` or a Network.
        credentials: For private topics.
        timeouts: How long to wait for what.
        numbers: ``Decimal``, or ``float`` for legacy code.
        strict: Whether the first error of a hook is raised by the caller's next blocking call.
        clock: Where time comes from.
        delays: Starts a sequence of delays between dials; full jitter from 0.25 s to 30 s by default.
        ca_file: Certificates to trust instead of certifi's.
        record: Given every raw frame: connection, receive time in ms, text.
    """

    def __init__(
        self,
        network: str | Network,
        credentials: Credentials | None = None,
        *,
        timeouts: Timeouts | None = None,
        numbers: type = Decimal,
        strict: bool = False,
        clock: Clock | None = None,
        delays: Callable[[], Iterator[float]] = full_jitter,
        ca_file: str | None = None,
        record: Recorder | None = None,
    ) -> None:
        options = Options(
            network=network_named(network),
            credentials=credentials,
            timeouts=timeouts or Timeouts(),
            numbers=numbers,
            strict=strict,
            clock=clock or SystemClock(),
            delays=delays,
            ca_file=ca_file,
            record=record,
        )
        self.hub = Hub(options)
        """The machinery behind the verbs; not part of what is promised."""
        self._end = weakref.finalize(self, self.hub.stop, options.timeouts.stop)

    def __repr__(self) -> str:
        return f"Stream({self.network.name!r}, {self.status}, topics={len(self.hub.routes)})"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # The three verbs -------------------------------------------------------------------------------------------

    @overload
    def on(
        self,
        topic: Topic[E],
        fn: Callable[[E], object],
        *,
        symbol: str | None = ...,
        order: int | None = ...,
        client_order_id: str | None = ...,
    ) -> Hook: ...
    @overload
    def on(
        self,
        topic: Topic[E],
        fn: None = ...,
        *,
        symbol: str | None = ...,
        order: int | None = ...,
        client_order_id: str | None = ...,
    ) -> Callable[[Callable[[E], object]], Callable[[E], object]]: ...
    @overload
    def on(self, topic: type[E], fn: Callable[[E], object]) -> Hook: ...
    @overload
    def on(
        self, topic: type[E], fn: None = ...
    ) -> Callable[[Callable[[E], object]], Callable[[E], object]]: ...

    def on(
        self,
        topic: Topic[Any] | type[Any],
        fn: Callable[[Any], object] | None = None,
        *,
        symbol: str | None = None,
        order: int | None = None,
        client_order_id: str | None = None,
    ) -> Any:
        """Call ``fn`` with each event of a topic, or of a class of session events such as ``Disconnected``.

        With a function it returns the Hook (``.remove()`` takes it back); without one it is a decorator. Once it
        returns on a running stream, the subscription is acknowledged: what happens from then on reaches the hook.
        The same function on the same topic counts once, and a notebook cell that runs again replaces its older self.

        Raises:
            SubscriptionRefused: The venue knows no such topic.
            UsageError: A private topic without credentials, or filters on a session event.
            Disconnected: The stream has given up, or no acknowledgement came in time.
        """
        wanted = Filter(native_symbol(symbol) if symbol is not None else None, order, client_order_id)
        if fn is None:

            def decorate(function: Callable[[Any], object]) -> Callable[[Any], object]:
                self.hub.add_hook(topic, function, wanted)
                return function

            return decorate
        return self.hub.add_hook(topic, fn, wanted)

    def stream(
        self,
        topic: Topic[E] | type[E],
        *,
        symbol: str | None = None,
        order: int | None = None,
        client_order_id: str | None = None,
        maxlen: int = PRIVATE_MAXLEN,
        policy: str = "all",
        idle: float | None = None,
    ) -> Consumer[E]:
        """A queue of a topic's events, to iterate over or to ``get(timeout=…)`` from.

        Args:
            topic: What to consume; several streams of one topic share one subscription.
            symbol: Only this market.
            order: Only this order (an algo order by its root's id, or a node's own).
            client_order_id: Only this order of the caller's.
            maxlen: How many events may wait.
            policy: ``"all"`` keeps every event up to ``maxlen``; ``"latest"`` only the newest of each symbol.
            idle: Iteration ends after so many seconds without an event.

        Raises:
            SubscriptionRefused: The venue knows no such topic.
            UsageError: A policy of another name, ``"latest"`` for a topic where every event counts, or a private topic
                without credentials.
        """
        if policy not in {"all", "latest"}:
            raise UsageError(f"policy={policy!r}; use 'all' or 'latest'")
        wanted = Filter(native_symbol(symbol) if symbol is not None else None, order, client_order_id)
        conflate = topic.conflate if isinstance(topic, Topic) else None
        if policy == "latest" and conflate is None:
            raise UsageError(
                "policy='latest' is for market data whose newest value is all that counts; use 'all'"
            )
        consumer: Consumer[E] = Consumer(
            topic.name if isinstance(topic, Topic) else topic.__name__,
            wanted=wanted,
            maxlen=maxlen,
            private=topic.private if isinstance(topic, Topic) else True,
            conflate=conflate if policy == "latest" else None,
            idle=idle,
            check=self.hub.trouble,
            leave=self.hub.consumer_left,
        )
        self.hub.add_consumer(topic, consumer)
        return consumer

    def wait_for(
        self,
        topic: Topic[E] | type[E],
        predicate: Callable[[E], object] | None = None,
        *,
        timeout: float,
        symbol: str | None = None,
        order: int | None = None,
        client_order_id: str | None = None,
    ) -> E:
        """The first event for which ``predicate`` is true, waiting up to ``timeout`` seconds.

        The predicate runs in the caller's thread. Only events that come after the call are seen; to catch what a
        request causes, take a ``stream`` before sending it.

        Raises:
            TimeoutError: No such event came in time.
            Disconnected: The stream was stopped or gave up.
        """
        until = time.monotonic() + timeout
        with self.stream(topic, symbol=symbol, order=order, client_order_id=client_order_id) as events:
            while True:
                event = events.get(timeout=max(0.0, until - time.monotonic()))
                if predicate is None or predicate(event):
                    return event

    # Life ------------------------------------------------------------------------------------------------------------

    @property
    def network(self) -> Network:
        """Which venue it speaks to."""
        return self.hub.options.network

    def start(self) -> Self:
        """Start the threads; dials what is wanted and returns at once. Starting twice changes nothing.

        Raises:
            UsageError: It was stopped, or made before a fork.
        """
        self.hub.start()
        _RUNNING.add(self.hub)
        return self

    def stop(self, timeout: float | None = None) -> None:
        """Close the connections and end the threads within ``timeout`` seconds; idempotent, callable from anywhere.

        Events already received still reach their hooks, as far as the time allows; called from a hook, that hook is
        the last to run.
        """
        self.hub.stop(self.hub.options.timeouts.stop if timeout is None else timeout)
        _RUNNING.discard(self.hub)

    def run_forever(self) -> None:
        """Block until the stream is stopped or Ctrl-C is pressed.

        Raises:
            Disconnected: The stream has given up; the refused login is its cause.
            HookError: A hook raised, with ``strict=True``.
        """
        while not self.hub.standing.stopped:
            self.hub.standing.pause()
            error = self.hub.trouble()
            if error is not None and not self.hub.standing.stopped:
                raise error

    def wait_ready(self, timeout: float | None = None) -> None:
        """Wait until every connection is logged in and every subscription acknowledged.

        Raises:
            LoginRefused: The venue refused the login.
            Disconnected: Not ready in time; the message says why.
        """
        self.hub.wait_ready(timeout)

    @property
    def status(self) -> Literal["stopped", "connecting", "ready", "down", "failed"]:
        """Where it stands."""
        standing = self.hub.standing
        if standing.failure is not None:
            return "failed"
        if standing.stopped or not standing.started:
            return "stopped"
        if self.hub.is_ready:
            return "ready"
        lost = any(connection.reconnects for connection in list(self.hub.connections.values()))
        return "down" if lost else "connecting"

    def stats(self) -> dict[str, Any]:
        """Counters per connection, per topic, per hook, and of the hooks thread; ages and durations in seconds."""
        return {"status": self.status, **stats_of(self.hub)}


@atexit.register
def _stop_all() -> None:
    # Daemon threads would be frozen in the middle of what they do; a close frame is kinder to the venue.
    for hub in list(_RUNNING):
        hub.stop(timeout=1.0)
