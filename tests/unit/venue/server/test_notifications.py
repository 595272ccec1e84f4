"""Inboxes: delivery, order, and what was read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.account_enums import NotificationType
from orderly_sync.venue.server.notifications import NotificationDraft, NotificationInbox


def draft(text: str = "", kind: NotificationType = NotificationType.SYSTEM) -> NotificationDraft:
    return NotificationDraft(message_type="TEST", title="", text=text, type=kind)


def test_notifications_are_numbered_across_accounts_and_read_newest_first():
    """Each account sees its own."""
    inbox = NotificationInbox()
    numbers = [inbox.deliver(name, draft(name), 5).id for name in "abab"]

    assert numbers == [1, 2, 3, 4]
    assert [one.id for one in inbox.of("a")] == [3, 1]
    assert inbox.of("c") == []
    assert inbox.unread("c") == (0, 0)


def test_notifications_can_be_asked_for_by_kind():
    """TRADE or SYSTEM."""
    inbox = NotificationInbox()
    inbox.deliver("a", draft("x", NotificationType.TRADE), 1)
    inbox.deliver("a", draft("y"), 2)

    assert [one.draft.text for one in inbox.of("a", NotificationType.TRADE)] == ["x"]


@given(marks=st.lists(st.tuples(st.sets(st.integers(0, 9)) | st.none(), st.booleans())))
def test_the_count_is_of_what_was_marked_last(marks):
    """Numbers that are not there, or another's, change nothing."""
    inbox, unread = NotificationInbox(), set(range(1, 7))
    for _ in range(6):
        inbox.deliver("a", draft(), 0)
    inbox.deliver("b", draft(), 0)
    for ids, is_read in marks:
        inbox.mark("a", ids, is_read=is_read)
        positions_changed = (set(range(1, 7)) if ids is None else ids) & set(range(1, 7))
        unread = unread - positions_changed if is_read else unread | positions_changed

    assert inbox.unread("a") == (len(unread), max(unread, default=0))
    assert inbox.unread("b") == (1, 7)
