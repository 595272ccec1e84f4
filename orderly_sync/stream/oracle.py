"""A builder's index prices, pushed from the caller's own thread over a connection that only sends.

It is no ``Stream``: nothing is subscribed, nothing is recovered, and a price that was not sent is worth nothing a
second later. So there is no thread either; what the venue says meanwhile is read when the next price is sent.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import selectors
import ssl
import threading
from collections.abc import Mapping
from decimal import Decimal
from types import TracebackType
from typing import Any, NoReturn

import websocket
from typing_extensions import Self

from orderly_sync.clock import Clock
from orderly_sync.config import Network, Timeouts, network, timeouts_of
from orderly_sync.corrected_clock import CorrectedClock, off_by
from orderly_sync.credentials import Credentials
from orderly_sync.dialling.addresses import NotSent
from orderly_sync.dialling.trust import Proxy, tls_context
from orderly_sync.errors import DecodingError, Disconnected, LoginRefused, PushRefused, UsageError
from orderly_sync.signing import login_message
from orderly_sync.stream.handshake import HandshakeRefused, shake_hands
from orderly_sync.wire.json import decode
from orderly_sync.wire.numbers import Number, number
from orderly_sync.wire.oracle import PONG, publish_frame, push_url

__all__ = ["OracleFeed"]

_NAME = "oracle"
_BASE = re.compile(r"[A-Za-z0-9]{1,32}")
_MOST_REFUSALS = 100


class OracleFeed:
    """Pushes index prices of a builder to the venue; ``Rest.listing.set_oracle_feed`` registers each asset first.

    ``with OracleFeed("mainnet", credentials) as feed: feed.publish("AAPL", "190.5")``, at least once a second while the
    asset's market session is open. It dials with the first price, and anew with the first one after a loss. Shown by a
    guide of the venue only: what is signed and how a price is acknowledged are taken from the other streams.

    Args:
        to: A network's name or value; it must have an oracle host (``ws_oracle``).
        credentials: Of the builder's admin.
        timeouts: ``connect`` bounds a dial and a send.
        clock: This machine's clock; what is signed bears the venue's time as far as it is known.
        ca_file: Certificates to trust instead of certifi's.
        proxy: An HTTP proxy's URL; the environment's is never used.

    Raises:
        UsageError: The network has no oracle host that is known, or ``ca_file`` or ``proxy`` cannot be used.
    """

    def __init__(
        self,
        to: str | Network,
        credentials: Credentials,
        *,
        timeouts: Timeouts | None = None,
        clock: Clock | None = None,
        ca_file: str | None = None,
        proxy: str | None = None,
    ) -> None:
        target = network(to)
        if target.ws_oracle is None:
            raise UsageError(
                f"no oracle host of {target.name!r} is known; name it with Network(..., ws_oracle='wss://...')"
            )
        self._base = target.ws_oracle
        self._credentials = credentials
        self._seconds = timeouts_of(timeouts).connect
        self._clock = CorrectedClock.of(clock)
        self._signed = (0, 0.0)  # the time in the URL, ms, and the monotonic second at which it was signed
        self._proxy = Proxy.of(proxy)
        self._context = tls_context(ca_file) if self._base.startswith("wss:") or ca_file is not None else None
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._connection: Any = None  # websocket.WebSocket
        self._refused: list[tuple[str, str]] = []
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"OracleFeed({self._base!r}, {'closed' if self._closed else 'open'})"

    def publish(self, base_ccy: str, price: Number) -> str:
        """Send one price, in USDC; the id that a refusal would name.

        Raises:
            UsageError: The asset or the price cannot be right, or the feed is closed; nothing was sent.
            PushRefused: The venue refused an earlier price; this one was not sent.
            LoginRefused: The venue refused the key.
            Disconnected: The price was not sent, or perhaps not; send the next one.
        """
        given: object = base_ccy
        if not isinstance(given, str) or not _BASE.fullmatch(given):
            raise UsageError(f"base_ccy={base_ccy!r:.60} is no asset; pass its base symbol such as 'AAPL'")
        exact = number(price, "price")
        if not exact:
            raise UsageError(f"price={price!r:.60} must be above 0")
        with self._lock:
            if self._closed:
                raise UsageError("this oracle feed is closed; make a new one")
            return self._send(base_ccy, exact)

    def check(self, timeout: float = 1.0) -> None:
        """Wait up to ``timeout`` seconds for what the venue has to say of the prices sent.

        Raises:
            PushRefused: It refused one; the oldest refusal is told first.
            LoginRefused: It refused the key.
            Disconnected: The connection is lost.
        """
        with self._lock:
            if self._connection is not None:
                self._drain(timeout)
            self._tell_refusal()

    def stop(self) -> None:
        """The same as ``close()``."""
        self.close()

    def close(self) -> None:
        """Close the connection; idempotent."""
        with self._lock:
            self._closed = True
            self._drop()

    # Under the lock ------------------------------------------------------------------------------------------

    def _send(self, base_ccy: str, price: Decimal) -> str:
        if self._connection is None:
            self._dial()
        self._drain(0.0)
        self._tell_refusal()
        push_id = f"push_{next(self._ids)}"
        self._write(publish_frame(push_id, base_ccy, price, self._clock.time_ms()))
        return push_id

    def _url(self) -> str:
        """Signed now: the venue refuses a stale one."""
        own, now = self._credentials, self._clock.time_ms()
        self._signed = now, self._clock.monotonic()
        return push_url(
            self._base, own.account_id, key=own.key, timestamp=now, sign=own.secret.sign(login_message(now))
        )

    def _dial(self) -> None:
        try:
            self._connection = shake_hands(
                self._url(), self._seconds, self._clock.monotonic, self._proxy, self._context
            )
        except NotSent as exc:
            if isinstance(exc, HandshakeRefused) and exc.status in {401, 403}:
                self._refuse_login(str(exc), None, exc.date)
            raise Disconnected(f"cannot connect: {exc}", _NAME) from None
        self._clock.answered(None, (self._connection.getheaders() or {}).get("date"), self._signed[1])

    def _refuse_login(self, message: str, ts: object, date: str | None) -> NoReturn:
        """Final, unless the time was wrong: the next price is sent by a new login with the venue's time."""
        self._drop()
        stamp, made = self._signed
        self._clock.answered(ts, date, made)
        if self._clock.refused(stamp, made):
            raise Disconnected(f"the login was refused for its time: {off_by(self._clock.offset())}", _NAME)
        raise LoginRefused(message)

    def _write(self, frame: bytes) -> None:
        try:
            self._connection.send(frame.decode())
        except (OSError, websocket.WebSocketException) as exc:
            # It may have said why before it hung up.
            self._drain(0.0)
            self._lose(f"the connection broke: {type(exc).__name__}")

    def _lose(self, reason: str) -> NoReturn:
        """Give the connection up; what the venue refused before is the better reason."""
        self._drop()
        self._tell_refusal()
        raise Disconnected(reason, _NAME) from None

    def _drain(self, timeout: float) -> None:
        """Read what has come, answering pings; wait for the first of it up to ``timeout`` seconds."""
        while self._connection is not None and self._has_come(timeout):
            timeout = 0.0
            try:
                opcode, payload = self._connection.recv_data()
            except (OSError, websocket.WebSocketException) as exc:
                self._lose(f"the connection broke: {type(exc).__name__}")
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                self._lose("the venue closed the connection")
            if opcode == websocket.ABNF.OPCODE_TEXT:
                self._take(payload)

    def _has_come(self, timeout: float) -> bool:
        sock = self._connection.sock
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            return True
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_READ)
            return bool(selector.select(timeout))

    def _take(self, payload: bytes) -> None:
        try:
            frame = decode(payload, "oracle push")
        except DecodingError:
            return
        if not isinstance(frame, Mapping):
            return
        if frame.get("event") == "ping":
            self._write(PONG)
        elif frame.get("success") is False:
            self._note(frame)

    def _note(self, frame: Mapping[str, object]) -> None:
        message = str(frame.get("errorMsg") or frame.get("message") or "no reason given")[:200]
        if frame.get("event") == "auth":
            self._refuse_login(message, frame.get("ts"), None)
        self._refused.append((str(frame.get("id", "")), message))
        del self._refused[:-_MOST_REFUSALS]

    def _tell_refusal(self) -> None:
        if self._refused:
            raise PushRefused(*self._refused.pop(0))

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError, websocket.WebSocketException):
                connection.send_close()
            connection.shutdown()
