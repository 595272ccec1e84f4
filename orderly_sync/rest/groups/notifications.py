"""User API / Account Notifications."""

from __future__ import annotations

from collections.abc import Sequence

from orderly_sync.models.account_enums import NotificationType
from orderly_sync.models.base import Acknowledged, Page
from orderly_sync.models.notification import Notification, Unread
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import NotificationTypeLike
from orderly_sync.wire.enum_values import one_of

__all__ = ["Notifications"]


class Notifications(Group):
    """The account's inbox."""

    def inbox(
        self, *, type: NotificationTypeLike | None = None, page: int = 1, size: int = 25
    ) -> Page[Notification]:
        """All notifications, newest first.

        ``GET /v1/notification/inbox/notifications``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-notifications
        """
        kind = one_of(NotificationType, type, "type")
        return self._signed.get(
            "/v1/notification/inbox/notifications", Page[Notification], type=kind, page=page, size=size
        )

    def unread(self) -> Unread:
        """How many are unread.

        ``GET /v1/notification/inbox/unread``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-unread-notifications
        """
        return self._signed.get("/v1/notification/inbox/unread", Unread)

    def mark_read(self, *, flag: bool, ids: Sequence[int | str]) -> Acknowledged:
        """Mark these as read (True) or unread (False).

        ``POST /v1/notification/inbox/mark_read``, signed, scope not documented; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/set-read-status-of-notifications
        """
        query = {"flag": int(flag), "ids": ids}
        return self._signed.post("/v1/notification/inbox/mark_read", Acknowledged, query=query)

    def mark_all_read(self, *, flag: bool) -> Acknowledged:
        """Mark all as read (True) or unread (False).

        ``POST /v1/notification/inbox/mark_read_all``, signed, scope not documented; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/set-read-status-of-all-notifications
        """
        return self._signed.post(
            "/v1/notification/inbox/mark_read_all", Acknowledged, query={"flag": int(flag)}
        )
