"""Account notifications: the inbox. Its parameters come in the query, also those of a POST."""

from __future__ import annotations

from typing import Any

from orderly_sync.models.account_enums import NotificationType
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.call import Call, paged
from orderly_sync.venue.server.fields import digits, missing
from orderly_sync.venue.server.notification_rows import notification_row
from orderly_sync.venue.server.routes.route import HttpRoute, read, signed
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]


def _list(call: Call) -> object:
    found = call.reports.inbox.of(call.account_id, call.query.choice("type", NotificationType))
    return paged(call, found, lambda notification: notification_row(notification, call.account_id))


def _unread(call: Call) -> object:
    count, last_id = call.reports.inbox.unread(call.account_id)
    return {"count": count, "last_id": last_id}


def _flag(call: Call) -> bool:
    flag = call.query.whole("flag")
    if flag not in {0, 1}:
        raise (
            missing("flag")
            if flag is None
            else Refused(INVALID_PARAM, "flag must be 1 for read or 0 for unread")
        )
    return bool(flag)


def _mark(call: Call) -> Any:
    ids = [digits(part) for part in call.query.required_text("ids").strip("[]").split(",")]
    if None in ids:
        raise Refused(INVALID_PARAM, "ids must be whole numbers joined by commas")
    call.reports.inbox.mark(call.account_id, [each for each in ids if each is not None], is_read=_flag(call))


def _mark_all(call: Call) -> Any:
    call.reports.inbox.mark(call.account_id, None, is_read=_flag(call))


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/notification/inbox/notifications"): read(_list),
    ("GET", "/v1/notification/inbox/unread"): read(_unread),
    ("POST", "/v1/notification/inbox/mark_read"): signed(_mark),
    ("POST", "/v1/notification/inbox/mark_read_all"): signed(_mark_all),
}
