"""The streaming half: hooks, consumers and waiters over one private and one public connection. Works without REST."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar, overload

from orderly_sync.clock import Clock, SystemClock
from orderly_sync.config import Network, Timeouts, network as network_named
from orderly_sync.credentials import Credentials
from orderly_sync.errors import (
    Disconnected,
    HookError,
    LoginRefused,
    OrderlyError,
    Overflow,
    StreamError,
    SubscriptionRefused,
    UsageError,
)
from orderly_sync.signing import login_message
from orderly_sync.stream.backoff import full_jitter
from orderly_sync.stream.connection import Connection
from orderly_sync.stream.dispatch import PRIVATE_MAXLEN, SLICE, Consumer, Dispatcher, Filter, Hook
from orderly_sync.stream.events import Connected, SessionEvent
from orderly_sync.stream.protocol import Acked, Failed, Lost, Occurrence, Ready, Refused, State, Unknown
from orderly_sync.stream.routes import ClassRoute, Observer, Route
from orderly_sync.wire.symbols import symbol as native_symbol
from orderly_sync.wire.topic import Topic

__all__ = ["ANYBODY", "Stream"]

log = logging.getLogger("orderly_sync.stream")

E = TypeVar("E")

ANYBODY = "OqdphuyCtYWxwzhxyLLjOWNdFP7sQt8RPWzmb5xY"
"""The account id in the public path when there is no account; the one that every client of the field sends."""

_LIVE: weakref.WeakSet[Stream] = weakref.WeakSet()


class Stream:
    """Hooks (``on``), queues (``stream``) and waiters (``wait_for``) for every topic.

    Market data needs no credentials. Connections are dialled when their first topic is wanted, dialled again for ever when
    lost, and log in anew each time; a refused login is final. Hooks run on one daemon thread, in order.

    Args:
        network: ``"mainnet"``, ``"testnet"`` or a Network.
        credentials: For private topics.
        timeouts: How long to wait for what.
        numbers: ``Decimal``, or ``float`` for legacy code.
        strict: Whether the first error of a hook is raised by the caller's next blocking call.
        clock: Where time comes from.
        delays: Starts a sequence of delays between dials; full jitter from 0.25 s to 30 s by default.
        ca_file: Certificates to trust instead of certifi's.
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
        record: Callable[[str, int, bytes], None] | None = None,
    ) -> None:
        self.network = network_named(network)
        self.numbers = numbers
        self.routes: dict[str, Route] = {}
        self.lock = threading.RLock()
        self.dispatcher = Dispatcher(self._hook_failed, self.announce)
        self.observers: list[Callable[[object], None]] = []
        """Parts of this package that hear every session event, on the thread it occurs on."""
        self._credentials = credentials
        self._timeouts = timeouts or Timeouts()
        self._clock = clock or SystemClock()
        self._delays = delays
        self._ca_file = ca_file
        self._record = record
        self._strict = strict
        self._class_routes: dict[type, ClassRoute] = {}
        self._connections: dict[str, Connection] = {}
        self._changed = threading.Condition(self.lock)
        self._acked: set[str] = set()
        self._refused: dict[str, SubscriptionRefused] = {}
        self._reasons: dict[str, str] = {}  # why each connection went down last
        self._failure: OrderlyError | None = None
        self._hook_error: HookError | None = None
        self._started = False
        self._stopped = False
        self._pid = os.getpid()

    def __repr__(self) -> str:
        return f"Stream({self.network.name!r}, {self.status}, topics={len(self.routes)})"

    def __enter__(self) -> Stream:
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

        With a function it returns the Hook (``.remove()`` takes it back); without one it is a decorator. Once it returns on a
        running stream, the subscription is acknowledged: what happens from then on reaches the hook. The same function on
        the same topic counts once, and a notebook cell that runs again replaces its older self.

        Raises:
            SubscriptionRefused: The venue knows no such topic.
            UsageError: A private topic without credentials, or filters on a session event.
            Disconnected: The stream has given up, or no acknowledgement came in time.
        """
        wanted = Filter(native_symbol(symbol) if symbol is not None else None, order, client_order_id)
        if fn is None:

            def decorate(function: Callable[[Any], object]) -> Callable[[Any], object]:
                self._add_hook(topic, function, wanted)
                return function

            return decorate
        return self._add_hook(topic, fn, wanted)

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
        is_topic = isinstance(topic, Topic)
        conflate = topic.conflate if isinstance(topic, Topic) else None
        if policy == "latest" and conflate is None:
            raise UsageError("policy='latest' is for market data whose newest value is all that counts; use 'all'")
        consumer: Consumer[E] = Consumer(
            topic.name if isinstance(topic, Topic) else topic.__name__,
            wanted=wanted,
            maxlen=maxlen,
            private=topic.private if isinstance(topic, Topic) else True,
            conflate=conflate if policy == "latest" else None,
            idle=idle,
            check=self.trouble,
            leave=self._consumer_left,
        )
        if is_topic:
            self._add_consumer(topic, consumer)  # type: ignore[arg-type]
        else:
            with self.lock:
                self._class_route(topic).add_consumer(weakref.ref(consumer))
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

        The predicate runs in the caller's thread. Only events that come after the call are seen; to catch what a request
        causes, take a ``stream`` before sending it.

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

    # Life ------------------------------------------------------------------------------------------------------

    def start(self) -> Stream:
        """Start the threads; dials what is wanted and returns at once. Starting twice changes nothing."""
        with self.lock:
            self._refuse_other_process()
            if self._stopped:
                raise UsageError("this stream was stopped; make a new one")
            if not self._started:
                self._started = True
                self.dispatcher.start()
                _LIVE.add(self)
                for route in list(self.routes.values()):
                    self._connect(route.topic)
        return self

    def stop(self, timeout: float | None = None) -> None:
        """Close the connections and end the threads within ``timeout`` seconds; callable from anywhere, any number of times.

        From a hook it returns at once; the hooks thread ends after that hook.
        """
        limit = self._timeouts.stop if timeout is None else timeout
        with self.lock:
            self._stopped = True
            connections = list(self._connections.values())
            consumers = [one for route in self._audiences() for one in route.live_consumers()]
            self._changed.notify_all()
        for consumer in consumers:
            consumer.end()
        if os.getpid() != self._pid:
            return
        until = time.monotonic() + limit
        for connection in connections:
            connection.driver.stop()
        if self._started:
            self.dispatcher.stop()
        for connection in connections:
            connection.driver.join(max(0.0, until - time.monotonic()))
        if self._started:
            self.dispatcher.join(max(0.0, until - time.monotonic()))
        _LIVE.discard(self)

    def run_forever(self) -> None:
        """Block until the stream is stopped or Ctrl-C is pressed.

        Raises:
            LoginRefused: The venue refused the login.
            HookError: A hook raised, with ``strict=True``.
        """
        while not self._stopped:
            with self._changed:
                self._changed.wait(SLICE)
            error = self.trouble()
            if error is not None and not self._stopped:
                raise error

    def wait_ready(self, timeout: float | None = None) -> None:
        """Wait until every connection is logged in and every subscription acknowledged.

        Raises:
            LoginRefused: The venue refused the login.
            Disconnected: Not ready in time; the message says why.
        """
        limit = self._timeouts.ready if timeout is None else timeout
        until = time.monotonic() + limit
        with self._changed:
            while not self._is_ready():
                if self._failure is not None:
                    raise self._failure
                if self._stopped:
                    raise Disconnected("it was stopped", final=True)
                left = until - time.monotonic()
                if left <= 0:
                    raise Disconnected(f"not ready within {limit:g} s; {self._last_reason()}")
                self._changed.wait(min(SLICE, left))

    @property
    def status(self) -> str:
        """``stopped``, ``connecting``, ``ready``, ``down`` or ``failed``."""
        if self._failure is not None:
            return "failed"
        if self._stopped or not self._started:
            return "stopped"
        if self._is_ready():
            return "ready"
        lost = any(connection.reconnects for connection in self._connections.values())
        return "down" if lost else "connecting"

    def stats(self) -> dict[str, Any]:
        """Counters: per connection, per topic, per hook, and of the hooks thread."""
        now = self._clock.monotonic()
        with self.lock:
            routes, connections = dict(self.routes), dict(self._connections)
        running = self.dispatcher.running
        return {
            "status": self.status,
            "hooks_waiting": self.dispatcher.depth,
            "hook_running": None if running is None else running[0].name,
            "conflated": self.dispatcher.conflated,
            "connections": {
                name: {
                    "state": one.protocol.state.value,
                    "dials": one.driver.dials,
                    "reconnects": one.reconnects,
                    "bytes": one.driver.received_bytes,
                    "repeated": one.repeated,
                    "undecoded": one.undecoded,
                    "last_ts": one.last_ts,
                }
                for name, one in connections.items()
            },
            "topics": {
                name: {
                    "pushes": route.count,
                    "age": now - route.last_push if route.count else None,
                    "waiting": sum(len(one) for one in route.live_consumers()),
                    "dropped": sum(one.dropped for one in route.live_consumers()),
                    "conflated": sum(one.conflated for one in route.live_consumers()),
                }
                for name, route in routes.items()
            },
            "hooks": [
                {
                    "name": hook.name,
                    "topic": hook.topic,
                    "calls": hook.calls,
                    "errors": hook.errors,
                    "p50": hook.percentile(0.5),
                    "p99": hook.percentile(0.99),
                }
                for route in routes.values()
                for hook in route.hooks
            ],
        }

    # For the client --------------------------------------------------------------------------------------------

    def observe(self, topic: Topic[Any], observer: Observer) -> None:
        """Have a part of this package see a topic's events on the I/O thread, before anybody else. Does not wait."""
        with self.lock:
            route = self._route(topic)
            route.observers = (*route.observers, observer)

    def unobserve(self, topic: Topic[Any], observer: Observer) -> None:
        """Take an observer back."""
        with self.lock:
            route = self.routes.get(topic.name)
            if route is None:
                return
            route.observers = tuple(one for one in route.observers if one is not observer)
        self._maybe_leave(topic.name)

    def request(
        self, topic: Topic[Any], params: Mapping[str, Any], answer: Callable[[Mapping[str, Any]], None]
    ) -> None:
        """Ask a request command on the connection that carries ``topic``; ``answer`` is called on the I/O thread."""
        with self.lock:
            connection = self._connections.get("private" if topic.private else "public")
        if connection is None:
            answer({"success": False, "errorMsg": "not connected"})
        else:
            connection.request(params, answer)

    def watermark(self) -> int | None:
        """The greatest venue time seen on the private connection, ms."""
        connection = self._connections.get("private")
        return None if connection is None else connection.last_ts

    def announce(self, event: object) -> None:
        """Deliver a session event to those registered for its class or a base of it."""
        for observe in self.observers:
            observe(event)
        with self.lock:
            routes = [self._class_routes[kind] for kind in type(event).__mro__ if kind in self._class_routes]
        for route in routes:
            route.deliver(event, self.dispatcher)

    def deliver_recovered(self, name: str, events: Sequence[Any], is_news: Callable[[Any], bool]) -> int:
        """Hand events rebuilt by REST to the audience of a topic, save those that came by the stream; how many were new.

        ``is_news`` is asked on the I/O thread, between frames, so nothing can come in between answer and delivery.
        """
        with self.lock:
            route, connection = self.routes.get(name), self._connections.get("private")
        if route is None or connection is None or not events:
            return 0
        return connection.deliver_recovered(route, events, is_news)

    def occurred(self, connection: Connection, occurrence: Occurrence) -> None:
        """A connection's protocol announces something; on its I/O thread."""
        if isinstance(occurrence, Ready):
            with self._changed:
                self._changed.notify_all()
            self.announce(Connected(connection=connection.name, resumed=occurrence.resumed))
        elif isinstance(occurrence, Acked):
            with self._changed:
                self._acked.add(occurrence.topic)
                self._changed.notify_all()
        elif isinstance(occurrence, Refused):
            self._topic_refused(occurrence.error)
        elif isinstance(occurrence, Lost):
            self._lost(connection, occurrence)
        elif isinstance(occurrence, Failed):
            self._give_up(occurrence.error, connection.name)
        elif isinstance(occurrence, Unknown):
            log.debug("an answer to nothing that was asked on the %s stream", connection.name)

    # Inside ----------------------------------------------------------------------------------------------------

    def _lost(self, connection: Connection, lost: Lost) -> None:
        connection.reconnects += 1
        with self._changed:
            self._acked -= set(connection.protocol.wanted)
            self._reasons[connection.name] = lost.reason
            self._changed.notify_all()
        if lost.was_ready:
            log.warning("the %s stream is down: %s; dialling in %.2f s", connection.name, lost.reason, lost.delay)
            self.announce(Disconnected(lost.reason, connection.name))
        else:
            log.info("the %s stream is not up yet: %s; dialling in %.2f s", connection.name, lost.reason, lost.delay)

    def _give_up(self, error: LoginRefused, name: str) -> None:
        with self._changed:
            self._failure = error
            consumers = [one for route in self._audiences() for one in route.live_consumers()]
            self._changed.notify_all()
        self.announce(error)
        self.announce(Disconnected(str(error), name, final=True))
        for consumer in consumers:
            with consumer._ready:  # noqa: SLF001 - wakes its waiters to see the failure
                consumer._ready.notify_all()  # noqa: SLF001

    def _topic_refused(self, error: SubscriptionRefused) -> None:
        with self._changed:
            self._refused[error.topic] = error
            self.routes.pop(error.topic, None)
            self._changed.notify_all()
        self.announce(error)

    def _hook_failed(self, error: HookError) -> None:
        if self._strict:
            with self._changed:
                self._hook_error = self._hook_error or error
                self._changed.notify_all()
        # A hook for HookError that itself raises must not call itself for ever.
        if error.topic != HookError.__name__:
            self.announce(error)

    def trouble(self) -> BaseException | None:
        """What a blocking call must raise now instead of waiting on."""
        if self._hook_error is not None and not self.dispatcher.on_hooks_thread:
            error, self._hook_error = self._hook_error, None
            return error
        if self._failure is not None:
            gone = Disconnected(str(self._failure), final=True)
            gone.__cause__ = self._failure
            return gone
        if self._stopped:
            return Disconnected("it was stopped", final=True)
        return None

    def _refuse_other_process(self) -> None:
        if os.getpid() != self._pid:
            raise UsageError("this stream was made before fork(); make a new one in this process")

    def _audiences(self) -> list[Any]:
        return [*self.routes.values(), *self._class_routes.values()]

    def _class_route(self, kind: Any) -> ClassRoute:
        if not (isinstance(kind, type) and issubclass(kind, (SessionEvent, OrderlyError))):
            raise UsageError(f"{kind!r} is neither a topic (see orderly_sync.topics) nor a class of session events")
        return self._class_routes.setdefault(kind, ClassRoute())

    def _route(self, topic: Topic[Any]) -> Route:
        """The route of a topic, subscribed if it is new; under the lock."""
        self._refuse_other_process()
        if self._stopped:
            raise Disconnected("it was stopped", final=True)
        if topic.private and self._credentials is None:
            raise UsageError(f"{topic.name!r} is a private topic; pass credentials=Credentials.from_env() or the like")
        route = self.routes.get(topic.name)
        if route is None:
            route = self.routes[topic.name] = Route(topic)
            self._acked.discard(topic.name)
            self._refused.pop(topic.name, None)
        elif route.topic.params != topic.params:
            raise UsageError(f"{topic.name!r} is subscribed with other parameters; use the symbol= filter instead")
        if self._started:
            self._connect(topic)
        return route

    def _connect(self, topic: Topic[Any]) -> None:
        """Want a topic on its connection, made when first needed; under the lock."""
        name = "private" if topic.private else "public"
        connection = self._connections.get(name)
        if connection is None:
            connection = self._connections[name] = self._make_connection(name)
            connection.want(topic)
            connection.driver.start()
        else:
            connection.want(topic)

    def _make_connection(self, name: str) -> Connection:
        private = name == "private"
        base = self.network.ws_private if private else self.network.ws_public
        account = self._credentials.account_id if self._credentials is not None else ANYBODY
        return Connection(
            name,
            f"{base}/{account}",
            self,
            login=self._login if private else None,
            delays=self._delays,
            clock=self._clock,
            timeouts=self._timeouts,
            ca_file=self._ca_file,
            record=self._record,
        )

    def _login(self, request_id: str) -> Mapping[str, Any]:
        """A login frame, signed now: the venue refuses a stale one."""
        assert self._credentials is not None
        timestamp = self._clock.time_ms()
        sign = self._credentials.secret.sign(login_message(timestamp))
        params = {"orderly_key": self._credentials.key, "sign": sign, "timestamp": timestamp}
        return {"id": request_id, "event": "auth", "params": params}

    def _add_hook(self, topic: Any, fn: Callable[[Any], object], wanted: Filter) -> Hook:
        if not callable(fn):
            raise UsageError(f"a hook must be callable, not {type(fn).__name__}")
        if isinstance(topic, Topic):
            hook = Hook(topic.name, fn, wanted, self._hook_left)
            with self.lock:
                self._route(topic).add_hook(hook)
            self._await_ack(topic)
            return hook
        if not wanted.is_open:
            raise UsageError("filters are for topics; session events have none")
        with self.lock:
            route = self._class_route(topic)
            hook = Hook(topic.__name__, fn, wanted, self._hook_left)
            route.add_hook(hook)
        return hook

    def _add_consumer(self, topic: Topic[Any], consumer: Consumer[Any]) -> None:
        name = topic.name
        home = weakref.ref(self)

        def collected(_: object) -> None:
            stream = home()
            if stream is not None:
                stream._maybe_leave(name)  # noqa: SLF001

        with self.lock:
            self._route(topic).add_consumer(weakref.ref(consumer, collected))
        try:
            self._await_ack(topic)
        except OrderlyError:
            consumer.close()
            raise

    def _await_ack(self, topic: Topic[Any]) -> None:
        if not self._started or topic.name in self._acked:
            return
        until = time.monotonic() + self._timeouts.ready
        with self._changed:
            while topic.name not in self._acked:
                refused = self._refused.get(topic.name)
                error = refused or self._failure
                if error is not None:
                    raise error
                if self._stopped:
                    raise Disconnected("it was stopped", final=True)
                left = until - time.monotonic()
                if left <= 0:
                    raise Disconnected(f"{topic.name!r} was not acknowledged in time; {self._last_reason()}")
                self._changed.wait(min(SLICE, left))

    def _hook_left(self, hook: Hook) -> None:
        with self.lock:
            for audience in self._audiences():
                audience.drop_hook(hook)
        self._maybe_leave(hook.topic)

    def _consumer_left(self, consumer: Consumer[Any]) -> None:
        with self.lock:
            for audience in self._audiences():
                audience.drop_consumer(consumer)
        self._maybe_leave(consumer.topic)

    def _maybe_leave(self, name: str) -> None:
        """Unsubscribe a topic that nobody wants any more; may be called by the garbage collector."""
        route = self.routes.get(name)
        if route is None or not route.is_empty or self._stopped:
            return
        connection = self._connections.get("private" if route.topic.private else "public")
        if connection is not None:
            connection.leave(name)
        else:
            self.routes.pop(name, None)

    def _is_ready(self) -> bool:
        states = [connection.protocol.state for connection in self._connections.values()]
        return all(state is State.READY for state in states) and self._started and not self._stopped

    def _last_reason(self) -> str:
        return "; ".join(f"{name}: {why}" for name, why in self._reasons.items()) or "no answer from the venue"


def _stop_all() -> None:
    for stream in list(_LIVE):
        try:
            stream.stop(timeout=1.0)
        except StreamError:
            log.debug("a stream did not stop cleanly at exit")


atexit.register(_stop_all)
