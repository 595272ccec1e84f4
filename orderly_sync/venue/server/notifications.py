"""Every account's inbox: what the venue wrote to it, and what of that was read."""

from __future__ import annotations

from collections.abc import Collection

import attrs

from orderly_sync.models.account_enums import NotificationLevel, NotificationType

__all__ = ["NotificationDraft", "NotificationInbox", "StoredNotification"]


@attrs.frozen(kw_only=True)
class NotificationDraft:
    """What is to be notified, before it has a number: plain text, and the facts behind it."""

    message_type: str
    """Such as ORDER_FILLED."""
    title: str
    text: str
    type: NotificationType = NotificationType.SYSTEM
    level: NotificationLevel = NotificationLevel.GENERAL
    facts: dict[str, object] | None = None
    announcement_id: int = 0


@attrs.define(kw_only=True)
class StoredNotification:
    """A notification that arrived."""

    id: int
    draft: NotificationDraft
    created_time: int
    is_read: bool = False


class NotificationInbox:
    """The notifications of all accounts, numbered across them as they come."""

    def __init__(self) -> None:
        self._by_account: dict[str, dict[int, StoredNotification]] = {}
        self._count = 0

    def deliver(self, account_id: str, draft: NotificationDraft, now: int) -> StoredNotification:
        """Put a notification into an account's inbox."""
        self._count += 1
        notification = StoredNotification(id=self._count, draft=draft, created_time=now)
        self._by_account.setdefault(account_id, {})[notification.id] = notification
        return notification

    def of(self, account_id: str, kind: NotificationType | None = None) -> list[StoredNotification]:
        """The notifications of an account, newest first; of one kind if one is named."""
        notifications = reversed(self._by_account.get(account_id, {}).values())
        return [
            notification for notification in notifications if kind is None or notification.draft.type is kind
        ]

    def unread(self, account_id: str) -> tuple[int, int]:
        """How many are unread, and the number of the newest of them, 0 if there is none."""
        left = [one.id for one in self._by_account.get(account_id, {}).values() if not one.is_read]
        return len(left), max(left, default=0)

    def mark(self, account_id: str, ids: Collection[int] | None, *, is_read: bool) -> None:
        """Mark these as read or unread, all if None; numbers of others' notifications are passed over."""
        notifications = self._by_account.get(account_id, {})
        for number in notifications if ids is None else ids:
            if number in notifications:
                notifications[number].is_read = is_read
