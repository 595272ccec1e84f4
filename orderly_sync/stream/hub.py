"""The middle of a stream: who wants what, over which connection, and what the connections report.

User threads register and leave; I/O threads deliver. The lock is held for a decision, never while user code runs or
a socket is waited for. Threads hold the hub, not the user's ``Stream``, so that dropping that one ends them.
"""

from __future__ import annotations

import math
import os
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from orderly_sync.errors import (
    Disconnected,
    HookError,
    Overflow,
    StreamError,
    SubscriptionRefused,
    UsageError,
)
from orderly_sync.logs import log_of
from orderly_sync.reports.backlog import OwesReports
from orderly_sync.stream.audiences import Audiences
from orderly_sync.stream.connection import Connection
from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.delivery import DeliveryListener
from orderly_sync.stream.dispatch import Dispatcher, Hook
from orderly_sync.stream.effects import Acked, Failed, Lost, ProtocolEvent, Ready, SubscriptionRejected
from orderly_sync.stream.events import Connected, Resynced
from orderly_sync.stream.failures import Failures, ended_by
from orderly_sync.stream.filter import Filter
from orderly_sync.stream.log_lines import log_lost, log_ready, log_refused, log_resynced
from orderly_sync.stream.opening import connection_of
from orderly_sync.stream.options import Options
from orderly_sync.stream.owing import backlog_of_hooks, consumer_of
from orderly_sync.stream.routes import ClassRoute, Observer, Route
from orderly_sync.stream.status import StreamStatus
from orderly_sync.stream.targets import check_callable, check_target, name_of
from orderly_sync.wire.topic import KeyOf, Topic

__all__ = ["Hub"]

log = log_of("orderly_sync.stream")


class Hub:
    """Routes, connections and hooks of one stream."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.numbers = options.numbers
        self.standing = StreamStatus()
        self.audiences = Audiences()
        self.lock = self.audiences.lock
        self.routes = self.audiences.topics
        self.connections: dict[str, Connection] = {}
        ended = partial(self.thread_ended, "hooks")
        self.dispatcher = Dispatcher(self._hook_failed, self.announce, ended=ended)
        # Runs the hooks of Overflow, which is told while all others may be stuck.
        self.alerts = Dispatcher(self._hook_failed, self.announce, "orderly-alerts", ended)
        self.handover: OwesReports | None = None  # hands over what full queues owe, where REST is read
        self.failures = Failures()
        # Refuses a symbol that the venue does not have; None where nobody can know.
        self.known_symbol: Callable[[str, float], None] | None = None
        # Parts of this package that hear every session event, on the thread it occurs on.
        self.observers: list[Callable[[object], None]] = []
        self._pid = os.getpid()
        self._is_running = False

    @property
    def deliveries(self) -> DeliveryListener | None:
        """Told of each private event that the user has taken; set it before there are hooks and streams."""
        return self.dispatcher.deliveries

    @deliveries.setter
    def deliveries(self, listener: DeliveryListener | None) -> None:
        self.dispatcher.deliveries = listener

    # Life ------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the hooks thread and dial what is wanted."""
        with self.lock:
            self._refuse_other_process()
            if self.standing.stopped:
                raise UsageError("this stream was stopped; make a new one")
            if not self._is_running:
                self.standing.started = True
                self.dispatcher.start()
                # All is wanted before anything is dialled: who is ready is so with every topic.
                wanted = tuple(map(self._want, tuple(self.routes.values())))
                tuple(map(Connection.start, wanted))
                self._is_running = True  # last: begun once more if this is interrupted

    def stop(self, timeout: float) -> None:
        """Close the connections and end the threads, within ``timeout`` seconds."""
        with self.lock:
            self.standing.stopped = True
            connections = list(self.connections.values())
        self.standing.notify()
        for consumer in self.audiences.consumers():
            consumer.end()
        if os.getpid() != self._pid or not self.standing.started:
            return
        until = time.monotonic() + timeout
        for connection in connections:
            connection.driver.stop()
        self.dispatcher.stop()
        self.alerts.stop()
        for connection in connections:
            connection.driver.join(max(0.0, until - time.monotonic()))
        for thread in (self.dispatcher, self.alerts):
            if not thread.join(max(0.0, until - time.monotonic())):
                thread.abandon()
        self.failures.sum_up()

    def dial(self, name: str = "public") -> Connection:
        """The connection of that name, dialled if it is not there yet, whether a topic is wanted or not."""
        with self.lock:
            connection = self._connection(name)
            connection.driver.start()  # each time, for an interrupt may have come between the two
            return connection

    def _connection(self, name: str) -> Connection:
        """The connection of that name, made if it is not there yet; under the lock."""
        if name not in self.connections:
            self.connections[name] = connection_of(self, self.options, name)
        return self.connections[name]

    @property
    def is_ready(self) -> bool:
        """Whether every connection is logged in and every subscription acknowledged."""
        running = self.standing.started and not self.standing.stopped
        return running and all(one.protocol.is_ready for one in list(self.connections.values()))

    def wait_ready(self, timeout: float | None = None) -> None:
        """Wait until ``is_ready``; raises LoginRefused, Disconnected if stopped, or TimeoutError."""
        self.standing.wait(lambda: self.is_ready, self._patience(timeout), "not ready")

    def trouble(self) -> BaseException | None:
        """What a blocking call must raise now instead of waiting on."""
        in_hook = self.dispatcher.on_hooks_thread or self.alerts.on_hooks_thread
        return self.standing.trouble(in_hook=in_hook)

    # Who wants what --------------------------------------------------------------------------------------------------

    def observe(self, topic: Topic[Any], observer: Observer, *, required: bool = False) -> None:
        """Have a part of this package see a topic's events on the I/O thread, before anybody else. Does not wait.

        What is ``required`` is never dropped, though the venue refuses it: without it the stream is not ready.
        """
        with self.lock:
            route = self._route(topic)
            route.is_required = route.is_required or required
            route.observers = (*route.observers, observer)
            if required and self.standing.started:
                self._want(route)

    def wait_acked(self, topic: Topic[Any], timeout: float | None = None) -> None:
        """On a running stream, wait for a topic's acknowledgement, ``Timeouts.ready`` seconds unless told otherwise."""
        if self.standing.started:
            self.standing.wait_acked(topic.name, self._patience(timeout))

    def _patience(self, timeout: float | None) -> float:
        return self.options.timeouts.ready if timeout is None else timeout

    def unobserve(self, topic: Topic[Any], observer: Observer) -> None:
        """Take an observer back."""
        with self.lock:
            route = self.routes.get(topic.name)
            if route is not None:
                route.observers = tuple(one for one in route.observers if one != observer)
        self._maybe_leave(topic.name)

    def add_hook(
        self, target: Any, fn: Callable[[Any], object], wanted: Filter, timeout: float | None = None
    ) -> Hook:
        """Register a hook; on a running stream, returns once the topic is acknowledged, or leaves nothing behind."""
        check_target(target)
        check_callable(fn, "hook")
        hook = new = Hook(name_of(target), fn, wanted, self._hook_left)
        before: tuple[Hook, ...] | None = None
        try:
            with self.lock:
                audience = self._audience(target)
                before = audience.hooks
                hook = audience.add_hook(new)
            self._wait_listening(target, timeout)
        except BaseException:
            if hook is new and before is not None:
                with self.lock:
                    new.removed = True
                    audience.restore(new, before)
                self._maybe_leave(new.topic)
            raise
        return hook

    def consume(
        self,
        target: Any,
        wanted: Filter,
        timeout: float | None,
        *,
        maxlen: int,
        conflate: KeyOf | None = None,
        idle: float | None = None,
    ) -> Consumer[Any]:
        """A consumer, fed for as long as somebody holds it; one that could not be subscribed is closed."""
        consumer = consumer_of(
            self, name_of(target), target, wanted, maxlen=maxlen, conflate=conflate, idle=idle
        )
        self._feed(target, consumer, timeout)
        return consumer

    def _feed(self, target: Any, consumer: Consumer[Any], timeout: float | None) -> None:
        home, name = weakref.ref(self), consumer.topic

        def collected(_: object) -> None:
            hub = home()
            if hub is not None:
                hub._maybe_leave(name)  # noqa: SLF001

        try:
            with self.lock:
                self._audience(target).add_consumer(weakref.ref(consumer, collected))
            self._wait_listening(target, timeout)
        except BaseException:
            consumer.close()
            raise

    def _wait_listening(self, target: Any, timeout: float | None) -> None:
        """Session events need nobody's word; a topic needs the venue's."""
        if isinstance(target, Topic):
            self.wait_acked(target, timeout)

    def consumer_left(self, consumer: Consumer[Any]) -> None:
        """A consumer was closed."""
        self.audiences.drop_consumer(consumer)
        self._maybe_leave(consumer.topic)

    def request(self, params: Mapping[str, Any], answer: Callable[[Mapping[str, Any]], None]) -> None:
        """Send a request command on the public connection; ``answer`` is called on the I/O thread."""
        with self.lock:
            connection = self.connections.get("public")
        if connection is not None:
            connection.request(params, answer)
            return
        answer({"success": False, "errorMsg": "not connected"})

    # What the connections tell, on their I/O threads -----------------------------------------------------------------

    def announce(self, event: object) -> None:
        """Deliver a session event to those registered for its class or a base of it."""
        if isinstance(event, Resynced):
            log_resynced(event)
        is_alert = isinstance(event, Overflow) and not self.standing.stopped
        if is_alert and any(route.hooks for route in self.audiences.of(type(event))):
            self.alerts.start()
        self.audiences.announce(event, list(self.observers), self.alerts if is_alert else self.dispatcher)

    def occurred(self, connection: Connection, occurrence: ProtocolEvent) -> None:
        """A connection's protocol announces something."""
        if isinstance(occurrence, Ready):
            log_ready(connection, self.options.clock.monotonic())
            self.standing.notify()
            self.announce(Connected(connection=connection.name, resumed=occurrence.resumed))
        elif isinstance(occurrence, Acked):
            self.standing.acked(occurrence.topic)
        elif isinstance(occurrence, SubscriptionRejected):
            self._topic_refused(connection, occurrence.error)
        elif isinstance(occurrence, Lost):
            self._lost(connection, occurrence)
        elif isinstance(occurrence, Failed):
            self._give_up(occurrence.error, connection.name)

    def deliver_recovered(self, name: str, batches: Sequence[Any], is_news: Callable[[Any], bool]) -> int:
        """Hand events rebuilt by REST, a batch an order, to a topic's audience, save known ones; how many were new.

        ``is_news`` is asked on the I/O thread, between frames, so nothing can come in between answer and delivery.
        """
        with self.lock:
            route, connection = self.routes.get(name), self.connections.get("private")
        if route is None or connection is None or not batches:
            return 0
        return connection.deliver_recovered(route, batches, is_news)

    def private_lost_since(self) -> float | None:
        """The monotonic second since which the private stream is gone, -inf if for good; None while it is there."""
        if self.standing.failure is not None or self.standing.stopped:
            return -math.inf
        connection = self.connections.get("private")
        return None if connection is None else connection.down_since

    def watermark(self) -> int | None:
        """The greatest venue time seen on the private connection, ms."""
        connection = self.connections.get("private")
        return None if connection is None else connection.reader.last_ts or None

    # Inside ----------------------------------------------------------------------------------------------------------

    def _lost(self, connection: Connection, lost: Lost) -> None:
        connection.reconnects += 1
        if lost.was_ready:
            connection.down_since = self.options.clock.monotonic()
        self.standing.down(connection.name, lost.reason, tuple(connection.protocol.wanted))
        log_lost(connection, lost)
        if lost.was_ready:
            self.announce(Disconnected(lost.reason, connection.name))

    def thread_ended(self, name: str, error: BaseException) -> None:
        """A thread ended by a defect: what it would have brought never comes, so the stream has failed."""
        try:
            self._give_up(ended_by(error, name, name if name in self.connections else ""), name)
        except Exception:
            log.exception("that the thread of the %s ended could not be told to all", name)

    def _give_up(self, error: StreamError, name: str) -> None:
        self.standing.failed(error)
        try:
            self.announce(error)
            if not isinstance(error, Disconnected):
                self.announce(Disconnected(str(error), name, final=True))
        finally:
            for consumer in self.audiences.consumers():
                consumer.wake()

    def _topic_refused(self, connection: Connection, error: SubscriptionRefused) -> None:
        if error.retry_in is None:
            with self.lock:
                self.routes.pop(error.topic, None)
        log_refused(error)
        self.standing.refused(error, connection.name)
        self.announce(error)

    def _hook_failed(self, error: HookError, first: bool) -> None:
        # What a hook raises when it is given a HookError is not announced: it would be given that again, for ever.
        announced = not isinstance(error.event, HookError)
        self.failures.tell(error, first=first, heard=announced and self.audiences.hears(HookError))
        if self.options.strict:
            self.standing.hook_failed(error)
        if announced:
            self.announce(error)

    def _refuse_other_process(self) -> None:
        if os.getpid() != self._pid:
            raise UsageError("this stream was made before fork(); make a new one in this process")

    def _audience(self, target: Any) -> Route | ClassRoute:
        """Who hears of a topic, or of a class of session events; under the lock."""
        if isinstance(target, Topic):
            return self._route(target)
        return self.audiences.classes.setdefault(target, ClassRoute())

    def _route(self, topic: Topic[Any]) -> Route:
        """The route of a topic, subscribed if it is new; under the lock."""
        self._refuse_other_process()
        if self.standing.stopped:
            raise Disconnected("it was stopped", final=True)
        if topic.private and not self.options.hears_private:
            raise UsageError(
                f"{topic.name!r} is a private topic; pass credentials=Credentials.from_env() or the like"
            )
        route = self.routes.get(topic.name)
        if route is None:
            route = Route(topic, self.dispatcher.keeper)
            route.backlog = backlog_of_hooks(self.handover, route, self.dispatcher)
            self.audiences.add(route)
            self.standing.begin(topic.name)
        elif route.topic.params != topic.params:
            raise UsageError(
                f"{topic.name!r} is subscribed with other parameters; use the symbol= filter instead"
            )
        if self.standing.started:
            self._want(route).driver.start()
        return route

    def _want(self, route: Route) -> Connection:
        """Want a topic on its connection, made when first needed; under the lock."""
        connection = self._connection("private" if route.topic.private else "public")
        connection.want(route.topic, required=route.is_required)
        return connection

    def _hook_left(self, hook: Hook) -> None:
        self.audiences.drop_hook(hook)
        self._maybe_leave(hook.topic)

    def _maybe_leave(self, name: str) -> None:
        """Unsubscribe a topic that nobody wants any more; may be called by the garbage collector."""
        route = self.routes.get(name)
        if route is None or not route.is_empty or self.standing.stopped:
            return
        connection = self.connections.get("private" if route.topic.private else "public")
        if connection is not None:
            connection.leave(name)
        else:
            self.routes.pop(name, None)
