"""Rows of REST as the pushes they amount to, for the private topics that tell no order. Reads only.

Each reader gives what happened since a time of the venue's, oldest first. What a row does not say stays None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple, Protocol

from orderly_sync.models import pushes
from orderly_sync.models.asset import AssetRecord, PnlSettlement
from orderly_sync.models.base import Page, Push, made
from orderly_sync.models.conversion import Conversion
from orderly_sync.models.liquidation import AccountLiquidation, LiquidationPosition, LiquidatorLiquidation
from orderly_sync.models.notification import Notification
from orderly_sync.reports.as_push import as_push, shared_fields
from orderly_sync.wire.converter import to_wire

__all__ = [
    "READERS",
    "REBUILT",
    "AssetReads",
    "LiquidationReads",
    "NotificationReads",
    "OtherReads",
    "TopicRebuild",
]

PAGE = 500
_SLOW_MS = 86_400_000
"""Deposits and withdrawals are listed by when they were asked for, and may take so long, ms, to change last."""


class AssetReads(Protocol):
    """What is asked of ``rest.assets``, by whose names."""

    @property
    def history(self) -> Callable[..., Page[AssetRecord]]:
        """Deposits and withdrawals."""

    @property
    def settlements(self) -> Callable[..., Page[PnlSettlement]]:
        """Settlements of PnL."""

    @property
    def convert_history(self) -> Callable[..., Page[Conversion]]:
        """Conversions of collateral."""


class LiquidationReads(Protocol):
    """What is asked of ``rest.liquidations``, by whose names."""

    @property
    def history(self) -> Callable[..., Page[AccountLiquidation]]:
        """Of this account."""

    @property
    def claimed(self) -> Callable[..., Page[LiquidatorLiquidation]]:
        """Taken over by it."""


class NotificationReads(Protocol):
    """What is asked of ``rest.notifications``, by whose names."""

    @property
    def inbox(self) -> Callable[..., Page[Notification]]:
        """All messages, newest first."""


class OtherReads(Protocol):
    """What is asked of ``Rest``: its groups, each loaded when a list of it is read."""

    @property
    def assets(self) -> AssetReads:
        """Money in and out, and settlements."""

    @property
    def liquidations(self) -> LiquidationReads:
        """Of this account, and taken over by it."""

    @property
    def notifications(self) -> NotificationReads:
        """The inbox."""


class TopicRebuild(NamedTuple):
    """What a gap leaves of a private topic."""

    source: str
    """The operations of REST that tell what was missed; empty if none does."""
    gone: str
    """What nothing tells."""


REBUILT: Mapping[str, TopicRebuild] = {
    "executionreport": TopicRebuild(
        "GET /v1/orders, GET /v1/trades, GET /v1/order/{order_id}/trades",
        "edits but the last, the reason of a cancel or refusal, seq, the order of fills within one millisecond",
    ),
    "algoexecutionreport": TopicRebuild(
        "GET /v1/algo/orders, GET /v1/algo/order/{order_id}/trades",
        "the moment and price of a trigger, edits but the last, a trailing stop's best prices",
    ),
    "algoexecutionreportv2": TopicRebuild(
        "GET /v1/algo/orders, GET /v1/algo/order/{order_id}/trades",
        "the moment and price of a trigger, edits but the last, a trailing stop's best prices",
    ),
    "position": TopicRebuild("GET /v1/positions", "states between, version"),
    "balance": TopicRebuild("GET /v1/client/holding", "states between, version"),
    "account": TopicRebuild(
        "GET /v1/client/info", "states between, totals, the leverage of single symbols, margin_mode"
    ),
    "wallet": TopicRebuild("GET /v1/asset/history", "statuses between, and their times"),
    "settle": TopicRebuild("GET /v1/pnl_settlement/history", "statuses other than COMPLETED"),
    "liquidationsaccount": TopicRebuild("GET /v1/liquidations", "states between"),
    "liquidatorliquidations": TopicRebuild(
        "GET /v1/client/liquidator_liquidations", "offers that were not taken over"
    ),
    "assetconvert": TopicRebuild(
        "GET /v1/asset/convert_history", "all of it where the venue does not serve that list"
    ),
    "notifications": TopicRebuild(
        "GET /v1/notification/inbox/notifications", "what the inbox keeps no longer"
    ),
}
"""Every private topic: what rebuilds it after a gap, and what is gone for good."""


def _time(ms: int) -> int | None:
    """From when on a list is wanted; None for all of it."""
    return ms if ms > 0 else None


def _wallet(rest: OtherReads, start: int) -> Iterator[Push]:
    rows = rest.assets.history(start=_time(start - _SLOW_MS), size=PAGE)
    for row in rows.each():
        yield as_push("wallet", pushes.WalletUpdate, row, row.updated_time or row.created_time)


def _settle(rest: OtherReads, start: int) -> Iterator[Push]:
    for row in rest.assets.settlements(start=_time(start), size=PAGE).each():
        yield as_push("settle", pushes.SettleUpdate, row, row.settled_time or row.requested_time)


def _positions(rows: Sequence[LiquidationPosition], **other: str) -> tuple[pushes.LiquidatedPosition, ...]:
    """The positions of a liquidation; ``other`` says which field of theirs has another name in a row."""
    names = shared_fields(LiquidationPosition, pushes.LiquidatedPosition)
    same = [name for name in names if name not in other.values()]
    return tuple(
        made(
            pushes.LiquidatedPosition,
            **{name: getattr(row, name) for name in same},
            **{name: getattr(row, its) for name, its in other.items()},
        )
        for row in rows
    )


def _liquidations(rest: OtherReads, start: int) -> Iterator[Push]:
    for row in rest.liquidations.history(start=_time(start), size=PAGE).each():
        parts = _positions(row.positions_by_perp, abs_liquidation_fee="abs_liquidator_fee")
        yield as_push(
            "liquidationsaccount", pushes.AccountLiquidation, row, row.timestamp, positions_by_perp=parts
        )


def _claimed(rest: OtherReads, start: int) -> Iterator[Push]:
    for row in rest.liquidations.claimed(start=_time(start), size=PAGE).each():
        yield as_push(
            "liquidatorliquidations",
            pushes.LiquidatorLiquidation,
            row,
            row.timestamp,
            positions_by_perp=_positions(row.positions_by_perp),
            type=None if row.type is None else row.type.value,
            assigned=None if row.assigned is None else int(row.assigned),
        )


def _conversions(rest: OtherReads, start: int) -> Iterator[Push]:
    rows = rest.assets.convert_history(start=_time(start - _SLOW_MS), size=PAGE)
    for row in rows.each():
        when = row.updated_time or row.created_time
        kind = None if row.type is None else row.type.value
        for step in row.details:
            values = {"convert_id": row.convert_id, "timestamp": when, "type": kind}
            yield as_push("assetconvert", pushes.AssetConversion, step, when, **values)


def _notifications(rest: OtherReads, start: int) -> Iterator[Push]:
    for row in rest.notifications.inbox(size=PAGE).each():  # newest first, and kept for long
        if row.created_time is not None and row.created_time < start:
            return
        yield as_push(
            "notifications",
            pushes.NotificationUpdate,
            row,
            row.created_time,
            type=None if row.type is None else row.type.value,
            level=None if row.level is None else row.level.value,
            content_raw=None if row.content_raw is None else to_wire(row.content_raw),
        )


def _since(read: Callable[[OtherReads, int], Iterator[Push]]) -> Callable[[OtherReads, int], list[Push]]:
    def rows(rest: OtherReads, start: int) -> list[Push]:
        found = [push for push in read(rest, start) if push.ts is not None and push.ts >= start]
        return sorted(found, key=attrgetter("ts"))

    return rows


READERS: Mapping[str, Callable[[OtherReads, int], list[Push]]] = {
    "wallet": _since(_wallet),
    "settle": _since(_settle),
    "liquidationsaccount": _since(_liquidations),
    "liquidatorliquidations": _since(_claimed),
    "assetconvert": _since(_conversions),
    "notifications": _since(_notifications),
}
"""What a topic would have pushed since a time of the venue's, ms, oldest first, as REST tells it."""
