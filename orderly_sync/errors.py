"""Every error this package raises, in one tree.

::

    OrderlyError
    ├── UsageError                  you called it wrongly; nothing was sent
    ├── DryRun                      it would have been sent, but for dry_run=True (.request .body)
    ├── RequestError                a request was involved (.request)
    │   ├── TransportError          no answer could be had
    │   │   ├── ConnectFailed       nothing reached the venue
    │   │   ├── TimedOut            the deadline passed
    │   │   └── OrderOutcomeUnknown a write was sent, its answer lost: ask before acting
    │   └── ApiError                the venue answered no (.code .message .status .path)
    │       ├── AuthenticationError · RateLimited · BadRequest · NotFound · Duplicate · InsufficientMargin · Maintenance
    │       └── InvalidOrder        price, size, notional or distance; names the nearest valid value
    ├── DecodingError               the venue said something this package cannot read
    ├── StreamError
    │   ├── LoginRefused · SubscriptionRefused · PushRefused · Disconnected · Overflow · StaleBook
    ├── HookError                   a hook of yours raised
    ├── NotFlat                     ex.flatten could not do it in time (.left)
    └── JournalError                the journal cannot be used (.path); JournalDegraded: not any more

Errors take facts and make their own sentence. None of them ever holds a secret, a signature or a signed header.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

__all__ = [
    "ApiError",
    "AuthenticationError",
    "BadRequest",
    "ConnectFailed",
    "DecodingError",
    "Disconnected",
    "DryRun",
    "Duplicate",
    "HookError",
    "InsufficientMargin",
    "InvalidOrder",
    "JournalDegraded",
    "JournalError",
    "LoginRefused",
    "Maintenance",
    "NotFound",
    "OrderOutcomeUnknown",
    "OrderlyError",
    "Overflow",
    "PushRefused",
    "RateLimited",
    "RequestError",
    "StaleBook",
    "StreamError",
    "SubscriptionRefused",
    "TimedOut",
    "TransportError",
    "UsageError",
]


class OrderlyError(Exception):
    """Anything that this package raises; what it says is ASCII, and it can be pickled."""

    _stays: ClassVar[frozenset[str]] = frozenset()  # attributes that mean nothing in another process

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        said = cls.__str__
        if "__str__" in vars(cls):
            cls.__str__ = lambda self: _in_ascii(said(self))  # type: ignore[method-assign]

    def __str__(self) -> str:
        return _in_ascii(super().__str__())

    def __repr__(self) -> str:
        return _in_ascii(super().__repr__())

    def __reduce__(self) -> tuple[Any, ...]:
        # Constructors take more than what stands in args, so attributes are carried over and none is called.
        facts = {name: self.__dict__[name] for name in self.__dict__.keys() - self._stays}
        return _restored, (type(self), self.args, facts, self.__cause__)


def _in_ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("ascii")


def _shown(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - its repr may do anything
        return f"<{type(value).__name__} whose repr raises>"


def _restored(
    kind: type[OrderlyError], args: tuple[object, ...], facts: dict[str, object], cause: BaseException | None
) -> OrderlyError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(facts)
    error.__cause__ = cause
    return error


class UsageError(OrderlyError, ValueError):
    """A call that cannot be right; nothing was sent. The message says what to pass instead."""


class DryRun(OrderlyError):
    """A write that passed every check of this client and was not sent, because it was made with ``dry_run=True``.

    ``request`` is ``"POST /v1/order"`` or the like, ``body`` the JSON that would have been sent, empty where none is.
    """

    def __init__(self, request: str, body: str = "") -> None:
        super().__init__(request, body)
        self.request = request
        self.body = body

    def __str__(self) -> str:
        what = f" {self.body}" if self.body else ""
        return f"{self.request}{what} was checked and not sent: this client was made with dry_run=True"


class RequestError(OrderlyError):
    """A request was involved: ``request`` names it, ``"GET /v1/orders"``, ``detail`` says in a clause what is known."""

    def __init__(self, request: str, detail: str = "") -> None:
        super().__init__(request, detail)
        self.request = request
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.request}: {self.detail}" if self.detail else self.request


class TransportError(RequestError):
    """The venue's answer could not be had."""


class ConnectFailed(TransportError):
    """No connection came about, so nothing reached the venue; sending again is safe."""


class TimedOut(TransportError):
    """The deadline passed before the answer was complete. Only reads raise this; writes raise OrderOutcomeUnknown."""


class OrderOutcomeUnknown(TransportError):
    """A write was sent and its answer lost: it may or may not have happened.

    ``ex.resolve(error)`` finds out. Whoever asks by hand: an id is unique among open orders only, so if it was used
    before, symbol, side, terms and ``created_time`` tell whether what is found is it.
    """

    _stays = frozenset({"sent", "certain_at", "signed_at"})
    sent: object = None
    signed_at: float | None = None  # the monotonic second at which what was lost was signed
    certain_at: float | None = None  # the monotonic second from which on what is not there never will be

    def __init__(
        self, request: str, client_order_id: str | None = None, detail: str = "", sent: object = None
    ) -> None:
        super().__init__(request, detail)
        self.client_order_id = client_order_id
        if sent is not None:
            self.sent = sent

    def __str__(self) -> str:
        known = f"for client_order_id {own!r}" if (own := self.client_order_id) else "before repeating it"
        return f"{self.request}: the outcome is unknown ({self.detail or 'the answer was lost'}); ask {known}"


class ApiError(RequestError):
    """The venue answered and refused.

    Args:
        code: The venue's code, such as -1101; a few hosts send text; None where the answer had none.
        message: The venue's own words.
        status: The HTTP status; None where nothing was sent.
        path: The path template of the operation, ``method`` its verb.
    """

    def __init__(
        self,
        code: int | str | None,
        message: str,
        status: int | None = None,
        path: str = "",
        method: str = "",
    ) -> None:
        super().__init__(f"{method} {path}".strip(), message)
        self.code = code
        self.message = message
        self.status = status
        self.path = path
        self.method = method

    def __str__(self) -> str:
        facts = [str(self.code)] if self.code is not None else []
        facts += [f"HTTP {self.status}"] if self.status is not None else []
        what = f"{self.request}: " if self.request else ""
        return f"{what}{self.message} ({', '.join(facts)})" if facts else f"{what}{self.message}"


class AuthenticationError(ApiError):
    """Key, signature, timestamp or scope refused (-1001, -1002)."""


class RateLimited(ApiError):
    """Too many requests (-1003 or HTTP 429); ``retry_after`` is in seconds where the venue said so."""

    retry_after: float | None = None


class BadRequest(ApiError):
    """A parameter is unknown or malformed (-1004, -1005), or the venue refused for another stated reason."""


class NotFound(ApiError):
    """Nothing there to act on (-1006), such as an order that is already done."""


class Duplicate(ApiError):
    """It exists already or was sent twice (-1007)."""


class InsufficientMargin(ApiError):
    """Not enough margin for the result of the request (-1101)."""


class InvalidOrder(ApiError):
    """Price, size, notional or distance breaks the symbol's rules (-1102 to -1105).

    ``nearest`` is the nearest valid value where one is known; ``status`` is None if it was refused before sending.
    """

    nearest: Decimal | None = None


class Maintenance(ApiError):
    """The venue is under maintenance or its engine is out of reach (-1011, HTTP 503)."""


class DecodingError(OrderlyError):
    """Text from the venue that this package cannot read.

    Args:
        where: The operation or topic, with the path of the field where it is known.
        excerpt: The beginning of the text, cut and escaped.
        detail: What was expected.
    """

    def __init__(self, where: str, excerpt: str = "", detail: str = "") -> None:
        super().__init__(where, excerpt, detail)
        self.where = where
        self.excerpt = excerpt
        self.detail = detail

    def __str__(self) -> str:
        text = f"{self.where}: {self.detail or 'not readable'}"
        return f"{text}: {self.excerpt}" if self.excerpt else text


class StreamError(OrderlyError):
    """Something about the WebSocket half."""


class LoginRefused(StreamError):
    """The venue refused the WebSocket login; final. One refused for the time of this machine's clock is made anew."""


class SubscriptionRefused(StreamError):
    """The venue refused one topic; the other topics go on.

    A topic refused when first asked for is wanted no longer. One heard before (a refusal after a new dial), or that
    the client itself needs, is asked for again until it is acknowledged; ``status`` is not ``ready`` meanwhile.

    Args:
        topic: Its name on the wire.
        message: The venue's own words.
        retry_in: Seconds until it is asked for again; None where it is not.
    """

    def __init__(self, topic: str, message: str = "", *, retry_in: float | None = None) -> None:
        super().__init__(topic, message)
        self.topic = topic
        self.message = message
        self.retry_in = retry_in

    def __str__(self) -> str:
        again = "" if self.retry_in is None else f"; it is asked for again in {self.retry_in:.2f} s"
        return f"the venue refused the topic {self.topic!r}: {self.message or 'no reason given'}{again}"


class PushRefused(StreamError):
    """The venue refused an index price of an ``OracleFeed`` (``push_id``) in its own words; the next may pass."""

    def __init__(self, push_id: str, message: str = "") -> None:
        super().__init__(push_id, message)
        self.push_id = push_id
        self.message = message

    def __str__(self) -> str:
        return f"the venue refused the price {self.push_id}: {self.message or 'no reason given'}"


class Disconnected(StreamError):
    """The connection went down. As an event: it will be dialled again. Raised: the stream has stopped or given up.

    Args:
        reason: Why, as a clause.
        connection: ``"private"`` or ``"public"``.
        final: Whether the stream has given up.
    """

    def __init__(self, reason: str = "", connection: str = "", *, final: bool = False) -> None:
        super().__init__(reason, connection)
        self.reason = reason
        self.connection = connection
        self.final = final

    def __str__(self) -> str:
        name = f"the {self.connection} stream" if self.connection else "the stream"
        return f"{name} {'is down for good' if self.final else 'is down'}: {self.reason or 'no reason known'}"


class Overflow(StreamError):
    """A queue of private events was full: a hook or a consumer is too slow.

    Announced at once, also while hooks are stuck. Reports of orders are not lost by it: a connected client reads them
    by REST as soon as there is room and delivers them in order, ``recovered``, until ``Resynced``. Of other topics, and
    of a ``Stream`` by itself, they are dropped.

    Args:
        topic: The topic whose events found no room.
        dropped: How many so far; with ``lost``, of how many orders reports are missing for good.
        lost: Whether the venue did not tell of them again, so that they are never delivered.
    """

    def __init__(self, topic: str, dropped: int, *, lost: bool = False) -> None:
        super().__init__(topic, dropped)
        self.topic = topic
        self.dropped = dropped
        self.lost = lost

    def __str__(self) -> str:
        what = f"of {self.topic!r}"
        if self.lost:
            return f"reports of {self.dropped} orders {what} found no room and cannot be read again"
        return f"{self.dropped} events {what} did not fit their queue; consume faster or raise maxlen"


class StaleBook(StreamError):
    """The order book lost its chain of updates and is being rebuilt; its last levels are not shown as live."""

    def __init__(self, symbol: str, reason: str = "") -> None:
        super().__init__(symbol, reason)
        self.symbol = symbol
        self.reason = reason

    def __str__(self) -> str:
        return f"the book of {self.symbol} is being rebuilt: {self.reason or 'no snapshot yet'}"


class HookError(OrderlyError):
    """A hook raised. Delivered as an event; ``__cause__`` is what it raised, ``event`` what it was given."""

    def __init__(self, hook: str, topic: str, event: object = None) -> None:
        super().__init__(hook, topic)
        self.hook = hook
        self.topic = topic
        self.event = event

    def __str__(self) -> str:
        return f"the hook {self.hook} raised {_shown(self.__cause__)} on {self.topic!r}"


class JournalError(OrderlyError):
    """The journal named by ``connect(journal=...)`` cannot be used as it is; the message says what to do."""

    def __init__(self, path: object, detail: str = "") -> None:
        super().__init__(str(path), detail)
        self.path = str(path)
        self.detail = detail

    def __str__(self) -> str:
        return f"the journal {self.path} {self.detail or 'cannot be used'}"


class JournalDegraded(JournalError):
    """The journal cannot be written to: a full disk, another program's lock, a damaged or deleted file.

    Announced, never raised. Trading and hooks go on; what happens from now on may be told twice, unflagged, should the
    process be killed. Unless ``final``, it is tried again, and what could not be written is written then.
    """

    final: bool = False
