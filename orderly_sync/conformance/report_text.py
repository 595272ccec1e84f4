"""The report for people: one page, differences first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orderly_sync.conformance.check import Verdict
from orderly_sync.conformance.report import ConformanceReport

__all__ = ["report_text"]

_MARKS = {"agrees": "ok", "differs": "XX", "could not tell": "??"}
_WIDTH = 44


def report_text(report: ConformanceReport) -> str:
    """The page: what was run, each difference with what was expected and seen, what could not be told, figures."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: ConformanceReport) -> Iterator[str]:
    yield f"orderly-sync conformance: {report.network}, {report.symbol}, {report.day}"
    yield f"orderly_sync {report.package}, Python {report.python}"
    counts = ", ".join(f"{report.count(verdict)} {verdict}" for verdict in Verdict)
    yield f"{len(report.rows)} of {report.planned} checks were run: {counts}"
    yield f"ended: {report.ended}"
    yield f"left on the account: {report.left}"
    bad = [one for one in report.ground if one["state"] in {"failed", "warning"}]
    if bad:
        yield from ("", "The way to the venue, and the key")
        for one in bad:
            yield f"  {one['state']:<8} {one['name']}: {one['says']}"
            if one["advice"]:
                yield f"           -> {one['advice']}"
    for verdict, title in (
        (Verdict.DIFFERS, "Differs"),
        (Verdict.COULD_NOT_TELL, "Could not tell"),
        (Verdict.AGREES, "Agrees"),
    ):
        rows: list[Mapping[str, Any]] = [row for row in report.rows if row["verdict"] == verdict]
        if rows:
            yield from ("", title)
            for row in rows:
                yield from row_lines(row)


def row_lines(row: Mapping[str, Any]) -> Iterator[str]:
    """A check: its verdict, and each difference below it."""
    figures = ", ".join(f"{name} {value}" for name, value in row["measured"].items() if _is_figure(value))
    more = f" ({figures})" if figures and row["verdict"] != "differs" else ""
    yield f"  {_MARKS[row['verdict']]}  {row['name']:<{_WIDTH}} {row['says']}{more}"
    if row["verdict"] == "differs":
        yield f"      assumption: {row['assumption']}"
        yield f"      rests in:   {row['rests']}"
        for one in row["differences"]:
            yield f"      {one['what']} at {one['where']}: expected {one['expected']}, seen {one['seen']}"


def _is_figure(value: object) -> bool:
    return isinstance(value, (int, float, str)) and not isinstance(value, bool)
