"""Faults on request: what the venue does wrong when a test tells it to. Pure; the server asks before it acts.

``POST /venue/faults`` takes one object, each name of it one fault; a name given again replaces the earlier one,
``{"clear": true}`` ends them all. ``{"add": {"kind": ...}}`` puts a rule with a selector in force, ``{"remove": id}``
ends it (``venue/server/fault_rules.py``); the answer lists them as ``rules``. The ledger is never touched by a fault:
it keeps what was emitted, so that a test can see what a client missed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.fault_rules import FaultRule, FaultRules
from orderly_sync.venue.server.fault_values import (
    read_chance,
    read_close_code,
    read_count,
    read_flag,
    read_frame,
    read_headers,
    read_integer,
    read_status,
    read_text,
)
from orderly_sync.wire.error_codes import INVALID_PARAM, UNKNOWN

__all__ = ["Faults", "HttpFault", "read_at_once"]


@attrs.define(kw_only=True)
class HttpFault:
    """One thing that goes wrong with some answers.

    Args:
        path: Path template or path it concerns; ``*`` for any.
        method: Verb it concerns; None for any.
        status: Answer with this status; None for another ending.
        code: The error code of that answer.
        body: Its body instead of JSON.
        headers: More headers, such as Retry-After.
        reset: Cut the connection without an answer.
        timeout: Never answer.
        truncate: Send half of the answer, then cut.
        commit: Whether the request is carried out before.
        times: How many answers it spoils.
        delay_ms: The answer goes out so much later.
    """

    path: str = "*"
    method: str | None = None
    status: int | None = None
    code: int = UNKNOWN
    body: str | None = None
    headers: dict[str, str] = attrs.field(factory=dict)
    reset: bool = False
    timeout: bool = False
    truncate: bool = False
    commit: bool = False
    times: int = 1
    delay_ms: int = 0

    @classmethod
    def of(cls, rule: FaultRule) -> HttpFault:
        """What a rule does to the request that it strikes."""
        if rule.kind == "lose_answer":
            return cls(reset=True, commit=rule.executed)
        return cls(
            status=rule.status,
            code=UNKNOWN if rule.code is None else rule.code,
            body=rule.body,
            headers=dict(rule.headers),
            truncate=rule.half,
            commit=rule.executed or rule.status is None,
            delay_ms=rule.ms,
        )

    @property
    def spoils(self) -> bool:
        """Whether it does more than to delay the answer."""
        return self.status is not None or self.reset or self.timeout or self.truncate


@attrs.define(kw_only=True)
class Faults:
    """The faults in force."""

    delay_ms: int = 0
    """Each answer waits so long after the request was carried out."""
    http: list[HttpFault] = attrs.field(factory=list)
    read_lag_ms: int = 0
    """Reads of orders, algo orders and fills do not show what is younger."""
    drop_reports: float = 0.0
    """Private events are lost with this probability."""
    duplicate_reports: float = 0.0
    """They are sent twice with this probability."""
    swap_reports: float = 0.0
    """They are held back until after the next one with this probability."""
    report_topics: frozenset[str] = frozenset()
    """The topics that those three concern; none named are all."""
    delay_pushes: dict[str, int] = attrs.field(factory=dict)
    """Private events of these topics go out late, each by a random time up to so many ms; ``*`` is any topic."""
    mute: frozenset[str] = frozenset()
    """Topics acknowledged but never pushed; ``*`` silences everything, pings and acknowledgements too."""
    no_ping: bool = False
    """The venue does not ping."""
    no_pong: bool = False
    """The venue does not answer pings."""
    refuse_login: int = 0
    """So many logins are refused."""
    refuse_topics: frozenset[str] = frozenset()
    """Subscriptions to these are refused."""
    no_ack: frozenset[str] = frozenset()
    """``auth``, ``subscribe`` or ``unsubscribe``: done, but not acknowledged."""
    close_on: str | None = None
    """``auth`` or ``subscribe``: the connection is cut when such a frame comes, ``close_times`` times."""
    close_times: int = 0
    refuse_upgrade: int = 0
    """So many WebSocket handshakes are answered with 503."""
    book_gap: float = 0.0
    """Updates of order books are lost with this probability, so that their chain breaks."""
    rules: FaultRules = attrs.field(factory=FaultRules)
    """Those with a selector."""
    _random: random.Random = attrs.field(factory=lambda: random.Random(0), repr=False)  # noqa: S311 - lots

    def seed(self, seed: int) -> None:
        """Draw the same lots again."""
        self._random = random.Random(seed)  # noqa: S311 - lots, not secrets

    def set(self, wanted: Mapping[str, Any]) -> None:
        """Put faults in force.

        Raises:
            Refused: -1005, a name is unknown or a value senseless; nothing has changed then.
        """
        fresh = {name: _read(name, value, _READERS) for name, value in wanted.items() if name != "clear"}
        rules, removed = fresh.pop("add", []), fresh.pop("remove", None)
        if removed is not None and not self.rules.remove(removed):
            raise Refused(INVALID_PARAM, f"no fault has the id {removed}")
        if wanted.get("clear"):
            self.clear()
        for rule in rules:
            self.rules.add(rule)
        if fresh.get("close_on") and "close_times" not in fresh:
            fresh["close_times"] = 1
        for name, value in fresh.items():
            setattr(self, name, value)

    def clear(self) -> None:
        """End all faults."""
        self.rules.clear()
        healthy = Faults()
        for name in _SETTINGS:
            setattr(self, name, getattr(healthy, name))

    def for_request(
        self, method: str, path: str, template: str | None, account: str = ""
    ) -> HttpFault | None:
        """The fault this request meets; it is used up by that."""
        for fault in self.http:
            if fault.path in {"*", path, template} and fault.method in {None, method}:
                fault.times -= 1
                if fault.times <= 0:
                    self.http.remove(fault)
                return fault
        rule = self.rules.of_request(method, (path, template or path), account)
        return None if rule is None else HttpFault.of(rule)

    def lag_ms(self, account: str) -> int:
        """By how much an account's reads lag."""
        return max(self.read_lag_ms, self.rules.lag_ms(account))

    def hits(self, probability: float) -> bool:
        """Draw a lot."""
        return probability > 0 and self._random.random() < probability

    def spoils(self, topic: str, probability: float) -> bool:
        """Draw the lot of one of the three faults of reports."""
        return (not self.report_topics or topic in self.report_topics) and self.hits(probability)

    def pause(self, topic: str) -> float:
        """Seconds by which an event goes out late; 0 for at once."""
        most = self.delay_pushes.get(topic, self.delay_pushes.get("*", 0))
        return self._random.uniform(0, most) / 1000 if most else 0.0

    def muted(self, topic: str) -> bool:
        """Whether nothing of this topic goes out."""
        return bool(self.mute) and (topic in self.mute or "*" in self.mute)

    def login_refused(self, account: str = "") -> bool:
        """Whether this login is to be refused; counts."""
        if self.refuse_login <= 0:
            return self.rules.refuses("refuse_login", account=account)
        self.refuse_login -= 1
        return True

    def topic_refused(self, topic: str, account: str = "") -> bool:
        """Whether this subscription is to be refused; counts."""
        return topic in self.refuse_topics or self.rules.refuses(
            "refuse_subscription", topic=topic, account=account
        )

    def upgrade_refused(self) -> bool:
        """Whether this handshake is to be refused; counts."""
        if self.refuse_upgrade <= 0:
            return False
        self.refuse_upgrade -= 1
        return True

    def closes_on(self, event: str) -> bool:
        """Whether the connection is to be cut at this frame; counts."""
        if self.close_on != event or self.close_times <= 0:
            return False
        self.close_times -= 1
        return True


def read_at_once(wanted: Mapping[str, object]) -> dict[str, Any]:
    """Of what is wanted, that which happens once and at once: ``close_code`` and ``raw_frame``.

    Raises:
        Refused: -1005, one of them is senseless.
    """
    given = {name: wanted[name] for name in _AT_ONCE if name in wanted}
    if given.get("close_code", 0) is None:
        del given["close_code"]
    return {name: _read(name, value, _AT_ONCE) for name, value in given.items()}


def _read(name: str, value: object, readers: Mapping[str, Callable[[object], object]]) -> Any:
    reader = readers.get(name)
    if reader is None:
        known = ", ".join(sorted([*_READERS, *_AT_ONCE, "clear"]))
        raise Refused(INVALID_PARAM, f"no fault called {name!a:.60}; known are {known}")
    try:
        return reader(value)
    except (ValueError, TypeError) as exc:
        raise Refused(INVALID_PARAM, f"fault {name!r}: {exc}") from None


def _rules(value: object) -> list[FaultRule]:
    return [FaultRule.read(row) for row in (value if isinstance(value, list) else [value])]


def _names(value: object) -> frozenset[str]:
    names = [value] if isinstance(value, str) else value
    if names in (None, False):
        return frozenset()
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise TypeError("a name or a list of names is wanted")
    return frozenset(names)


def _delays(value: object) -> dict[str, int]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError("an object of topics and milliseconds is wanted")
    return {str(topic): read_count(most) for topic, most in value.items()}


def _event(value: object) -> str | None:
    if value not in {None, "auth", "subscribe"}:
        raise ValueError("'auth' or 'subscribe' is wanted")
    return str(value) if value else None


def _http(value: object) -> list[HttpFault]:
    rows = value if isinstance(value, list) else [value]
    return [_one_http(row) for row in rows if row is not None]


def _one_http(row: object) -> HttpFault:
    if not isinstance(row, Mapping):
        raise TypeError("an object or a list of objects is wanted")
    if strange := sorted(set(row) - set(_HTTP_READERS)):
        raise ValueError(f"no setting called {', '.join(strange)}")
    fault = HttpFault(
        **{name: _HTTP_READERS[name](value) for name, value in row.items() if value is not None}
    )
    if not fault.spoils:
        raise ValueError("one of status, reset, timeout and truncate is wanted")
    return fault


_HTTP_READERS: dict[str, Callable[[object], Any]] = {
    "path": read_text,
    "method": read_text,
    "status": read_status,
    "code": read_integer,
    "body": read_text,
    "headers": read_headers,
    "reset": read_flag,
    "timeout": read_flag,
    "truncate": read_flag,
    "commit": read_flag,
    "times": read_count,
    "delay_ms": read_count,
}
_READERS: dict[str, Callable[[object], object]] = {
    "add": _rules,
    "remove": read_count,
    "delay_ms": read_count,
    "http": _http,
    "read_lag_ms": read_count,
    "drop_reports": read_chance,
    "duplicate_reports": read_chance,
    "swap_reports": read_chance,
    "report_topics": _names,
    "delay_pushes": _delays,
    "mute": _names,
    "no_ping": read_flag,
    "no_pong": read_flag,
    "refuse_login": read_count,
    "refuse_topics": _names,
    "no_ack": _names,
    "close_on": _event,
    "close_times": read_count,
    "refuse_upgrade": read_count,
    "book_gap": read_chance,
}
_SETTINGS = _READERS.keys() - {"add", "remove"}
_AT_ONCE: dict[str, Callable[[object], object]] = {"close_code": read_close_code, "raw_frame": read_frame}
