"""The settings of the whole venue: names for rules that have no selector of the user's. Pure.

``{"refuse_login": 2}`` is a rule of the kind ``refuse_login`` that strikes twice. A name given again replaces the rules
that it had; ``close_times`` and ``report_topics`` say more of the rules of other names.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from orderly_sync.venue.server.fault_rules import FaultRule
from orderly_sync.venue.server.fault_targets import FaultTargets
from orderly_sync.venue.server.fault_values import (
    read_chance,
    read_count,
    read_flag,
    read_headers,
    read_integer,
    read_status,
    read_text,
    read_times,
)
from orderly_sync.venue.server.topics import PRIVATE

__all__ = ["READERS", "FaultSettings"]

_OF_SOME_ACCOUNT = "?*"
"""The selector of private frames: public ones are of no account."""


class FaultSettings:
    """What was given, and the rules that it stands for."""

    def __init__(self) -> None:
        self.seed = 0
        self.given: dict[str, Any] = {}
        """The value of each name, as it was read."""
        self._made = 0

    def check(self, fresh: Mapping[str, Any], targets: FaultTargets | None, *, anew: bool = False) -> None:
        """Refuse, by ValueError, values that were read and would strike nothing.

        Args:
            fresh: By name.
            targets: What can be struck; None if that is not known.
            anew: Whether what was given before is ended first.
        """
        for name, value in fresh.items() if targets is not None else ():
            assert targets is not None
            _check(name, value, targets)
        standing = fresh if anew else {**self.given, **fresh}
        for name, of in _CONCERNS.items():
            if fresh.get(name) and not any(one in fresh or standing.get(one) for one in of):
                raise ValueError(f"{name!r}: it says more of {' or '.join(of)}; give it with one of these")

    def take(self, fresh: Mapping[str, Any]) -> dict[str, list[FaultRule]]:
        """Take values that were read; the rules of each name that they concern."""
        fresh = dict(fresh)
        if fresh.get("close_on"):
            fresh.setdefault("close_times", 1)
        self.given.update(fresh)
        names = {of for name in fresh for of in _CONCERNS.get(name, (name,))}
        return {name: self._rules(name) for name in _RULES if name in names}

    def _rules(self, name: str) -> list[FaultRule]:
        value = self.given.get(name)
        return [self._with_lots(rule) for rule in _RULES[name](value, self.given)] if value else []

    def _with_lots(self, rule: FaultRule) -> FaultRule:
        """The rule with lots of its own: those of two rules, or of one given twice, must not fall alike."""
        self._made += 1
        return attrs.evolve(rule, seed=zlib.crc32(f"{self.seed} {self._made}".encode()))


_Made = Iterable[FaultRule]
_Given = Mapping[str, Any]


def _reports(kind: str) -> Callable[[Any, _Given], _Made]:
    """A fault of private events: those of the topics named, or all."""

    def rules(value: float, given: _Given) -> Iterator[FaultRule]:
        for topic in sorted(given.get("report_topics") or {"*"}):
            yield FaultRule(kind=kind, topic=topic, account=_OF_SOME_ACCOUNT, probability=value)

    return rules


def _delays(value: Mapping[str, int], _: _Given) -> Iterator[FaultRule]:
    for topic in sorted(PRIVATE | value.keys() - {"*"}):
        ms = value.get(topic, value.get("*", 0))
        if ms:
            yield FaultRule(kind="delay", topic=topic, account=_OF_SOME_ACCOUNT, ms=ms, spread=True)


def _mutes(value: frozenset[str], _: _Given) -> Iterator[FaultRule]:
    for topic in sorted(value):
        yield FaultRule(kind="silence") if topic == "*" else FaultRule(kind="mute", topic=topic)


def _of_topics(kind: str) -> Callable[[Any, _Given], _Made]:
    return lambda value, _: [FaultRule(kind=kind, topic=topic) for topic in sorted(value)]


def _of_events(kind: str) -> Callable[[Any, _Given], _Made]:
    return lambda value, _: [FaultRule(kind=kind, event=event) for event in sorted(value)]


def _always(kind: str) -> Callable[[Any, _Given], _Made]:
    return lambda _, __: [FaultRule(kind=kind)]


def _times(kind: str) -> Callable[[Any, _Given], _Made]:
    return lambda value, _: [FaultRule(kind=kind, count=value)]


def _for_ms(kind: str) -> Callable[[Any, _Given], _Made]:
    return lambda value, _: [FaultRule(kind=kind, ms=value)]


_RULES: dict[str, Callable[[Any, _Given], _Made]] = {
    "http": lambda value, _: value,
    "delay_ms": _for_ms("slow_answers"),
    "read_lag_ms": _for_ms("lag_reads"),
    "drop_reports": _reports("drop"),
    "duplicate_reports": _reports("duplicate"),
    "swap_reports": _reports("reorder"),
    "delay_pushes": _delays,
    "mute": _mutes,
    "no_ping": _always("no_ping"),
    "no_pong": _always("no_pong"),
    "no_ack": _of_events("no_ack"),
    "refuse_login": _times("refuse_login"),
    "refuse_upgrade": _times("refuse_upgrade"),
    "refuse_topics": _of_topics("refuse_subscription"),
    "close_on": lambda value, given: [
        FaultRule(kind="close_on", event=value, count=given.get("close_times", 0))
    ],
    "book_gap": lambda value, _: [FaultRule(kind="drop", topic="*@orderbookupdate", probability=value)],
}
_CONCERNS = {
    "report_topics": ("drop_reports", "duplicate_reports", "swap_reports"),
    "close_times": ("close_on",),
}


def _check(name: str, value: Any, targets: FaultTargets) -> None:
    try:
        for topic in sorted(value) if name in _OF_TOPICS else ():
            targets.check_topic(topic, private=name in _PRIVATE_ONLY)
        for rule in value if name == "http" else ():
            rule.check(targets)
    except ValueError as exc:
        raise ValueError(f"{name!r}: {exc}") from None


_PRIVATE_ONLY = frozenset({"report_topics", "delay_pushes"})
_OF_TOPICS = _PRIVATE_ONLY | {"mute", "refuse_topics"}
"""The settings that name topics."""


def _names(value: object) -> frozenset[str]:
    names = [value] if isinstance(value, str) else value
    if names in (None, False):
        return frozenset()
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise TypeError("a name or a list of names is wanted")
    return frozenset(names)


def _delays_of(value: object) -> dict[str, int]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError("an object of topics and milliseconds is wanted")
    return {str(topic): read_count(most) for topic, most in value.items()}


def _acknowledged(value: object) -> frozenset[str]:
    events = _names(value)
    if strange := sorted(events - _ACKNOWLEDGED):
        raise ValueError(f"{' or '.join(sorted(_ACKNOWLEDGED))} is wanted, not {strange[0]!a:.40}")
    return events


_ACKNOWLEDGED = frozenset({"auth", "subscribe", "unsubscribe"})


def _event(value: object) -> str | None:
    if value not in {None, "auth", "subscribe"}:
        raise ValueError("'auth' or 'subscribe' is wanted")
    return str(value) if value else None


def _http(value: object) -> list[FaultRule]:
    rows = value if isinstance(value, list) else [value]
    return [_one_http(row) for row in rows if row is not None]


def _one_http(row: object) -> FaultRule:
    if not isinstance(row, Mapping):
        raise TypeError("an object or a list of objects is wanted")
    if strange := sorted(set(row) - set(_HTTP)):
        raise ValueError(f"no setting called {', '.join(strange)}")
    given = {name: _HTTP[name](value) for name, value in row.items() if value is not None}
    kinds = [kind for name, kind in _ENDINGS.items() if given.pop(name, False)]
    if not kinds and "status" not in given:
        raise ValueError("one of status, reset, timeout and truncate is wanted")
    kind = kinds[0] if kinds else "answer"
    renamed = {_HTTP_AS.get(name, name): value for name, value in given.items()}
    return FaultRule(kind=kind, **{"count": 1, "half": kind == "cut_answer", **renamed})


_HTTP: dict[str, Callable[[object], Any]] = {
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
    "times": read_times,
    "delay_ms": read_count,
}
_HTTP_AS = {"commit": "executed", "times": "count", "delay_ms": "ms"}
_ENDINGS = {"timeout": "no_answer", "truncate": "cut_answer", "reset": "lose_answer"}
"""What ends a request instead of an answer; the first of them that is given does."""
READERS: dict[str, Callable[[object], Any]] = {
    "delay_ms": read_count,
    "http": _http,
    "read_lag_ms": read_count,
    "drop_reports": read_chance,
    "duplicate_reports": read_chance,
    "swap_reports": read_chance,
    "report_topics": _names,
    "delay_pushes": _delays_of,
    "mute": _names,
    "no_ping": read_flag,
    "no_pong": read_flag,
    "refuse_login": read_count,
    "refuse_topics": _names,
    "no_ack": _acknowledged,
    "close_on": _event,
    "close_times": read_times,
    "refuse_upgrade": read_count,
    "book_gap": read_chance,
}
"""Each name with what reads its value, or refuses it."""
