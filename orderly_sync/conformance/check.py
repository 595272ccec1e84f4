"""What a conformance check is: the assumption it tests, and the verdict that a venue's own behaviour gives on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from orderly_sync.conformance.venue_access import VenueAccess

__all__ = [
    "CheckGroup",
    "CheckResult",
    "ConformanceCheck",
    "Difference",
    "Verdict",
    "agrees",
    "checks_of",
    "could_not_tell",
    "differs",
    "judged",
]


class Verdict(str, Enum):
    """What a check says of its assumption."""

    AGREES = "agrees"
    """The venue does what this package takes for granted."""
    DIFFERS = "differs"
    """It does something else; each difference says what was expected and what was seen."""
    COULD_NOT_TELL = "could not tell"
    """What was asked was refused, empty, or did not happen in the time that there was."""

    def __str__(self) -> str:
        return self.value


class CheckGroup(str, Enum):
    """What a check needs: nothing, a key that may read, or a key that may trade."""

    PUBLIC = "public"
    PRIVATE = "private"
    TRADE = "trade"

    def __str__(self) -> str:
        return self.value


@attrs.frozen(kw_only=True)
class Difference:
    """One thing that is not as it was taken to be."""

    what: str
    """Its kind: ``unknown field``, ``missing field``, ``unknown value``, ``number spelling``, ``cadence`` …"""
    where: str
    """Where it was seen: a path in an answer, ``data.rows[].price``; a topic; a step."""
    expected: str
    seen: str
    """With every id, key, address and amount as its alias."""
    deviation: Mapping[str, object] | None = None
    """What has a paper venue do the same: a row of ``orderly-sync venue --deviate FILE``; None where none can."""


@attrs.frozen(kw_only=True)
class CheckResult:
    """What a check found."""

    verdict: Verdict
    says: str
    """One sentence of what was seen, aliased."""
    differences: tuple[Difference, ...] = ()
    measured: Mapping[str, object] = attrs.field(factory=dict)
    """Figures: delays in ms, cadences in ms, sizes of pages."""
    name: str = ""
    """Of the check."""


@attrs.frozen(kw_only=True)
class ConformanceCheck:
    """One check."""

    name: str
    group: CheckGroup
    assumption: str
    """What is taken for granted, in one sentence."""
    rests: str
    """Where in this package it is: a module or a model, with ``[assumed]`` where it is marked so."""
    look: Callable[[VenueAccess], CheckResult]
    """Tests it on a venue. What it raises is a verdict, too: see ``run``."""


def checks_of(
    group: CheckGroup, rows: Iterable[tuple[str, str, str, Callable[[VenueAccess], CheckResult]]]
) -> tuple[ConformanceCheck, ...]:
    """The checks of one group; a row has what is taken for granted, where that is, and what looks, behind its name."""
    return tuple(
        ConformanceCheck(name=name, group=group, assumption=assumption, rests=rests, look=look)
        for name, assumption, rests, look in rows
    )


def agrees(says: str, **measured: object) -> CheckResult:
    """The venue does what was taken for granted."""
    return CheckResult(verdict=Verdict.AGREES, says=says, measured=measured)


def could_not_tell(says: str, **measured: object) -> CheckResult:
    """Nothing was learnt."""
    return CheckResult(verdict=Verdict.COULD_NOT_TELL, says=says, measured=measured)


def differs(*differences: Difference, **measured: object) -> CheckResult:
    """The venue does something else."""
    return CheckResult(
        verdict=Verdict.DIFFERS, says=summary(differences), differences=differences, measured=measured
    )


def judged(differences: list[Difference], says: str, **measured: object) -> CheckResult:
    """``differs`` if there are differences, else ``agrees``."""
    return differs(*differences, **measured) if differences else agrees(says, **measured)


def summary(differences: tuple[Difference, ...]) -> str:
    """The differences in one sentence."""
    told = [f"{one.what} {one.where}" for one in differences[:3]]
    more = f" and {len(differences) - 3} more" if len(differences) > 3 else ""  # noqa: PLR2004
    return ", ".join(told) + more
