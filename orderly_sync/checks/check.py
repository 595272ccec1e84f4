"""What a check is, and running a list of them: each has a name, what it stands on, and one function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path

import attrs

from orderly_sync.config import Network
from orderly_sync.credentials import Credentials
from orderly_sync.errors import OrderlyError
from orderly_sync.rest import Rest

__all__ = [
    "Check",
    "CheckState",
    "CheckSubject",
    "Finding",
    "failed",
    "fine",
    "run_checks",
    "skipped",
    "warned",
]


class CheckState(str, Enum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    """It works, and something should be seen to."""
    FAILED = "failed"
    """Something does not work."""
    SKIPPED = "skipped"
    """There was nothing to check, or what it stands on has failed."""

    def __str__(self) -> str:
        return self.value


@attrs.frozen(kw_only=True)
class CheckSubject:
    """What is checked."""

    network: Network
    rest: Rest
    """Asks the venue, as the account if there is one."""
    credentials: Credentials | None = None
    proxy: str | None = attrs.field(default=None, repr=False)
    folder: Path = Path()
    """Where journals and recordings are to be kept."""
    environ: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    """The environment's variables."""


@attrs.frozen(kw_only=True)
class Finding:
    """What a check found."""

    state: CheckState
    says: str
    """One sentence of what is so."""
    advice: str | None = None
    """What to do about it; None where there is nothing to do."""
    name: str = ""
    """Of the check."""


@attrs.frozen
class Check:
    """One check."""

    name: str
    look: Callable[[CheckSubject], Finding]
    needs: tuple[str, ...] = ()
    """Names of checks without which it says nothing."""


def fine(says: str) -> Finding:
    """Nothing to do."""
    return Finding(state=CheckState.OK, says=says)


def warned(says: str, advice: str) -> Finding:
    """It works, and something should be seen to."""
    return Finding(state=CheckState.WARNING, says=says, advice=advice)


def failed(says: str, advice: str) -> Finding:
    """Something does not work."""
    return Finding(state=CheckState.FAILED, says=says, advice=advice)


def skipped(says: str) -> Finding:
    """Nothing was checked."""
    return Finding(state=CheckState.SKIPPED, says=says)


def run_checks(checks: Iterable[Check], subject: CheckSubject) -> Iterator[Finding]:
    """Run checks one by one, in order. What a check raises is its finding; one whose ground is gone is skipped."""
    gone: set[str] = set()
    for check in checks:
        missing = [name for name in check.needs if name in gone]
        found = skipped(f"not looked at, since {missing[0]} failed") if missing else _look(check, subject)
        if missing or found.state is CheckState.FAILED:
            gone.add(check.name)
        yield attrs.evolve(found, name=check.name)


def _look(check: Check, subject: CheckSubject) -> Finding:
    try:
        return check.look(subject)
    except OrderlyError as exc:
        return failed(str(exc), "see what it says; the checks above may tell why")
