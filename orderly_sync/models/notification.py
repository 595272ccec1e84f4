"""The account's inbox."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.account_enums import NotificationLevel, NotificationType
from orderly_sync.models.base import Model, model, utc
from orderly_sync.models.enums import OrderSide

__all__ = ["Notification", "NotificationContent", "Unread"]


@model
class NotificationContent(Model):
    """The facts of a trade notification; other kinds keep theirs in ``extra``."""

    symbol: str | None = None
    side: OrderSide | None = None
    order_id: int | None = None
    executed_price: Decimal | None = None
    executed_quantity: Decimal | None = None
    executed_timestamp: int | None = None
    """Milliseconds."""


@model
class Notification(Model):
    """One message to the account; ``content`` is HTML, ``content_summary`` plain text."""

    id: int
    message_type: str | None = None
    email: str | None = None
    application_id: str | None = None
    title: str | None = None
    type: NotificationType | None = None
    level: NotificationLevel | None = None
    content_summary: str | None = None
    content: str | None = None
    content_raw: NotificationContent | None = None
    mark_read: bool | None = None
    operator: int | None = None
    created_time: int | None = None
    announcement_id: str | None = None

    @property
    def time(self) -> datetime | None:
        """When it was sent, UTC."""
        return utc(self.created_time)


@model
class Unread(Model):
    """How many notifications are unread, and the newest of them."""

    count: int
    last_id: int | None = None
