"""Faults on request: what the venue does wrong when a test tells it to. Pure; the server asks before it acts.

``POST /venue/faults`` takes one object. ``{"add": {"kind": ...}}`` puts a rule with a selector in force,
``{"remove": id}`` ends it (``venue/server/fault_rules.py``); the answer lists them as ``rules``. Each other name is a
setting of the whole venue, which stands for rules as well (``venue/server/fault_settings.py``); a name given again
replaces the earlier one. ``{"deviate": [...]}`` has it speak otherwise than documented
(``venue/server/deviations.py``). ``{"clear": true}`` ends them all. The ledger is never touched by a fault: it keeps
what was emitted, so that a test can see what a client missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.deviations import Deviations, read_deviations
from orderly_sync.venue.server.fault_rules import FaultRule, FaultRules
from orderly_sync.venue.server.fault_settings import READERS, FaultSettings
from orderly_sync.venue.server.fault_targets import FaultTargets
from orderly_sync.venue.server.fault_values import read_close_code, read_count, read_frame
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["Faults", "read_at_once"]


class Faults:
    """The faults in force.

    Args:
        targets: What a fault can strike; without it any name is taken.
    """

    def __init__(self, targets: FaultTargets | None = None) -> None:
        self._targets = targets
        self.rules = FaultRules()
        self.deviations = Deviations()
        """What it does otherwise than documented for as long as it runs."""
        self._settings = FaultSettings()

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of the whole venue that were given, as they were read."""
        return self._settings.given

    def seed(self, seed: int) -> None:
        """What the lots of settings depend on, beside the order in which they are given."""
        self._settings.seed = seed

    def set(self, wanted: Mapping[str, Any]) -> None:
        """Put faults in force.

        Raises:
            Refused: -1005, a name is unknown, a value senseless, or nothing could be struck; nothing has changed then.
        """
        fresh = {name: _read(name, value, _READERS) for name, value in wanted.items() if name != "clear"}
        rules, removed = fresh.pop("add", []), fresh.pop("remove", None)
        deviations = fresh.pop("deviate", None)
        self._check(rules, fresh, anew=bool(wanted.get("clear")))
        if removed is not None and not self.rules.remove(removed):
            raise Refused(INVALID_PARAM, f"no fault has the id {removed}")
        if wanted.get("clear"):
            self.clear()
        self.deviations = self.deviations if deviations is None else deviations
        for rule in rules:
            self.rules.add(rule)
        for name, of_setting in self._settings.take(fresh).items():
            self.rules.put(name, of_setting)

    def _check(self, rules: Iterable[FaultRule], settings: Mapping[str, Any], *, anew: bool) -> None:
        try:
            if self._targets is not None:
                for rule in rules:
                    rule.check(self._targets)
            self._settings.check(settings, self._targets, anew=anew)
        except ValueError as exc:
            raise Refused(INVALID_PARAM, f"fault {exc}") from None

    def clear(self) -> None:
        """End all faults."""
        self.rules.clear()
        self.deviations = Deviations()
        self._settings.given.clear()

    def for_request(
        self, method: str, path: str, template: str | None, account: str = ""
    ) -> FaultRule | None:
        """The fault this request meets; counts."""
        return self.rules.of_request(method, (path, template or path), account)

    def late_ms(self) -> int:
        """How long each answer waits after its request was carried out."""
        return self.rules.longest_ms("slow_answers")

    def lag_ms(self, account: str) -> int:
        """By how much an account's reads lag."""
        return max(self.rules.longest_ms("lag_reads", account), self.deviations.lag_ms)

    def muted(self, topic: str, account: str = "") -> bool:
        """Whether nothing of this topic goes out."""
        return self.rules.holds(("mute", "silence"), topic=topic, account=account)

    def silent(self, frame: str, event: str = "") -> bool:
        """Whether the venue's own frames of a kind do not go out: ``ping``, ``pong``, or the ``ack`` of an event."""
        return self.rules.holds((f"no_{frame}",), event=event) or self.rules.holds(("silence",))

    def login_refused(self, account: str = "") -> bool:
        """Whether this login is to be refused; counts."""
        return self.rules.refuses("refuse_login", account=account)

    def topic_refused(self, topic: str, account: str = "") -> bool:
        """Whether this subscription is to be refused; counts."""
        return self.rules.refuses("refuse_subscription", topic=topic, account=account)

    def upgrade_refused(self) -> bool:
        """Whether this handshake is to be refused; counts."""
        return self.rules.refuses("refuse_upgrade")

    def closes_on(self, event: str) -> bool:
        """Whether the connection is to be cut at this frame; counts."""
        return self.rules.refuses("close_on", event=event)


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


_READERS: dict[str, Callable[[object], Any]] = {
    "add": _rules,
    "remove": read_count,
    "deviate": read_deviations,
    **READERS,
}
_AT_ONCE: dict[str, Callable[[object], object]] = {"close_code": read_close_code, "raw_frame": read_frame}
