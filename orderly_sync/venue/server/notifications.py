"""Every account's inbox: what the venue wrote to it, and what of that was read."""

from __future__ import annotations

from collections.abc import Collection

import attrs

from orderly_sync.models.account_enums import NotificationLevel, NotificationType

__all__ = ["NotificationDraft", "NotificationInbox", "StoredNotification"]


@attrs.frozen(kw_only=True)
class NotificationDraft:
    """What is to be told, before it has a number: plain text, and the facts behind it."""

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
    """A letter that arrived."""

    id: int
    letter: NotificationDraft
    created_time: int
    is_read: bool = False


class NotificationInbox:
    """The mail of all accounts, numbered across them as it comes."""

    def __init__(self) -> None:
        self._mails: dict[str, dict[int, StoredNotification]] = {}
        self._count = 0

    def deliver(self, account_id: str, letter: NotificationDraft, now: int) -> StoredNotification:
        """Put a letter into an account's inbox."""
        self._count += 1
        mail = StoredNotification(id=self._count, letter=letter, created_time=now)
        self._mails.setdefault(account_id, {})[mail.id] = mail
        return mail

    def of(self, account_id: str, kind: NotificationType | None = None) -> list[StoredNotification]:
        """The mail of an account, newest first; of one kind if one is named."""
        mails = reversed(self._mails.get(account_id, {}).values())
        return [mail for mail in mails if kind is None or mail.letter.type is kind]

    def unread(self, account_id: str) -> tuple[int, int]:
        """How many are unread, and the number of the newest of them, 0 if there is none."""
        left = [mail.id for mail in self._mails.get(account_id, {}).values() if not mail.is_read]
        return len(left), max(left, default=0)

    def mark(self, account_id: str, ids: Collection[int] | None, *, is_read: bool) -> None:
        """Mark these as read or unread, all if None; numbers of others' mail are passed over."""
        mails = self._mails.get(account_id, {})
        for number in mails if ids is None else ids:
            if number in mails:
                mails[number].is_read = is_read
