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
    """The facts of a trade notification; other kinds keep theirs in ``extra``.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-notifications
    """

    symbol: str | None = None
    """The market, ``PERP_ETH_USDC``."""
    side: OrderSide | None = None
    """BUY or SELL, of the order."""
    order_id: int | None = None
    """The order that was filled."""
    executed_price: Decimal | None = None
    """Price of the fill, USDC."""
    executed_quantity: Decimal | None = None
    """Size of the fill, base units, above 0."""
    executed_timestamp: int | None = None
    """When it was filled, ms."""


@model
class Notification(Model):
    """One message to the account; ``content`` is HTML, ``content_summary`` plain text.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-notifications
    """

    id: int
    """Its number in the inbox."""
    message_type: str | None = None
    """What it tells of, such as ORDER_FILLED; the set is not documented."""
    email: str | None = None
    """Where it was mailed to; None where no address is bound."""
    application_id: str | None = None
    """The account's wallet, as the page says; 64 hex digits in its example."""
    title: str | None = None
    """One line for a person."""
    type: NotificationType | None = None
    """TRADE or SYSTEM."""
    level: NotificationLevel | None = None
    """GENERAL or IMPORTANT."""
    content_summary: str | None = None
    """A sentence for a list, plain text."""
    content: str | None = None
    """The whole text, which may hold HTML: show it as text only."""
    content_raw: NotificationContent | None = None
    """The facts behind the text; None where there are none."""
    mark_read: bool | None = None
    """Whether it has been read; 1 or 0 on the wire."""
    operator: int | None = None
    """Who caused it, a number inside the venue that means nothing outside; None where it does not say."""
    created_time: int | None = None
    """When it was sent, ms; see ``time``."""
    announcement_id: str | None = None
    """The announcement it repeats; None on all others. A number or a text on the wire."""

    @property
    def time(self) -> datetime | None:
        """When it was sent, UTC."""
        return utc(self.created_time)


@model
class Unread(Model):
    """How many notifications are unread, and the newest of them.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-unread-notifications
    """

    count: int
    """How many are unread."""
    last_id: int | None = None
    """The newest of them; None or 0 where there is none."""
