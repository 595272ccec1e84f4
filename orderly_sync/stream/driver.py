"""The I/O thread: the only one that touches the socket.

websocket-client does the handshake (``handshake``) and writes frames (``ABNF``). Its ``WebSocketApp`` is not
used: it cannot notice a stall in mid-frame, hangs in ``close()`` while a send is stuck, and hides the connection's
life behind callbacks. Here one thread owns a non-blocking socket, an outbound buffer and a wake-up socketpair;
nobody else ever sends or closes.
"""

from __future__ import annotations

import contextlib
import ssl
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from websocket import ABNF

from orderly_sync.clock import Clock
from orderly_sync.config import Timeouts
from orderly_sync.corrected_clock import CorrectedClock
from orderly_sync.dialling.addresses import NotSent
from orderly_sync.dialling.cancellation import Cancellation
from orderly_sync.dialling.trust import Proxy, tls_context
from orderly_sync.logs import log_of
from orderly_sync.stream.effects import Abort, Dial, ProtocolEvent, Send
from orderly_sync.stream.frames import BINARY, CLOSE, PING, TEXT, FrameError, FrameReader
from orderly_sync.stream.handshake import shake_hands
from orderly_sync.stream.outbound import Outbound
from orderly_sync.stream.protocol import StreamProtocol
from orderly_sync.stream.wakeup import Wakeup
from orderly_sync.values.arithmetic import adopt
from orderly_sync.waiting import Worker

__all__ = ["Driver", "DriverListener"]

log = log_of("orderly_sync.stream")

READ_SIZE = 256 * 1024
_MAX_READS = 16
"""Reads in a row before effects and time are looked at again, so that a flood cannot starve the heartbeat."""
_MAX_OUTBOUND = 4 * 1024 * 1024
_PING_LONGEST = 64
_DEAF = "the venue does not read what is sent to it"


class DriverListener(Protocol):
    """Who is told what the connection brings; called on the I/O thread and must never block."""

    def pushed(self, text: bytes, now: float) -> Any:
        """A text frame; returns the decoded message if it is no push but one for the protocol, else None."""

    def pinged(self, text: bytes, now: float) -> Any:
        """The venue's ping, which has been answered; it says what time it is there."""

    def occurred(self, occurrence: ProtocolEvent) -> None:
        """The protocol announces something."""

    def undecodable(self, error: Exception) -> None:
        """A frame could not be read; the stream goes on."""

    def tick(self, now: float) -> None:
        """Called at least whenever ``deadline`` has passed."""

    def ended(self, error: BaseException) -> None:
        """Its thread ends by a defect of this package; the last thing that is told."""

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due; None while nothing depends on time."""


class Driver:
    """Runs one StreamProtocol over one socket after another, on a daemon thread.

    Args:
        name: ``"private"`` or ``"public"``; the thread is called ``orderly-<name>``.
        url: Where to dial.
        protocol: The state machine; touched by this thread only.
        owner: Who is told.
        clock: Where time comes from.
        timeouts: How long a dial may take.
        ca_file: Certificates to trust instead of certifi's.
        proxy: An HTTP proxy's URL; the environment's is never used.

    Raises:
        UsageError: ``ca_file`` cannot be read, or ``proxy`` is no proxy's URL.
    """

    def __init__(
        self,
        name: str,
        url: str,
        protocol: StreamProtocol,
        owner: DriverListener,
        *,
        clock: Clock,
        timeouts: Timeouts,
        ca_file: str | None = None,
        proxy: str | None = None,
    ) -> None:
        self.name = name
        self.received_bytes = 0
        self.dials = 0
        self._thread = Worker(self._run, f"orderly-{name}", owner.ended)
        self._url = url
        self._protocol = protocol
        self._owner = owner
        self._clock = CorrectedClock.of(clock)
        self._timeouts = timeouts
        self._proxy = Proxy.of(proxy)
        self._context = tls_context(ca_file) if url.startswith("wss:") or ca_file is not None else None
        self._commands: deque[Callable[[float], object]] = deque()
        self._wakeup = Wakeup()
        self._socket: Any = None
        self._reader = FrameReader()
        self._outbound = Outbound(timeouts.send)
        self._ending = Cancellation()

    # From any thread -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the thread, which dials; starting twice changes nothing."""
        self._thread.start()

    def submit(self, command: Callable[[float], object]) -> None:
        """Run a command of the protocol on the I/O thread, soon."""
        self._commands.append(command)
        self._wakeup.wake()

    def stop(self) -> None:
        """Ask the thread to close the connection, or to leave off dialling, and end; returns at once."""
        self._ending.set()
        self._wakeup.wake()

    @property
    def is_alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive

    @property
    def is_current(self) -> bool:
        """Whether the caller is its thread."""
        return self._thread.is_current

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; whether it has. True at once on the thread itself."""
        return self._thread.join(timeout)

    # The I/O thread --------------------------------------------------------------------------------------------

    def _run(self) -> None:
        adopt()
        try:
            self._protocol.connect(self._clock.monotonic())
            while not self._ending.is_set():
                self._guarded_step()
        finally:
            self._finish()

    def _guarded_step(self) -> None:
        """A step that survives a defect of this package: what came meanwhile is doubtful, so the connection is lost.

        Without a connection nothing can be made good by a new one, so it raises, and the stream fails.
        """
        try:
            self._step()
        except Exception as exc:
            log.exception("a defect of this package cost the %s stream its connection", self.name)
            if self._socket is None:
                raise
            self._lost(f"a defect of this package: {type(exc).__name__}")

    def _step(self) -> None:
        now = self._clock.monotonic()
        self._run_submitted(now)
        self._check_sending(now)
        due = self._due()
        if due is not None and now >= due:
            self._tick(now)
        if self._protocol.has_output:
            self._perform()
            due = self._due()
        if self._ending.is_set() or self._commands:
            return
        if self._pending_tls():
            self._write()
            self._read()
            return
        timeout = None if due is None else max(0.0, due - self._clock.monotonic())
        readable, writable = self._wakeup.wait(timeout, writes=bool(self._outbound))
        if writable:
            self._write()
        if readable and self._socket is not None:
            self._read()

    def _due(self) -> float | None:
        dues = (self._protocol.deadline, self._owner.deadline, self._outbound.deadline)
        return min((due for due in dues if due is not None), default=None)

    def _tick(self, now: float) -> None:
        deadline = self._protocol.deadline
        if deadline is not None and now >= deadline:
            self._protocol.tick(now)
        self._owner.tick(now)

    def _run_submitted(self, now: float) -> None:
        while self._commands:
            command = self._commands.popleft()
            try:
                command(now)
            except ValueError:
                log.exception("a command came at a time it cannot come at")

    def _pending_tls(self) -> bool:
        return isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0

    def _read(self) -> None:
        for _ in range(_MAX_READS):
            try:
                data = self._socket.recv(READ_SIZE)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError, InterruptedError):
                return
            except OSError as exc:
                self._lost(f"the connection broke: {exc.strerror or type(exc).__name__}")
                return
            if not data:
                self._lost("the venue closed the connection")
                return
            self.received_bytes += len(data)
            self._take(data)
            if self._socket is None or (len(data) < READ_SIZE and not self._pending_tls()):
                return
            self._write()

    def _take(self, data: bytes) -> None:
        """Cut frames, answer pings first, hand the rest over."""
        now = self._clock.monotonic()
        self._protocol.heard(now)
        broken: FrameError | None = None
        try:
            messages = self._reader.feed(data)
        except FrameError as exc:
            messages, broken = exc.messages, exc
        for opcode, payload in messages:
            if len(payload) < _PING_LONGEST or opcode == PING:
                self._answer_ping(opcode, payload)
        self._deliver(messages, now)
        if broken is not None and self._socket is not None:
            self._say_goodbye(broken.code)
            self._lost(f"the venue broke the protocol: {broken}")

    def _deliver(self, messages: list[tuple[int, bytes]], now: float) -> None:
        """Hand messages over, in order, for as long as the connection stands."""
        pushed = self._owner.pushed
        for opcode, payload in messages:
            if opcode != TEXT:
                self._message(opcode, payload)
            else:
                try:
                    if len(payload) >= _PING_LONGEST or b'"ping"' not in payload:
                        message = pushed(payload, now)
                    else:
                        message = self._owner.pinged(payload, now)
                except Exception as exc:  # noqa: BLE001 - whatever a frame does to its reader, the stream goes on
                    self._owner.undecodable(exc)
                    continue
                if message is not None:
                    self._protocol.received(message, now)
                    self._perform()
            if self._socket is None:
                return

    def _answer_ping(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT and b'"ping"' in payload:
            self._protocol.ping()
            self._perform()
        elif opcode == PING:
            self._queue(payload, ABNF.OPCODE_PONG)
            self._write()

    def _message(self, opcode: int, payload: bytes) -> None:
        if opcode == BINARY:
            self._owner.undecodable(FrameError("a binary frame; this API speaks text", 1003))
        elif opcode == CLOSE:
            code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005  # noqa: PLR2004
            self._say_goodbye(1000)
            self._lost(f"the venue closed the connection with code {code}")

    def _perform(self) -> None:
        """Carry out what the protocol decided, then announce what it noticed."""
        for effect in self._protocol.effects():
            if isinstance(effect, Send):
                self._queue(effect.text, ABNF.OPCODE_TEXT)
            elif isinstance(effect, Abort):
                self._drop_socket()
            elif isinstance(effect, Dial):
                self._announce()
                self._dial()
        self._write()
        self._announce()

    def _announce(self) -> None:
        for occurrence in self._protocol.events():
            self._owner.occurred(occurrence)

    def _dial(self) -> None:
        self.dials += 1
        began = self._clock.monotonic()
        try:
            with self._ending.applied():
                connection = shake_hands(
                    self._url, self._timeouts.connect, self._clock.monotonic, self._proxy, self._context
                )
        except NotSent as exc:
            if not self._ending.is_set():
                self._protocol.lost(f"cannot connect: {exc}", self._clock.monotonic())
        else:
            self._clock.answered(None, (connection.getheaders() or {}).get("date"), began)
            self._socket = connection.sock
            self._socket.setblocking(False)
            self._wakeup.watch(self._socket)
            self._reader = FrameReader()
            self._outbound.clear()
            self._protocol.opened(self._clock.monotonic())
        self._perform()

    def _queue(self, payload: bytes, opcode: int) -> None:
        if self._socket is not None:
            self._outbound.add(ABNF.create_frame(payload, opcode).format(), self._clock.monotonic())

    def _write(self) -> None:
        if not self._outbound or self._socket is None:
            return
        try:
            sent = self._socket.send(self._outbound.data)
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError, InterruptedError):
            sent = 0
        except OSError as exc:
            self._lost(f"the connection broke while sending: {exc.strerror or type(exc).__name__}")
            return
        self._outbound.taken(sent)
        if len(self._outbound) > _MAX_OUTBOUND:
            self._lost(_DEAF)

    def _check_sending(self, now: float) -> None:
        """Give a connection up whose peer has not taken what was sent in time."""
        due = self._outbound.deadline
        if due is not None and now >= due:
            self._write()
            due = self._outbound.deadline
            if due is not None and now >= due:
                self._lost(f"{_DEAF} within {self._timeouts.send:g} s")

    def lose(self, reason: str) -> None:
        """Give the connection up and dial anew; on the I/O thread only."""
        if self._socket is not None:
            self._lost(reason)

    def _lost(self, reason: str) -> None:
        self._drop_socket()
        self._protocol.lost(reason, self._clock.monotonic())
        self._perform()

    def _say_goodbye(self, code: int) -> None:
        """A close frame, as far as the socket takes it at once."""
        if self._socket is None:
            return
        with contextlib.suppress(OSError):
            self._socket.send(
                bytes(self._outbound.data)
                + ABNF.create_frame(code.to_bytes(2, "big"), ABNF.OPCODE_CLOSE).format()
            )
        self._outbound.clear()

    def _drop_socket(self) -> None:
        sock, self._socket = self._socket, None
        self._outbound.clear()
        if sock is not None:
            self._wakeup.unwatch()
            with contextlib.suppress(OSError):
                sock.close()

    def _finish(self) -> None:
        self._say_goodbye(1000)
        self._drop_socket()
        with contextlib.suppress(ValueError):
            self._protocol.close(self._clock.monotonic())
        self._wakeup.close()
