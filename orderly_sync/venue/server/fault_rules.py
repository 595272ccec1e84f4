"""What the venue does wrong: which frames and requests are spoiled, how, how often. Pure: the server asks first.

A rule has a kind, a selector (topic, path, method, account), a limit (``count``) and a probability with a seed of its
own: the same rule meets the same traffic in the same way, whatever other rules stand beside it. The settings of the
whole venue (``fault_settings``) are rules as well, known by the setting's name instead of an id; some kinds are theirs
alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any

import attrs

from orderly_sync.venue.server.fault_targets import FaultTargets
from orderly_sync.venue.server.fault_values import (
    read_chance,
    read_close_code,
    read_count,
    read_flag,
    read_headers,
    read_integer,
    read_status,
    read_text,
    read_times,
)

__all__ = ["FaultRule", "FaultRules"]

_PUSHES = frozenset({"topic", "account", "count", "probability", "seed"})
_REQUESTS = frozenset({"path", "method", "account", "count", "probability", "seed"})
_PARAMETERS: dict[str, frozenset[str]] = {
    "drop": _PUSHES,
    "duplicate": _PUSHES,
    "reorder": _PUSHES,
    "delay": _PUSHES | {"ms"},
    "mute": frozenset({"topic", "account"}),
    "cut": _PUSHES | {"at_byte"},
    "close": _PUSHES | {"code"},
    "refuse_subscription": _PUSHES,
    "refuse_login": _PUSHES - {"topic"},
    "lag_reads": frozenset({"account", "ms"}),
    "answer": _REQUESTS | {"status", "code", "body", "headers", "half", "executed", "ms"},
    "lose_answer": _REQUESTS | {"executed"},
}
"""What may be asked for with a selector, and by which parameters."""
_OF_DENIALS = frozenset({"code", "body", "headers", "executed"})
_NEEDED = {"delay": "ms", "lag_reads": "ms", "cut": "at_byte"}


@attrs.frozen(kw_only=True)
class FaultRule:
    """One fault as it was asked for.

    Args:
        kind: What goes wrong.
        topic: Topics it concerns, ``*`` for any run of characters.
        path: Path or path template it concerns, likewise.
        method: Verb; None for any.
        account: Account id, ``*`` likewise; None for any, and for frames of none.
        count: How often it strikes before it is over, once or more; None for ever.
        probability: Of striking where the selector fits.
        seed: Of the lots that decide it.
        ms: By how much pushes, answers or reads are late.
        at_byte: How many bytes of the frame go out before the connection is cut.
        code: The WebSocket's close code, or the error code of an answer.
        status: HTTP status of an answer; None leaves the true one.
        body: Text instead of JSON.
        headers: More headers of the answer.
        half: Send half of the answer, then cut.
        executed: Whether the request is carried out before.
        event: Which frames of a client, ``auth`` say, are not acknowledged, or cut the connection.
        spread: Whether each frame is late by a random time up to ``ms`` instead of by that.
    """

    kind: str
    topic: str = "*"
    path: str = "*"
    method: str | None = None
    account: str | None = None
    count: int | None = None
    probability: float = 1.0
    seed: int = 0
    ms: int = 0
    at_byte: int = 0
    code: int | None = None
    status: int | None = None
    body: str | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict)
    half: bool = False
    executed: bool = False
    event: str = ""
    spread: bool = False

    @property
    def carries_out(self) -> bool:
        """Whether the request that it strikes is carried out."""
        return self.executed or (self.kind == "answer" and self.status is None)

    @property
    def spoils(self) -> bool:
        """Whether it does more to an answer than to delay it."""
        return self.kind != "answer" or self.status is not None or self.half

    @classmethod
    def read(cls, wanted: object) -> FaultRule:
        """The rule that an object asks for.

        Raises:
            ValueError, TypeError: A kind or a parameter is unknown, missing, senseless, or not one of that kind.
        """
        if not isinstance(wanted, Mapping):
            raise TypeError('an object with a "kind" is wanted')
        kind = wanted.get("kind")
        known = _PARAMETERS.get(kind) if isinstance(kind, str) else None
        if known is None:
            raise ValueError(f"no kind {kind!a:.40}; known are {', '.join(sorted(_PARAMETERS))}")
        given = {name: value for name, value in wanted.items() if name != "kind" and value is not None}
        if strange := sorted(set(given) - known):
            raise ValueError(f"{kind} takes {', '.join(sorted(known))}, not {strange[0]!a:.40}")
        if (needed := _NEEDED.get(str(kind))) is not None and needed not in given:
            raise ValueError(f"{kind} needs {needed}")
        if kind == "lose_answer":
            given.setdefault("executed", True)
        values = {name: _read(name, value) for name, value in given.items()}
        rule = cls(kind=str(kind), **values)
        if rule.kind == "close" and rule.code is not None:
            read_close_code(rule.code)
        if rule.kind == "answer" and rule.status is None:
            if not (rule.half or rule.ms):
                raise ValueError("answer needs a status, half or ms")
            if idle := sorted(name for name in _OF_DENIALS if given.get(name)):
                raise ValueError(f"{idle[0]} belongs to an answer that is denied; give a status with it")
        return rule

    def check(self, targets: FaultTargets) -> None:
        """Refuse, by ValueError, what no frame or request of this venue can meet."""
        try:
            if self.account is not None:
                targets.check_account(self.account)
            if self.kind in _OF_REQUESTS:
                targets.check_request(self.path, self.method)
            elif "topic" in _PARAMETERS[self.kind]:
                # A connection that has logged in may ask for public topics too.
                has_account = self.account is not None and self.kind != "refuse_subscription"
                targets.check_topic(self.topic, private=has_account)
        except ValueError as exc:
            raise ValueError(f"{self.kind!r}: {exc}") from None

    def fits(
        self, *, topic: str = "", paths: tuple[str, ...] = (), method: str = "", account: str = ""
    ) -> bool:
        """Whether the selector fits a frame or a request."""
        if self.account is not None and not fnmatchcase(account.lower(), self.account.lower()):
            return False
        if self.method is not None and self.method.upper() != method:
            return False
        if paths and not any(fnmatchcase(path, self.path) for path in paths):
            return False
        return fnmatchcase(topic, self.topic)

    def shown(self) -> dict[str, Any]:
        """The rule as JSON says it: the parameters of its kind that differ from the default."""
        plain = {field.name: field.default for field in attrs.fields(FaultRule)}
        told = {name: getattr(self, name) for name in sorted(_PARAMETERS[self.kind])}
        given = {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in told.items()
            if value != plain[name] and value != {}
        }
        return {"kind": self.kind, **given}


class _Armed:
    """A rule in force: what is left of its count, and its lots."""

    def __init__(self, rule: FaultRule) -> None:
        self.rule = rule
        self.struck = 0
        self._lots = random.Random(rule.seed)  # noqa: S311 - lots, not secrets

    @property
    def is_over(self) -> bool:
        return self.rule.count is not None and self.struck >= self.rule.count

    def strikes(self) -> bool:
        """Draw the lot; counts."""
        if self.is_over or (self.rule.probability < 1 and self._lots.random() >= self.rule.probability):
            return False
        self.struck += 1
        return True

    def drawn(self) -> FaultRule:
        """The rule as it strikes one frame."""
        return (
            attrs.evolve(self.rule, ms=self._lots.randint(0, self.rule.ms)) if self.rule.spread else self.rule
        )


class FaultRules:
    """The rules in force, by id; those whose count is used up stay listed until they are removed.

    Beside them stand those of the settings, by name; they are not listed.
    """

    def __init__(self) -> None:
        self._armed: dict[int, _Armed] = {}
        self._set: dict[str, list[_Armed]] = {}
        self._last = 0

    def put(self, setting: str, rules: Iterable[FaultRule]) -> None:
        """Put the rules of a setting in force instead of those it had."""
        self._set[setting] = [_Armed(rule) for rule in rules]

    def add(self, rule: FaultRule) -> int:
        """Put a rule in force; its id."""
        self._last += 1
        self._armed[self._last] = _Armed(rule)
        return self._last

    def remove(self, number: int) -> bool:
        """End one; False if there is none of that id."""
        return self._armed.pop(number, None) is not None

    def clear(self) -> None:
        """End all, those of the settings too; ids are not used again."""
        self._armed.clear()
        self._set.clear()

    def listed(self) -> list[dict[str, Any]]:
        """Each rule with its id and how often it struck."""
        return [
            {"id": number, "struck": one.struck, **one.rule.shown()} for number, one in self._armed.items()
        ]

    def of_push(self, topic: str, account: str = "") -> list[FaultRule]:
        """The rules that strike this frame of a topic, in the order they were added."""
        return list(self._strike(_OF_PUSHES, lambda rule: rule.fits(topic=topic, account=account)))

    def of_request(self, method: str, paths: tuple[str, ...], account: str) -> FaultRule | None:
        """The first rule that strikes this request."""
        return next(
            self._strike(_OF_REQUESTS, lambda rule: rule.fits(paths=paths, method=method, account=account)),
            None,
        )

    def refuses(self, kind: str, *, topic: str = "", account: str = "", event: str = "") -> bool:
        """Whether a rule of that kind strikes a login, a subscription, a handshake or a client's frame."""

        def fits(rule: FaultRule) -> bool:
            return rule.event == event and rule.fits(topic=topic, account=account)

        return next(self._strike({kind}, fits), None) is not None

    def holds(self, kinds: Collection[str], *, topic: str = "", account: str = "", event: str = "") -> bool:
        """Whether a rule of these kinds, none of which has lots or a count, is in force."""
        return any(rule.event == event for rule in self._fitting(kinds, topic=topic, account=account))

    def longest_ms(self, kind: str, account: str = "") -> int:
        """The longest time of the rules of a kind that concern an account."""
        return max((rule.ms for rule in self._fitting({kind}, account=account)), default=0)

    def _fitting(self, kinds: Collection[str], *, topic: str = "", account: str = "") -> Iterator[FaultRule]:
        for one in self._all():
            if one.rule.kind in kinds and one.rule.fits(topic=topic, account=account):
                yield one.rule

    def _all(self) -> list[_Armed]:
        """Those of settings first."""
        return [*chain.from_iterable(self._set.values()), *self._armed.values()]

    def _strike(self, kinds: Collection[str], fits: Callable[[FaultRule], bool]) -> Iterator[FaultRule]:
        for one in self._all():
            if one.rule.kind in kinds and fits(one.rule) and one.strikes():
                yield one.drawn()


_OF_PUSHES = frozenset({"drop", "duplicate", "reorder", "delay", "mute", "silence", "cut", "close"})
_OF_REQUESTS = frozenset({"answer", "lose_answer", "cut_answer", "no_answer"})


def _read(name: str, value: object) -> Any:
    try:
        return _READERS[name](value)
    except (ValueError, TypeError) as exc:
        raise ValueError(f"{name}: {exc}") from None


_READERS: dict[str, Callable[[object], Any]] = {
    "topic": read_text,
    "path": read_text,
    "method": read_text,
    "account": read_text,
    "count": read_times,
    "probability": read_chance,
    "seed": read_integer,
    "ms": read_count,
    "at_byte": read_count,
    "code": read_integer,
    "status": read_status,
    "body": read_text,
    "headers": read_headers,
    "half": read_flag,
    "executed": read_flag,
}
