"""Tiny orders of one run: what is placed, what is awaited, and whether an account is fit for it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_UP, Decimal
from typing import Any

from orderly_sync.conformance.capture import CapturedFrame
from orderly_sync.conformance.check import (
    CheckGroup,
    CheckResult,
    ConformanceCheck,
    Difference,
    checks_of,
    could_not_tell,
)
from orderly_sync.conformance.venue_access import VenueAccess
from orderly_sync.errors import OrderlyError
from orderly_sync.models.market import SymbolRules
from orderly_sync.waiting import Flag

__all__ = [
    "OrderTrial",
    "ReportRow",
    "fills_of",
    "on_trial",
    "order_of_reports",
    "positions_of",
    "same_number",
    "since_fill",
    "trial_checks",
]

ReportRow = tuple[CapturedFrame, dict[str, object]]
"""A report, with the frame that brought it."""

_FAR = Decimal("0.2")
"""How far from the mark price orders stand that must not trade, as a fraction; less where the market wants it."""
_MORE = Decimal("1.05")
"""By how much an order is worth more than the least that the market takes, at its own far price."""
_LOOK = 0.1
"""Seconds between two readings of REST."""
_REPORTS = "executionreport"
_FINAL = frozenset({"FILLED", "CANCELLED", "REJECTED", "COMPLETED"})


class OrderTrial:
    """Orders of one run on one market.

    ``refusal`` says why none may be placed; with None, ``far_buy``, ``far_sell`` and ``quantity`` are such that an
    order is as small as the market takes and stands where it does not trade.

    Args:
        access: The way to the venue.
    """

    def __init__(self, access: VenueAccess) -> None:
        self.access = access
        self.rules: SymbolRules
        self.mark = Decimal(0)
        self.quantity = Decimal(0)
        self.far_buy = Decimal(0)
        self.far_sell = Decimal(0)
        self._prefix = f"conf{secrets.token_hex(3)}"
        self._count = 0
        self.refusal: str | None = self._prepared()

    @property
    def symbol(self) -> str:
        """The market."""
        return self.access.symbol

    # Whether it may be done

    def _prepared(self) -> str | None:
        access = self.access
        try:
            self.rules = access.rest.market.rules(self.symbol)
            mark = access.rest.market.futures_info(self.symbol).mark_price
        except OrderlyError as exc:
            return access.aliases.sentence(f"the market cannot be read: {exc}")
        status = None if self.rules.status is None else str(self.rules.status)
        if status not in {None, "ACTIVE", "NEW"}:
            return f"{self.symbol} is {status}: orders that open a position are refused; name another by --symbol"
        if mark is None or self.rules.min_notional is None:
            return f"{self.symbol} has no mark price or no least notional"
        self._measure(mark)
        worth = self.quantity * self.far_sell
        limit = access.options.max_notional
        if limit is not None and worth > limit:
            return (
                f"the smallest orders of {self.symbol} are worth more than --max-notional; name a higher one"
            )
        return self._unfit(self.quantity * mark)

    def _measure(self, mark: Decimal) -> None:
        rules = self.rules
        off = min(_FAR, (rules.price_scope or _FAR) / 2)
        self.mark = mark
        self.far_buy = self.price(mark * (1 - off))
        self.far_sell = self.price(mark * (1 + off))
        least = (rules.min_notional or Decimal(0)) * _MORE / self.far_buy
        step = rules.base_tick or Decimal("0.00000001")
        base = rules.base_min or step
        self.quantity = max(base, base + ((least - base) / step).to_integral_value(ROUND_UP) * step)

    def _unfit(self, worth: Decimal) -> str | None:
        """Why the account cannot do it: all that a run leaves is nothing, so nothing may be there before."""
        rest = self.access.rest
        try:
            orders = rest.orders.list(status="INCOMPLETE", size=1).meta.total
            algos = rest.orders.list_algo(status="INCOMPLETE", size=1).meta.total
            held = rest.positions.list()
        except OrderlyError as exc:
            return self.access.aliases.sentence(f"the account cannot be read: {exc}")
        if orders or algos:
            return f"the account has {orders + algos} open orders; cancel them, or use an account of its own"
        if any(row.symbol == self.symbol and row.position_qty for row in held.rows):
            return (
                f"the account has a position in {self.symbol}; close it, or name another market by --symbol"
            )
        if held.free_collateral is not None and held.free_collateral < worth:
            return "the account's free collateral is less than the smallest order is worth; deposit, or use the faucet"
        return None

    # What is done

    def price(self, price: Decimal) -> Decimal:
        """The closest price that the market takes."""
        tick = self.rules.quote_tick or Decimal("0.01")
        base = self.rules.quote_min or Decimal(0)
        return base + ((price - base) / tick).to_integral_value() * tick

    def new_id(self) -> str:
        """A client order id of this run."""
        self._count += 1
        return f"{self._prefix}-{self._count}"

    def place(self, order_type: str, side: str = "BUY", **more: Any) -> int:
        """Place a tiny order, far from the market unless told otherwise; its id."""
        given: dict[str, Any] = {"order_quantity": self.quantity, "client_order_id": self.new_id()}
        if order_type in {"LIMIT", "IOC", "FOK", "POST_ONLY"}:
            given["order_price"] = self.far_buy if side == "BUY" else self.far_sell
        made = self.access.rest.orders.create(
            symbol=self.symbol,
            order_type=order_type,  # type: ignore[arg-type]
            side=side,  # type: ignore[arg-type]
            **{**given, **more},
        )
        return int(made.order_id or 0)

    def place_algo(self, algo_type: str, **more: Any) -> int:
        """Place an algo order; the id of its root."""
        made = self.access.rest.orders.create_algo(
            symbol=self.symbol,
            algo_type=algo_type,  # type: ignore[arg-type]
            **{"client_order_id": self.new_id(), **more},
        )
        return made.order_id

    def cancel(self, order_id: int) -> None:
        """Ask for an order's end."""
        self.access.rest.orders.cancel(symbol=self.symbol, order_id=order_id)

    # What is awaited

    def reports(self, order_id: int) -> list[ReportRow]:
        """The reports of an ordinary order, as they came."""
        return [
            (frame, row)
            for frame, row in self.access.frames.rows(_REPORTS)
            if str(row.get("orderId")) == str(order_id)
        ]

    def statuses(self, order_id: int, until: Callable[[list[str]], object]) -> list[str]:
        """The statuses that were told of an order, as soon as they are as wanted, or those there are in time."""

        def told() -> list[str]:
            found = [str(row.get("status")) for _, row in self.reports(order_id)]
            return found if until(found) else []

        enough = self.access.frames.wait_for(told, self.access.options.wait)
        return enough or [str(row.get("status")) for _, row in self.reports(order_id)]

    def ended(self, order_id: int) -> list[str]:
        """The statuses of an order until its end."""
        return self.statuses(order_id, lambda found: bool(found) and found[-1] in _FINAL)

    def rests(self, order_id: int) -> list[str]:
        """The statuses of an order until it is told to be there."""
        return self.statuses(order_id, lambda found: "NEW" in found)

    def algo_reports(self, root_id: int, topic: str) -> list[ReportRow]:
        """The reports of an algo order's tree by one of the two topics, as they came."""
        return [
            (frame, row)
            for frame, row in self.access.frames.rows(topic)
            if str(row.get("rootAlgoOrderId", row.get("algoOrderId"))) == str(root_id)
        ]

    def root_statuses(self, root_id: int, topic: str) -> list[str]:
        """The statuses of an algo order's root, as a topic told them."""
        return [
            str(row.get("rootAlgoStatus", row.get("algoStatus")))
            for _, row in self.algo_reports(root_id, topic)
        ]

    def algo_status(self, root_id: int, topic: str, wanted: str) -> list[str]:
        """The same, as soon as one of them is as wanted, or in time."""

        def told() -> list[str]:
            found = self.root_statuses(root_id, topic)
            return found if wanted in found else []

        found = self.access.frames.wait_for(told, self.access.options.wait)
        return found or self.root_statuses(root_id, topic)

    def pushed(
        self, topic: str, since: float, fits: Callable[[Mapping[str, object]], object]
    ) -> ReportRow | None:
        """The first push of a topic since a moment whose data fits; None if none came in time."""

        def found() -> ReportRow | None:
            rows = self.access.frames.rows(topic, since)
            return next(((frame, row) for frame, row in rows if fits(row)), None)

        return self.access.frames.wait_for(found, self.access.options.wait)

    def until_shown(self, since: float, shown: Callable[[], Any]) -> tuple[Any, float | None]:
        """Read until REST shows something; that, and for how many ms of the venue's time since then it did not."""
        lag, end = 0.0, time.monotonic() + self.access.options.wait
        while True:
            asked = time.monotonic()
            try:
                value = shown()
            except OrderlyError:
                value = None
            if value:
                return value, lag
            lag = max(0.0, 1000 * self.access.options.speed * (asked - since))
            if asked > end:
                return None, None
            Flag().wait(_LOOK / max(1.0, self.access.options.speed))


def same_number(one: object, other: object) -> bool:
    """Whether two spellings are of one number."""
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except ArithmeticError:
        return False


def order_of_reports(where: str, expected: tuple[str, ...], seen: list[str]) -> list[Difference]:
    """What is wrong with the statuses that were told of an order."""
    if tuple(seen) == expected:
        return []
    deviation = None
    if not seen:
        deviation = {"kind": "silent", "where": _REPORTS}
    elif sorted(seen) == sorted(expected):
        deviation = {"kind": "reorder", "where": _REPORTS}
    return [
        Difference(
            what="order of reports",
            where=where,
            expected=", ".join(expected),
            seen=", ".join(seen) or "none in time",
            deviation=deviation,
        )
    ]


def fills_of(trial: OrderTrial) -> list[ReportRow]:
    """The reports of fills of the order that was filled."""
    order_id = trial.access.kept.get("filled", 0)
    return [one for one in trial.reports(order_id) if not same_number(one[1].get("executedQuantity", 0), 0)]


def since_fill(trial: OrderTrial) -> float:
    """The moment from which on pushes may be those of the fill."""
    pushed = fills_of(trial)
    return pushed[-1][0].at - 1.0 if pushed else 0.0


def positions_of(data: object) -> list[dict[str, Any]]:
    """The rows of a pushed position."""
    rows = data.get("positions") if isinstance(data, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def on_trial(look: Callable[[OrderTrial], CheckResult]) -> Callable[[VenueAccess], CheckResult]:
    """A check that places orders: what keeps the run from placing any is its result."""

    def looked(access: VenueAccess) -> CheckResult:
        trial = access.kept.get("trial")
        if trial is None:
            access.stream.wait_ready(access.options.wait)
            trial = access.kept["trial"] = OrderTrial(access)
        if trial.refusal is not None:
            return could_not_tell(f"nothing was placed: {trial.refusal}")
        access.kept["placed"] = True
        return look(trial)

    return looked


def trial_checks(
    rows: Iterable[tuple[str, str, str, Callable[[OrderTrial], CheckResult]]],
) -> tuple[ConformanceCheck, ...]:
    """The checks that place orders; rows as of ``checks_of``."""
    return checks_of(
        CheckGroup.TRADE, [(name, taken, rests, on_trial(look)) for name, taken, rests, look in rows]
    )
