"""Checks of one tiny fill and of its way back: ids on the stream and in REST, what is pushed after it, and when."""

from __future__ import annotations

from collections.abc import Callable

from orderly_sync.conformance.check import (
    CheckResult,
    ConformanceCheck,
    Difference,
    agrees,
    could_not_tell,
    differs,
    judged,
)
from orderly_sync.conformance.trial import (
    OrderTrial,
    fills_of,
    order_of_reports,
    positions_of,
    same_number,
    since_fill,
    trial_checks,
)
from orderly_sync.reports.schedule import LATER

__all__ = ["BACK_CHECKS", "FILL_CHECKS"]

_REPORTS = "executionreport"
_FILLS = "GET /v1/order/{order_id}/trades"
_SAME: tuple[tuple[str, str], ...] = (
    ("executedPrice", "executed_price"),
    ("executedQuantity", "executed_quantity"),
    ("fee", "fee"),
)


def _fill(trial: OrderTrial) -> CheckResult:
    """A market order fills, and its reports come in order."""
    order_id = trial.place("MARKET")
    seen = trial.ended(order_id)
    kept = trial.access.kept
    kept["filled"] = order_id
    partly = [one for one in seen if one != "PARTIAL_FILLED"]
    if not seen or seen[-1] != "FILLED":
        return differs(*order_of_reports("MARKET", ("NEW", "FILLED"), partly))
    return judged(order_of_reports("MARKET", ("NEW", "FILLED"), partly), ", then ".join(seen))


def _trade_ids(trial: OrderTrial) -> CheckResult:
    """The tradeId of a pushed fill is the id of the fill's row in REST: so one fill is told once."""
    pushed = fills_of(trial)
    if not pushed:
        return could_not_tell("no fill was pushed")
    rows, _ = trial.until_shown(0.0, lambda: trial.access.rest.orders.fills_of(trial.access.kept["filled"]))
    if not rows:
        return could_not_tell("REST shows no fill of the order")
    by_id = {str(row.id): row for row in rows}
    found: list[Difference] = []
    for _, report in pushed:
        row = by_id.get(str(report.get("tradeId")))
        if row is None:
            found.append(_other_id(report.get("tradeId"), rows[0].id))
            continue
        for name, field in _SAME:
            if not same_number(report.get(name), getattr(row, field)):
                field_path = f"data.rows[].{field}"
                other = {"kind": "replace", "where": _FILLS, "field": field_path, "value": 1}
                found.append(
                    Difference(
                        what="fill",
                        where=field_path,
                        expected=f"{name} of the report",
                        seen="another number",
                        deviation=other,
                    )
                )
    return judged(found[:3], f"{len(pushed)} fills under the same ids and figures")


def _other_id(pushed: object, listed: int) -> Difference:
    deviation: dict[str, object] | None = None
    if str(pushed).isdigit() and int(str(pushed)):
        by = int(str(pushed)) - listed
        deviation = {"kind": "shift", "where": _REPORTS, "field": "data.tradeId", "by": by}
    return Difference(
        what="tradeId",
        where="data.tradeId",
        expected="the id of the fill's row in REST",
        seen="another id",
        deviation=deviation,
    )


def _fill_lag(trial: OrderTrial) -> CheckResult:
    """REST shows a fill before recovery looks for it the second time."""
    pushed = fills_of(trial)
    if not pushed:
        return could_not_tell("no fill was pushed")
    order_id = trial.access.kept["filled"]
    rest = trial.access.rest.orders
    rows, lag = trial.until_shown(
        pushed[-1][0].at, lambda: [row for row in rest.fills(size=100).rows if row.order_id == order_id]
    )
    if rows and trial.access.kept.get("fill lag") is None:
        trial.access.kept["fill lag"] = lag
    limit = 1000 * LATER[0]
    if not rows or lag is None or lag > limit:
        seen = "not within the time there was" if lag is None else f"{lag:.0f} ms"
        ms = round(1000 * trial.access.options.wait if lag is None else lag)
        deviation = {"kind": "lag_reads", "where": "GET *", "ms": ms}
        return differs(
            Difference(
                what="read lag",
                where="GET /v1/trades",
                expected=f"at most {limit:.0f} ms",
                seen=seen,
                deviation=deviation,
            )
        )
    return agrees("REST shows the fill that was pushed", lag_ms=round(lag))


def _position_push(trial: OrderTrial) -> CheckResult:
    """A fill is followed by a push of the position that it made."""
    if not fills_of(trial):
        return could_not_tell("there was no fill")

    def holds(data: object) -> bool:
        return any(
            row.get("symbol") == trial.symbol and same_number(row.get("positionQty"), trial.quantity)
            for row in positions_of(data)
        )

    found = trial.pushed("position", since_fill(trial), holds)
    if found is None:
        silent = {"kind": "silent", "where": "position"}
        return differs(
            Difference(
                what="push after a fill",
                where="position",
                expected="the position with the fill",
                seen="none in time",
                deviation=silent,
            )
        )
    delay = 1000 * (found[0].at - fills_of(trial)[-1][0].at)
    return agrees("the position was pushed", delay_ms=round(delay))


def _marks(trial: OrderTrial) -> CheckResult:
    """Seq and updated_time of a position run with those of the reports."""
    pushed = fills_of(trial)
    rows = [
        row
        for frame in trial.access.frames.of("position", since_fill(trial))
        for row in positions_of(frame.data)
        if row.get("symbol") == trial.symbol and same_number(row.get("positionQty"), trial.quantity)
    ]
    if not pushed or not rows:
        return could_not_tell("no fill, or no position with it, was pushed")
    report, row = pushed[-1][1], rows[0]
    found: list[Difference] = []
    for name, path, own in (("seq", "seq", "seq"), ("time", "updated_time", "timestamp")):
        said, wanted = row.get(path, row.get("updatedTime")), report.get(own)
        if said is None or wanted is None:
            found.append(_no_mark(path if said is None else own, said is None))
        elif int(str(said)) < int(str(wanted)):
            by = int(str(said)) - int(str(wanted))
            found.append(
                Difference(
                    what="mark of a position",
                    where=f"data.positions[].{path}",
                    expected=f"no less than the {name} of the fill that made it",
                    seen="less",
                    deviation={
                        "kind": "shift",
                        "where": "position",
                        "field": f"data.positions[].{path}",
                        "by": by,
                    },
                )
            )
    return judged(found, "seq and time of the position follow on those of the fill")


def _no_mark(path: str, of_position: bool) -> Difference:
    field = f"data.positions[].{path}" if of_position else f"data.{path}"
    where = "position" if of_position else _REPORTS
    return Difference(
        what="mark of a position",
        where=field,
        expected="sent",
        seen="absent",
        deviation={"kind": "remove", "where": where, "field": field},
    )


def _back(trial: OrderTrial) -> CheckResult:
    """The fill is traded back: a reduce-only order leaves nothing, and the position is pushed with 0."""
    if not fills_of(trial):
        return could_not_tell("there was no fill")
    order_id = trial.place("MARKET", "SELL", reduce_only=True)
    seen = [one for one in trial.ended(order_id) if one != "PARTIAL_FILLED"]
    found = order_of_reports("MARKET reduce only", ("NEW", "FILLED"), seen)
    reports = trial.reports(order_id)

    def flat(data: object) -> bool:
        return any(
            row.get("symbol") == trial.symbol and same_number(row.get("positionQty"), 0)
            for row in positions_of(data)
        )

    if reports and trial.pushed("position", reports[-1][0].at - 1.0, flat) is None:
        found.append(
            Difference(
                what="push after a fill",
                where="position",
                expected="a position of 0",
                seen="none in time",
                deviation={"kind": "silent", "where": "position"},
            )
        )
    return judged(found, "filled, and pushed as flat")


_ROWS: tuple[tuple[str, str, str, Callable[[OrderTrial], CheckResult]], ...] = (
    (
        "order MARKET",
        "a market order is told as NEW and FILLED, in this order",
        "reports/sequencer.py",
        _fill,
    ),
    (
        "tradeId",
        "tradeId on the stream is the id of the fill in REST, with the same price, size and fee",
        "reports/deduplicator.py",
        _trade_ids,
    ),
    (
        "read lag of fills",
        "GET /v1/trades shows a fill before recovery looks for it the second time",
        "reports/schedule.py LATER",
        _fill_lag,
    ),
    (
        "position after a fill",
        "a fill is followed by a push of its position",
        "live/positions.py",
        _position_push,
    ),
    (
        "marks of a position",
        "seq and updated_time of a position run with those of execution reports",
        "live/marks.py [assumed]",
        _marks,
    ),
)


FILL_CHECKS: tuple[ConformanceCheck, ...] = trial_checks(_ROWS)
"""In the order in which they are run; the first fills, the others look at that."""

BACK_CHECKS: tuple[ConformanceCheck, ...] = trial_checks(
    [
        (
            "back to flat",
            "a reduce-only market order ends the position, which is pushed as 0",
            "live/positions.py",
            _back,
        )
    ]
)
"""What ends the position."""
