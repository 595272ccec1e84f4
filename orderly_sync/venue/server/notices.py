"""What the venue says on its own account: maintenance, announcements, and anything that a test wants pushed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from orderly_sync.venue.engine.commands import CancelOrders
from orderly_sync.venue.engine.facts import AccountChanged
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server import notification_rows as rows
from orderly_sync.venue.server.account_service import Accounts
from orderly_sync.venue.server.encoding import encode
from orderly_sync.venue.server.ports import AccountNotifier, CommandSubmitter
from orderly_sync.venue.server.publisher import Publisher
from orderly_sync.venue.server.topics import TopicRefused, near_topics, parse_topic
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["Notices"]


class Notices:
    """The venue's own words to all, or to one account.

    Args:
        accounts: Who there is.
        reports: Tells accounts.
        publisher: Tells all who listen.
        trading: Pulls the orders of those who wished so, when maintenance starts.
        now: The venue's time, ms.
        symbols: What is listed, ``PERP_...``.
    """

    def __init__(
        self,
        *,
        accounts: Accounts,
        reports: AccountNotifier,
        publisher: Publisher,
        trading: CommandSubmitter,
        now: Callable[[], int],
        symbols: Collection[str],
    ) -> None:
        self.maintenance: dict[str, object] = {"status": 0, "msg": "system is functioning properly"}
        """As the operation shows it."""
        self.announcements: list[dict[str, Any]] = []
        """All that were published, oldest first."""
        self._accounts = accounts
        self._reports = reports
        self._publisher = publisher
        self._trading = trading
        self._now = now
        self._symbols = symbols

    def set_maintenance(self, status: int, start: int | None = None, end: int | None = None) -> None:
        """Announce maintenance (status 2) or its end (0); while it lasts trading is refused."""
        if status not in {0, 2}:
            raise Refused(INVALID_PARAM, "status is 0 for normal and 2 for maintenance")
        message = "system is under maintenance" if status else "system is functioning properly"
        self.maintenance = {"status": status, "msg": message}
        if start is not None and end is not None:
            self.maintenance["scheduled_maintenance"] = {"startTime": start, "endTime": end}
        self._publisher.public("maintenance_status", self._now(), encode([self.maintenance]))
        if status:
            for account_id in sorted(self._reports.maintenance_cancels):
                self._trading.submit(account_id, CancelOrders())

    def set_maintenance_cancel(self, account_id: str, *, wanted: bool) -> None:
        """Whether an account's orders are pulled when maintenance starts."""
        if wanted:
            self._reports.maintenance_cancels.add(account_id)
        else:
            self._reports.maintenance_cancels.discard(account_id)
        self._reports.tell(AccountChanged(ts=self._now(), account_id=account_id))

    def announce(self, message: str, url: str | None = None) -> int:
        """Publish an announcement; its id."""
        row = {"announcement_id": len(self.announcements) + 1, "message": message, "url": url}
        self.announcements.append({**row, "updated_time": self._now()})
        self._publisher.public("announcement", self._now(), encode(row))
        draft = rows.announced(message, len(self.announcements))
        for member in self._accounts.members.values():
            self._reports.write(member, draft, self._now())
        return int(str(row["announcement_id"]))

    def tell(self, topic: str, data: object, account_id: str | None = None) -> None:
        """Push something that the venue itself has no cause for.

        With an account, to that one and into its ledger; a private topic without one, to every account and its ledger.

        Raises:
            Refused: The venue has no such topic, or no such account.
        """
        try:
            wanted = parse_topic(topic, self._symbols)
        except TopicRefused as exc:
            near = near_topics(topic, self._symbols)
            hint = (
                f"did you mean {' or '.join(near)}" if near else "see orderly_sync.topics for all there are"
            )
            raise Refused(INVALID_PARAM, f"{exc}; {hint}") from None
        if account_id is not None:
            self._reports.report(self._accounts.get(account_id), self._now(), topic, None, data)
        elif wanted.private:
            for member in list(self._accounts.members.values()):
                self._reports.report(member, self._now(), topic, None, data)
        else:
            self._publisher.public(topic, self._now(), encode(data))
