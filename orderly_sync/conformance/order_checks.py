"""Checks that place tiny orders far from the market: their reports, edits, cancels, and what the venue refuses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from orderly_sync.conformance.check import (
    CheckResult,
    ConformanceCheck,
    Difference,
    agrees,
    could_not_tell,
    differs,
    judged,
)
from orderly_sync.conformance.trial import OrderTrial, order_of_reports, trial_checks
from orderly_sync.errors import ApiError, OrderOutcomeUnknown
from orderly_sync.reports.schedule import LATER
from orderly_sync.rest import Rest, Retries
from orderly_sync.rest.transport import HttpRequest, HttpResponse, Transport
from orderly_sync.waiting import Flag
from orderly_sync.wire.error_codes import DUPLICATE_REQUEST

__all__ = ["ORDER_CHECKS"]

_REPORTS = "executionreport"
_WINDOW_MS, _HELD_S = 50, 0.2
_SHORTEST_TIMER_MS = 5000


def _resting(order_type: str, trial: OrderTrial) -> CheckResult:
    """An order that rests is told as NEW, and its cancel as CANCELLED."""
    order_id = trial.place(order_type, level=4) if order_type == "BID" else trial.place(order_type)
    trial.rests(order_id)
    try:
        trial.cancel(order_id)
    except ApiError:
        seen = trial.ended(order_id)
        return could_not_tell(f"it was done before it could be cancelled: {', '.join(seen)}")
    return judged(
        order_of_reports(order_type, ("NEW", "CANCELLED"), trial.ended(order_id)), "NEW, then CANCELLED"
    )


def _immediate(order_type: str, trial: OrderTrial) -> CheckResult:
    """An order that cannot trade at once ends without a fill."""
    seen = trial.ended(trial.place(order_type))
    return judged(order_of_reports(order_type, ("NEW", "CANCELLED"), seen), "NEW, then CANCELLED")


def _edit(trial: OrderTrial) -> CheckResult:
    """An edit is told as REPLACED; REST shows the new price and NEW."""
    order_id = trial.place("LIMIT")
    trial.rests(order_id)
    wanted = trial.far_buy - (trial.rules.quote_tick or 0)
    orders = trial.access.rest.orders
    orders.edit(
        order_id=order_id,
        symbol=trial.symbol,
        order_type="LIMIT",
        side="BUY",
        order_price=wanted,
        order_quantity=trial.quantity,
    )
    seen = trial.statuses(order_id, lambda found: len(found) > 1)
    row, _ = trial.until_shown(
        0.0, lambda: next((one for one in [orders.get(order_id)] if one.price == wanted), None)
    )
    trial.cancel(order_id)
    trial.ended(order_id)
    return _after_edit(seen, None if row is None else trial.access.aliases.word(str(row.status)))


def _after_edit(seen: list[str], status: str | None) -> CheckResult:
    """What reports and REST said of an edit; no status is that of an order without the new price."""
    found = order_of_reports("edit", ("NEW", "REPLACED"), seen)
    if status is None:
        found.append(
            Difference(
                what="edit", where="GET /v1/order/{order_id}", expected="the new price", seen="the old one"
            )
        )
    elif status != "NEW":
        found.append(
            Difference(
                what="edit",
                where="data.status",
                expected="NEW after an edit",
                seen=status,
                deviation={
                    "kind": "replace",
                    "where": "GET /v1/order/{order_id}",
                    "field": "data.status",
                    "value": status,
                },
            )
        )
    return judged(found, "NEW, then REPLACED; REST shows the new price and NEW")


def _batch(trial: OrderTrial) -> CheckResult:
    """Orders of a batch are told one by one, and cancelled together by their client order ids."""
    ids = [trial.new_id(), trial.new_id()]
    rows = trial.access.rest.orders.create_batch(
        orders=[
            {
                "symbol": trial.symbol,
                "order_type": "LIMIT",
                "side": "BUY",
                "order_price": trial.far_buy,
                "order_quantity": trial.quantity,
                "client_order_id": one,
            }
            for one in ids
        ]
    )
    placed = [row.order_id for row in rows if row.order_id is not None]
    for order_id in placed:
        trial.rests(order_id)
    trial.access.rest.orders.cancel_batch_by_client_order_id(client_order_ids=ids)
    found: list[Difference] = []
    for order_id in placed:
        found += order_of_reports("batch", ("NEW", "CANCELLED"), trial.ended(order_id))
    if len(placed) != len(ids):
        found.append(Difference(what="batch", where="data.rows", expected="2 orders", seen=str(len(placed))))
    return judged(found[:1], "each NEW, then CANCELLED")


def _cancel_all(trial: OrderTrial) -> CheckResult:
    """One request ends all orders of a market."""
    placed = [trial.place("LIMIT"), trial.place("LIMIT", "SELL")]
    for order_id in placed:
        trial.rests(order_id)
    trial.access.rest.orders.cancel_all(symbol=trial.symbol)
    found: list[Difference] = []
    for order_id in placed:
        found += order_of_reports("cancel all", ("NEW", "CANCELLED"), trial.ended(order_id))
    return judged(found[:1], "each NEW, then CANCELLED")


def _by_client_id(trial: OrderTrial) -> CheckResult:
    """An order is found and cancelled by the id that its sender gave it, and reports repeat that id."""
    name = trial.new_id()
    order_id = trial.place("LIMIT", client_order_id=name)
    trial.rests(order_id)
    orders = trial.access.rest.orders
    row, _ = trial.until_shown(0.0, lambda: orders.get_by_client_order_id(name))
    orders.cancel_by_client_order_id(symbol=trial.symbol, client_order_id=name)
    found = order_of_reports("cancel by client order id", ("NEW", "CANCELLED"), trial.ended(order_id))
    repeated = {row.get("clientOrderId") for _, row in trial.reports(order_id)}
    if repeated and repeated != {name}:
        found.append(
            Difference(
                what="client order id",
                where="data.clientOrderId",
                expected="the id that was sent",
                seen="another, or none",
                deviation={"kind": "replace", "where": _REPORTS, "field": "data.clientOrderId", "value": ""},
            )
        )
    if row is None or row.order_id != order_id:
        found.append(
            Difference(what="client order id", where="REST", expected="the order that was sent", seen="none")
        )
    return judged(found, "found and cancelled by it, and repeated in reports")


def _duplicate(trial: OrderTrial) -> CheckResult:
    """A client order id that an open order has is refused with -1007; after its end it may be used again."""
    name = trial.new_id()
    first = trial.place("LIMIT", client_order_id=name)
    trial.rests(first)
    try:
        trial.place("LIMIT", client_order_id=name)
        seen = "accepted"
    except (ApiError, OrderOutcomeUnknown):
        seen = str(_code(trial))
    trial.cancel(first)
    trial.ended(first)
    if seen != str(DUPLICATE_REQUEST):
        deviation = {"kind": "replace", "where": "POST /v1/order", "field": "code", "value": _number(seen)}
        return differs(
            Difference(
                what="duplicate client order id",
                where="POST /v1/order",
                expected=str(DUPLICATE_REQUEST),
                seen=seen,
                deviation=None if seen == "accepted" else deviation,
            )
        )
    again = trial.place("LIMIT", client_order_id=name)
    trial.rests(again)
    trial.cancel(again)
    return agrees(f"refused with {seen}; free again after the end of the first")


def _code(trial: OrderTrial) -> object:
    value = trial.access.latest().value
    return value.get("code") if isinstance(value, dict) else None


def _number(text: str) -> object:
    return int(text) if text.lstrip("-").isdigit() else text


class _Held:
    """A transport that holds each request back after it was signed."""

    def __init__(self, within: Transport) -> None:
        self._within = within

    def send(self, request: HttpRequest) -> HttpResponse:
        Flag().wait(_HELD_S)
        return self._within.send(request)


def _recv_window(trial: OrderTrial) -> CheckResult:
    """An order that comes later than its x-recv-window is refused: what was given up cannot be placed any more."""
    access = trial.access
    with Rest(
        access.network,
        access.credentials,
        clock=access.rest.clock,
        retries=Retries(tries=1),
        rate_limits=access.options.rate_limits,
        transport=_Held(access.answers),
    ) as late:
        try:
            made = late.orders.create(
                symbol=trial.symbol,
                order_type="LIMIT",
                side="BUY",
                order_price=trial.far_buy,
                order_quantity=trial.quantity,
                client_order_id=trial.new_id(),
                recv_window=_WINDOW_MS,
            )
        except (ApiError, OrderOutcomeUnknown) as exc:
            return agrees(
                f"refused with {_code(trial)}: {access.aliases.sentence(str(exc))}", code=_code(trial)
            )
    trial.cancel(int(made.order_id or 0))
    return differs(
        Difference(
            what="x-recv-window",
            where="POST /v1/order",
            expected=f"refused when it is {1000 * _HELD_S:.0f} ms old and may be {_WINDOW_MS}",
            seen="accepted",
            deviation={"kind": "ignore_header", "where": "POST /v1/order", "field": "x-recv-window"},
        )
    )


def _time(trial: OrderTrial) -> int:
    """The venue's time of the latest answer, ms; 0 where it says none."""
    value = trial.access.latest().value
    said = str(value.get("timestamp")) if isinstance(value, dict) else ""
    return int(said) if said.isdigit() else 0


def _cancel_all_after(trial: OrderTrial) -> CheckResult:
    """The dead man's switch ends open orders when it runs out."""
    order_id = trial.place("LIMIT")
    trial.rests(order_id)
    orders = trial.access.rest.orders
    orders.cancel_all_after(trigger_after=_SHORTEST_TIMER_MS)
    began = _time(trial)
    seen = trial.ended(order_id)
    if "CANCELLED" in seen:
        return judged(
            order_of_reports("cancel all after", ("NEW", "CANCELLED"), seen),
            "it ran out, and the order ended",
        )
    orders.cancel_all_after(trigger_after=0)
    now = _time(trial)
    trial.cancel(order_id)
    if now - began < _SHORTEST_TIMER_MS / 10:
        return could_not_tell("the venue's time stands still, so that no timer runs out")
    return differs(
        Difference(
            what="cancel all after",
            where="POST /v1/order/cancel_all_after",
            expected=f"CANCELLED after {_SHORTEST_TIMER_MS} ms",
            seen=", ".join(seen),
            deviation={
                "kind": "pretend",
                "where": "POST /v1/order/cancel_all_after",
                "data": {"expected_trigger_time": 0},
            },
        )
    )


def _read_lag(trial: OrderTrial) -> CheckResult:
    """REST shows an order as soon as it was pushed, or at least before recovery looks for the last time."""
    order_id = trial.place("LIMIT")
    trial.rests(order_id)
    reports = trial.reports(order_id)
    since = reports[0][0].at if reports else 0.0
    orders = trial.access.rest.orders
    _, lag = trial.until_shown(since, lambda: orders.get(order_id))
    trial.cancel(order_id)
    trial.ended(order_id)
    if not reports:
        return could_not_tell("the order was not pushed, so nothing can be compared")
    limit = 1000 * LATER[0]
    if lag is None or lag > limit:
        seen = "not within the time there was" if lag is None else f"{lag:.0f} ms"
        ms = round(1000 * trial.access.options.wait if lag is None else lag)
        return differs(
            Difference(
                what="read lag",
                where="GET /v1/order/{order_id}",
                expected=f"at most {limit:.0f} ms, when recovery looks for the second time",
                seen=seen,
                deviation={"kind": "lag_reads", "where": "GET *", "ms": ms},
            ),
            lag_ms=lag,
        )
    return agrees("REST shows what was pushed", lag_ms=round(lag))


_ROWS: tuple[tuple[str, str, str, Callable[[OrderTrial], CheckResult]], ...] = (
    *(
        (
            f"order {kind}",
            f"a {kind} order that rests is told as NEW, its cancel as CANCELLED, in this order",
            "reports/sequencer.py",
            partial(_resting, kind),
        )
        for kind in ("LIMIT", "POST_ONLY", "BID")
    ),
    *(
        (
            f"order {kind}",
            f"a {kind} order that cannot trade is told as NEW and CANCELLED, in this order",
            "reports/sequencer.py",
            partial(_immediate, kind),
        )
        for kind in ("IOC", "FOK")
    ),
    ("edit", "an edit is told as REPLACED, and REST goes on saying NEW", "reports/order_states.py", _edit),
    ("batch", "each order of a batch has reports of its own", "rest/groups/orders.py", _batch),
    ("cancel all", "one request cancels all orders of a market", "rest/groups/orders.py", _cancel_all),
    (
        "client order id",
        "an order is found by its client order id, and reports repeat it",
        "trading/outcomes.py",
        _by_client_id,
    ),
    (
        "duplicate client order id",
        "client order ids are unique among open orders only; one that is taken is refused with -1007",
        "trading/placing.py",
        _duplicate,
    ),
    (
        "x-recv-window",
        "an order older than its x-recv-window is refused",
        "trading/outcomes.py",
        _recv_window,
    ),
    (
        "cancel all after",
        "cancel_all_after ends open orders when it runs out",
        "live/cancel_on_silence.py",
        _cancel_all_after,
    ),
    (
        "read lag",
        "REST shows an order before recovery looks for it the second time, and surely before the last",
        "reports/schedule.py LATER",
        _read_lag,
    ),
)


ORDER_CHECKS: tuple[ConformanceCheck, ...] = trial_checks(_ROWS)
"""In the order in which they are run."""
