"""The streaming half: hooks, consumers and waiters over one private and one public connection. Works without REST."""

from __future__ import annotations

import atexit
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from orderly_sync.clock import Clock
from orderly_sync.config import Network, Timeouts, deadline, number_type, seconds, timeouts_of
from orderly_sync.config import network as network_named
from orderly_sync.corrected_clock import CorrectedClock
from orderly_sync.credentials import Credentials
from orderly_sync.dialling.trust import check_way
from orderly_sync.errors import UsageError
from orderly_sync.logs import log_of
from orderly_sync.stream import lifetime
from orderly_sync.stream.backoff import full_jitter
from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.delivery import PRIVATE_MAXLEN
from orderly_sync.stream.dispatch import Hook
from orderly_sync.stream.filter import Filter
from orderly_sync.stream.hub import Hub
from orderly_sync.stream.options import Options, Recorder
from orderly_sync.stream.stats import stats_of
from orderly_sync.stream.targets import check_callable, check_target, wanted_of
from orderly_sync.values.printing import printable
from orderly_sync.wire.topic import Topic

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Stream"]

log = log_of("orderly_sync.stream")

E = TypeVar("E")

_RUNNING: weakref.WeakSet[Hub] = weakref.WeakSet()


class Stream:
    """Hooks (``on``), queues (``stream``) and waiters (``wait_for``) for every topic.

    Market data needs no credentials. Connections are dialled when their first topic is wanted, dialled again for
    ever when lost, and log in anew each time; a refused key is final. Hooks run on one daemon thread, in order.
    Started and with hooks or streams, it lives until ``stop()`` or the end of the process, though nobody holds it.

    Args:
        network: ``"mainnet"``, ``"testnet"`` or a Network.
        credentials: For private topics.
        timeouts: How long to wait for what.
        numbers: ``Decimal``, or ``float`` for legacy code.
        strict: Whether the first error of a hook is raised by the caller's next blocking call.
        clock: This machine's clock; one of ``rest.clock`` shares what REST hears of the venue's time.
        delays: Starts a sequence of delays between dials; by default full jitter, at most 20 dials in five minutes.
        ca_file: Certificates to trust instead of certifi's.
        proxy: An HTTP proxy's URL, ``http://host:port``; the environment's proxies are never used.
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
        proxy: str | None = None,
        record: Recorder | None = None,
    ) -> None:
        check_way(proxy, ca_file)
        options = Options(
            network=network_named(network),
            credentials=credentials,
            timeouts=timeouts_of(timeouts),
            numbers=number_type(numbers),
            strict=strict,
            clock=CorrectedClock.of(clock),
            delays=delays,
            ca_file=ca_file,
            proxy=proxy,
            record=record,
        )
        self.hub = Hub(options)
        """The machinery behind the verbs; not part of what is promised."""
        self.part_of: Callable[[], lifetime.Client | None] = lambda: None
        """The client it is a part of, which lives on in its stead."""
        self._end = weakref.finalize(self, self.hub.stop, options.timeouts.stop)

    @printable
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
        timeout: float | None = ...,
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
        timeout: float | None = ...,
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
        timeout: float | None = None,
    ) -> Any:
        """Call ``fn`` with each event of a topic, or of a class of session events such as ``Disconnected``.

        With a function it returns the Hook (``.remove()`` takes it back); without one it is a decorator. Once it
        returns on a running stream, the subscription is acknowledged: what happens from then on reaches the hook. If
        it raises, nothing was registered.

        Hooks are told apart by identity: the same object (or the same method of the same object) on the same topic
        with the same filters is one hook, and two objects are two. A module-level function that is defined anew, as
        when a notebook cell runs again, replaces its older self.

        Args:
            topic: What to hear.
            fn: An ordinary function of one argument, the event; not ``async def``.
            symbol: Only this market. A connected client refuses one that the venue does not list; a Stream by itself
                cannot know.
            order: Only this order (an algo order by its root's id, or a node's own).
            client_order_id: Only this order of the caller's.
            timeout: Seconds to wait for the acknowledgement; ``Timeouts.ready`` if absent.

        Raises:
            SubscriptionRefused: The venue knows no such topic.
            UsageError: A private topic without credentials, or what could never be called: a class that is never
                announced, a filter that matches no event of the topic, a coroutine function.
            TimeoutError: No acknowledgement came in time; the message says why.
            Disconnected: The stream was stopped or has given up.
        """
        patience = None if timeout is None else seconds(timeout)
        wanted = self._wanted(topic, symbol, order, client_order_id, patience)
        if fn is None:

            def decorate(function: Callable[[Any], object]) -> Callable[[Any], object]:
                self._add_hook(topic, function, wanted, patience)
                return function

            return decorate
        return self._add_hook(topic, fn, wanted, patience)

    def _add_hook(self, topic: Any, fn: Any, wanted: Filter, patience: float | None) -> Hook:
        hook = self.hub.add_hook(topic, fn, wanted, patience)
        self._keep()
        return hook

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
        timeout: float | None = None,
    ) -> Consumer[E]:
        """A queue of a topic's events, to iterate over or to ``get(timeout=…)`` from. If it raises, nothing is left.

        Args:
            topic: What to consume; several streams of one topic share one subscription.
            symbol: Only this market.
            order: Only this order (an algo order by its root's id, or a node's own).
            client_order_id: Only this order of the caller's.
            maxlen: How many events may wait.
            policy: ``"all"`` keeps every event up to ``maxlen``; ``"latest"`` only the newest of each symbol.
            idle: Iteration ends after so many seconds without an event; never if None.
            timeout: Seconds to wait for the acknowledgement; ``Timeouts.ready`` if absent.

        Raises:
            SubscriptionRefused: The venue knows no such topic.
            UsageError: A policy of another name, ``"latest"`` for a topic where every event counts, a private topic
                without credentials, or what could never bring an event; see ``on``.
            TimeoutError: No acknowledgement came in time; the message says why.
            Disconnected: The stream was stopped or has given up.
        """
        patience = None if timeout is None else seconds(timeout)
        wanted = self._wanted(topic, symbol, order, client_order_id, patience)
        consumer = self._open(topic, wanted, patience, maxlen=maxlen, policy=policy, idle=idle)
        self._keep()
        return consumer

    def parts(self) -> Sequence[object]:
        """What users may hold of it: itself, or nothing if it is a part of a client."""
        return () if self.part_of() else (self, self.hub)

    @property
    def is_used(self) -> bool:
        """Whether it has hooks or streams."""
        return bool(self.hub.audiences.is_heard)

    def _keep(self) -> None:
        """Live on though nobody holds it; a stream that is not started yet has no threads that could."""
        if self.hub.standing.started and not self.hub.standing.stopped:
            lifetime.keep(self.part_of() or self)

    def _wanted(
        self, topic: object, symbol: object, order: object, client_order_id: object, patience: float | None
    ) -> Filter:
        check_target(topic)
        check, given = (
            self.hub.known_symbol,
            self.hub.options.timeouts.ready if patience is None else patience,
        )
        known = None if check is None else lambda name: check(name, given)
        return wanted_of(topic, symbol, order, client_order_id, known)

    def _open(
        self,
        topic: Topic[E] | type[E],
        wanted: Filter,
        patience: float | None,
        *,
        maxlen: int = PRIVATE_MAXLEN,
        policy: str = "all",
        idle: float | None = None,
    ) -> Consumer[E]:
        if policy not in {"all", "latest"}:
            raise UsageError(f"policy={policy!r}; use 'all' or 'latest'")
        conflate = topic.conflate if isinstance(topic, Topic) else None
        if policy == "latest" and conflate is None:
            raise UsageError(
                "policy='latest' is for market data whose newest value is all that counts; use 'all'"
            )
        consumer: Consumer[E] = self.hub.consume(
            topic,
            wanted,
            patience,
            maxlen=maxlen,
            conflate=conflate if policy == "latest" else None,
            idle=idle,
        )
        consumer.owner = self
        return consumer

    def wait_for(
        self,
        topic: Topic[E] | type[E],
        predicate: Callable[[E], object] | None = None,
        *,
        timeout: float | None,
        symbol: str | None = None,
        order: int | None = None,
        client_order_id: str | None = None,
    ) -> E:
        """The first event for which ``predicate`` is true, within ``timeout`` seconds in all; None waits for ever.

        The ``predicate`` runs in the caller's thread. Of the ``topic`` only what ``symbol``, ``order`` and
        ``client_order_id`` let through (see ``on``) and what comes after the call is seen; to catch what a request
        causes, take a ``stream`` before it is sent. While the stream is down, no acknowledgement is awaited.

        Raises:
            TimeoutError: No such event came in time.
            Disconnected: The stream was stopped or gave up.
            UsageError: The call could never return; see ``on``.
        """
        now = time.monotonic()
        until = deadline(timeout, now)
        if predicate is not None:
            check_callable(predicate, "predicate")
        wanted = self._wanted(topic, symbol, order, client_order_id, until - now)
        # Only reading the list of markets takes time; else the whole of it is told in the message.
        left = until - now if symbol is None else max(0.0, until - time.monotonic())
        with self._open(topic, wanted, left) as events:
            return events.first(predicate, timeout, until)

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
        lifetime.watch(self)
        if self.is_used:
            lifetime.keep(self)
        return self

    def stop(self, timeout: float | None = None) -> None:
        """Close the connections and end the threads within ``timeout`` seconds; idempotent, callable from anywhere.

        Events already received still reach their hooks, as far as the time allows; a hook that calls it is the last.
        """
        self.hub.stop(self.hub.options.timeouts.stop if timeout is None else seconds(timeout))
        _RUNNING.discard(self.hub)
        lifetime.forget(self)

    def close(self) -> None:
        """The same as ``stop()``."""
        self.stop()

    end = close

    def run_forever(self) -> None:
        """Block until the stream is stopped or Ctrl-C is pressed, and return then; Ctrl-C stops nothing by itself.

        Raises:
            Disconnected: The stream has given up; the refused login is its cause.
            HookError: A hook raised, with ``strict=True``.
        """
        try:
            self.hub.standing.wait_for_end(self.hub.trouble)
        except KeyboardInterrupt:
            log.info("Ctrl-C: run_forever returns")

    def wait_ready(self, timeout: float | None = None) -> None:
        """Wait until every connection is logged in and every subscription acknowledged.

        Args:
            timeout: Seconds; ``Timeouts.ready`` if absent.

        Raises:
            LoginRefused: The venue refused the login.
            TimeoutError: Not ready in time; the message says why.
            Disconnected: It was stopped.
        """
        self.hub.wait_ready(None if timeout is None else seconds(timeout))

    @property
    def status(self) -> Literal["stopped", "idle", "connecting", "ready", "down", "failed"]:
        """Where it stands; ``idle`` while no topic is wanted, so nothing has been dialled."""
        standing = self.hub.standing
        if standing.failure is not None:
            return "failed"
        if standing.stopped or not standing.started:
            return "stopped"
        if not self.hub.connections:
            return "idle"
        if self.hub.is_ready:
            return "ready"
        lost = any(connection.reconnects for connection in list(self.hub.connections.values()))
        return "down" if lost else "connecting"

    def stats(self) -> dict[str, Any]:
        """Counters per connection, per topic, per hook, and of the hooks thread; ages and durations in seconds."""
        hub, status = self.hub, self.status
        return {
            "status": status,
            **stats_of(hub.audiences, hub.dispatcher, hub.connections, hub.options.clock),
        }


@atexit.register
def _stop_all() -> None:
    # Daemon threads would be frozen in the middle of what they do; a close frame is kinder to the venue.
    for hub in list(_RUNNING):
        hub.stop(timeout=1.0)
