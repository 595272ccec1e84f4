"""Reports as rows of the journal and back, pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from orderly_sync.errors import DecodingError, UsageError
from orderly_sync.journal.schema import EventRow
from orderly_sync.models.base import Frame, changed
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.wire.converter import structure, to_wire
from orderly_sync.wire.json import decode, encode

__all__ = ["KEPT", "Report", "redelivered", "row_of"]

KEPT = ("executionreport", "algoexecutionreport")
"""How the topics begin whose reports are kept."""

Report = ExecutionReport | AlgoExecutionReport


def row_of(report: Report, now_ms: int) -> EventRow:
    """A report as it is kept."""
    order_id = report.algo_order_id if isinstance(report, AlgoExecutionReport) else report.order_id
    frame = report.frame
    body = {
        "event": to_wire(report),
        "origin": frame.origin,
        "recovered": frame.recovered,
        "out_of_order": frame.out_of_order,
    }
    return EventRow(
        event_id=report.event_id.encode("ascii", "backslashreplace").decode(),
        topic=report.topic,
        order_id=order_id,
        ts=report.ts,
        filled=format(Decimal(str(report.filled)), "f"),
        ended=int(report.is_final),
        body=_text(body),
        at=now_ms,
    )


def _text(body: object) -> str:
    """As JSON; half a character, which JSON's escapes can hold and UTF-8 cannot, is written as it is escaped."""
    try:
        return encode(body).decode()
    except UsageError:
        return encode(_whole(body)).decode()


def _whole(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list) else value


def redelivered(row: EventRow, numbers: type) -> Report:
    """A report of an earlier process, for the next one's hooks.

    Raises:
        DecodingError: It cannot be read, by this release at least.
    """
    where = f"the journal's report {row.event_id}"
    body: Any = decode(row.body.encode(), where)
    if not isinstance(body, Mapping) or "event" not in body:
        raise DecodingError(where, row.body[:60], "not a report")
    kind: Any = AlgoExecutionReport if row.topic.startswith("algo") else ExecutionReport
    frame = Frame(
        row.topic,
        row.ts,
        str(body.get("origin", "stream")),
        recovered=bool(body.get("recovered")),
        out_of_order=bool(body.get("out_of_order")),
    )
    frame.redelivered = True
    report: Report = changed(structure(body["event"], kind, where, numbers), frame=frame)
    frame.events = (report,)
    return report
