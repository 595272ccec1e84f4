"""Reports as rows of the journal and back, pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from orderly_sync.errors import DecodingError
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
        body=encode(body).decode("utf-8", "backslashreplace"),
        at=now_ms,
    )


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
