"""The report of a run: one self-contained JSON object, without anybody's ids, keys, addresses and amounts. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from orderly_sync.conformance.check import CheckResult, Difference, Verdict
from orderly_sync.errors import DecodingError

__all__ = ["ConformanceReport", "read_report"]

_SLOWER, _LAG_MS = 1.2, 50
"""From which factor a cadence, and from how many ms a lag is one that a paper venue takes over."""
_VERSION = 1
"""Of the report's own form."""


@attrs.define(kw_only=True)
class ConformanceReport:
    """What a run found, and how far it came."""

    network: str
    """``testnet``, ``mainnet``, ``paper`` or what a Network is called."""
    package: str
    """The version of this package."""
    python: str
    day: str
    """The day of the run, UTC: 2026-11-29."""
    symbol: str
    planned: int
    """How many checks were to be run."""
    rows: list[Mapping[str, object]] = attrs.field(factory=list)
    """One for each check that was run: name, group, assumption, rests, verdict, says, differences, measured."""
    ground: list[Mapping[str, object]] = attrs.field(factory=list)
    """What was looked at first: the way to the venue and the key; name, state, says, advice."""
    shapes: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    """By operation or topic, how each of its fields was written."""
    ended: str = "complete"
    """``complete``, or why it ended before."""
    left: str = "nothing was placed"
    """What is left of orders and positions on the account."""

    def add(self, check: Any, result: CheckResult) -> None:
        """Take the result of one check."""
        self.rows.append(
            {
                "name": check.name,
                "group": str(check.group),
                "assumption": check.assumption,
                "rests": check.rests,
                "verdict": str(result.verdict),
                "says": result.says,
                "differences": [_difference(one) for one in result.differences],
                "measured": dict(result.measured),
            }
        )

    def count(self, verdict: Verdict) -> int:
        """How many checks ended so."""
        return sum(row["verdict"] == verdict for row in self.rows)

    def named(self, name: str) -> Mapping[str, Any]:
        """The row of a check.

        Raises:
            KeyError: It was not run.
        """
        found = next((row for row in self.rows if row["name"] == name), None)
        if found is None:
            raise KeyError(name)
        return found

    @property
    def differences(self) -> list[Mapping[str, Any]]:
        """All differences, each with the name of its check under ``check``."""
        found: list[Mapping[str, Any]] = []
        for row in self.rows:
            told: Any = row["differences"]
            found += [{"check": row["name"], **one} for one in told]
        return found

    def deviations(self) -> list[Mapping[str, object]]:
        """What has a paper venue be as this venue was: rows of ``orderly-sync venue --deviate FILE``.

        Each difference that a venue can repeat, cadences that are slower than documented, and how far REST lagged.
        """
        made: list[Mapping[str, object]] = []
        for one in [*(row["deviation"] for row in self.differences), *self._figures()]:
            if one is not None and one not in made:
                made.append(one)
        return made

    def _figures(self) -> Iterator[Mapping[str, object]]:
        for row in self.rows:
            measured: Any = row["measured"]
            cadence, expected = measured.get("cadence_ms"), measured.get("expected_ms")
            if row["verdict"] == Verdict.AGREES and cadence and expected and cadence > _SLOWER * expected:
                yield {"kind": "cadence", "where": measured["topic"], "ms": cadence}
            lag = measured.get("lag_ms")
            if row["verdict"] == Verdict.AGREES and lag and lag >= _LAG_MS:
                yield {"kind": "lag_reads", "where": "GET *", "ms": round(lag)}

    def as_json(self) -> dict[str, object]:
        """The report as one JSON object."""
        told: dict[str, object] = {"report": "orderly-sync conformance", "version": _VERSION}
        told |= {
            name: getattr(self, name)
            for name in (
                "network",
                "package",
                "python",
                "day",
                "symbol",
                "planned",
                "ended",
                "left",
                "ground",
                "rows",
                "shapes",
            )
        }
        told["verdicts"] = {str(verdict): self.count(verdict) for verdict in Verdict}
        return told

    def to_json(self) -> str:
        """The report as JSON text."""
        return json.dumps(self.as_json(), indent=1, ensure_ascii=True) + "\n"


def _difference(one: Difference) -> Mapping[str, object]:
    return {
        "what": one.what,
        "where": one.where,
        "expected": one.expected,
        "seen": one.seen,
        "deviation": None if one.deviation is None else dict(one.deviation),
    }


def read_report(text: str | bytes) -> ConformanceReport:
    """A report that was written by ``to_json``.

    Raises:
        DecodingError: It is none.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise DecodingError("the report", "", "it is no JSON") from None
    if not isinstance(told, dict) or told.get("report") != "orderly-sync conformance":
        raise DecodingError("the report", "", "it is no report of orderly-sync conformance")
    if told.get("version") != _VERSION:
        raise DecodingError("the report", "", f"it is of version {told.get('version')!a:.20}, not {_VERSION}")
    names = [field.name for field in attrs.fields(ConformanceReport)]
    missing = [name for name in names if name not in told]
    if missing:
        raise DecodingError("the report", "", f"it lacks {missing[0]}")
    if not all(isinstance(row, dict) and isinstance(row.get("differences"), list) for row in told["rows"]):
        raise DecodingError("the report at rows", "", "a check without its differences")
    return ConformanceReport(**{name: told[name] for name in names})
