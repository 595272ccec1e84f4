"""What stands in an account's inbox: notifications of the venue's own events, and their rows on the wire."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from orderly_sync.models.account_enums import NotificationLevel, NotificationType
from orderly_sync.models.enums import AssetSide
from orderly_sync.venue.engine.facts import Deleveraged, OrderReported
from orderly_sync.venue.engine.records import AssetRow, LiquidationRow
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.notifications import NotificationDraft, StoredNotification

__all__ = [
    "announced",
    "deleveraged",
    "key_added",
    "key_removed",
    "liquidated",
    "money_moved",
    "notification_frame",
    "notification_row",
    "order_filled",
]


def _name(symbol: str) -> str:
    """``ETH-PERP`` of ``PERP_ETH_USDC``."""
    return f"{symbol.split('_')[1]}-PERP"


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def order_filled(fact: OrderReported) -> NotificationDraft:
    """An order was filled, wholly or in part."""
    order, fill = fact.order, fact.fill
    assert fill is not None
    wanted = order.quantity or order.executed_quantity
    return NotificationDraft(
        message_type="ORDER_FILLED",
        title="Your order has been filled",
        text=f"Your order to {order.side.value.lower()} {_plain(wanted)} {_name(order.symbol)} has been filled: "
        f"{_plain(order.executed_quantity)}/{_plain(wanted)} at {_plain(fill.price)}.",
        type=NotificationType.TRADE,
        facts={
            "symbol": order.symbol,
            "side": order.side.value,
            "order_id": order.order_id,
            "executed_price": number(fill.price),
            "executed_quantity": number(fill.quantity),
            "executed_timestamp": fill.ts,
        },
    )


def announced(message: str, announcement_id: int) -> NotificationDraft:
    """The venue announced something to everyone."""
    return NotificationDraft(
        message_type="ANNOUNCEMENT", title="Announcement", text=message, announcement_id=announcement_id
    )


def key_added(public: str, scope: str) -> NotificationDraft:
    """A key was added to the account."""
    return NotificationDraft(
        message_type="API_KEY_ADDED",
        title="A key was added",
        text=f"The key {public} may now act for your account: {scope}.",
        level=NotificationLevel.IMPORTANT,
    )


def key_removed(public: str) -> NotificationDraft:
    """A key was removed from the account."""
    return NotificationDraft(
        message_type="API_KEY_REMOVED",
        title="A key was removed",
        text=f"The key {public} no longer acts for your account.",
        level=NotificationLevel.IMPORTANT,
    )


def money_moved(row: AssetRow) -> NotificationDraft:
    """A deposit or a withdrawal is complete."""
    kind = "deposit" if row.side is AssetSide.DEPOSIT else "withdrawal"
    return NotificationDraft(
        message_type=f"{row.side.value}_COMPLETED",
        title=f"Your {kind} is complete",
        text=f"Your {kind} of {_plain(row.amount)} {row.token} is complete.",
    )


def liquidated(row: LiquidationRow) -> NotificationDraft:
    """Positions went to a liquidator."""
    lost = ", ".join(f"{_plain(each.position_qty)} {_name(each.symbol)}" for each in row.positions)
    return NotificationDraft(
        message_type="LIQUIDATED",
        title="Positions have been liquidated",
        text=f"Your margin was too low; {lost} went to a liquidator.",
        type=NotificationType.TRADE,
        level=NotificationLevel.IMPORTANT,
    )


def deleveraged(fact: Deleveraged) -> NotificationDraft:
    """Part of a position was closed for the insurance fund's sake."""
    return NotificationDraft(
        message_type="DELEVERAGED",
        title="A position has been deleveraged",
        text=f"{_plain(abs(fact.quantity))} {_name(fact.symbol)} of your position was closed at {_plain(fact.price)}.",
        type=NotificationType.TRADE,
        level=NotificationLevel.IMPORTANT,
    )


def notification_row(notification: StoredNotification, account_id: str) -> dict[str, object]:
    """A row of ``GET /v1/notification/inbox/notifications``."""
    return {
        **_text(notification),
        "email": "",
        "application_id": account_id,
        "mark_read": int(notification.is_read),
        "operator": 0,
        "created_time": notification.created_time,
        "announcement_id": notification.draft.announcement_id,
    }


def notification_frame(notification: StoredNotification) -> dict[str, object]:
    """The data of a ``notifications`` frame."""
    return _text(notification)


def _text(notification: StoredNotification) -> dict[str, object]:
    draft = notification.draft
    return {
        "id": notification.id,
        "message_type": draft.message_type,
        "title": draft.title,
        "type": draft.type.value,
        "level": draft.level.value,
        "content_summary": draft.text,
        "content": f"<p>{escape(draft.text)}</p>",
        "content_raw": draft.facts,
    }
