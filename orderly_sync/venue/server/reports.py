"""What is reported to accounts: each fact that concerns one goes into the ledger, to its sockets and into its inbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orderly_sync.models.enums import AssetStatus
from orderly_sync.venue.engine.facts import (
    AccountChanged,
    AlgoReported,
    BalanceChanged,
    Deleveraged,
    Fact,
    FundingPaid,
    Liquidated,
    LiquidationOffered,
    LiquidatorTook,
    OrderReported,
    PositionChanged,
    Settled,
    WalletChanged,
)
from orderly_sync.venue.server import frames
from orderly_sync.venue.server import notification_rows as rows
from orderly_sync.venue.server.encoding import encode, push
from orderly_sync.venue.server.ledger_log import LedgerLog
from orderly_sync.venue.server.liquidation_rows import lost_frame, offer_frame, taken_frame
from orderly_sync.venue.server.money_rows import asset_row, settle_frame
from orderly_sync.venue.server.notifications import NotificationDraft, NotificationInbox
from orderly_sync.venue.server.ports import ExchangeReader
from orderly_sync.venue.server.position_history import ClosedPositions
from orderly_sync.venue.server.publisher import Publisher
from orderly_sync.venue.server.registry import Member

__all__ = ["Reports"]

_FIRST_SEQ = 1_767_000_000_000_000_000
_STAMPED = frozenset({"settle", "wallet"})
"""Topics whose frames say ``timestamp`` where all others say ``ts``."""


class Reports:
    """Reports to the accounts of one venue.

    Args:
        exchange: For what facts do not carry.
        members: The accounts by id in lower case.
        publisher: Carries frames to connections.
    """

    def __init__(self, exchange: ExchangeReader, members: Mapping[str, Member], publisher: Publisher) -> None:
        self.ledger = LedgerLog()
        """All that was reported, by account."""
        self.inbox = NotificationInbox()
        """The notification of all accounts."""
        self.closed = ClosedPositions()
        """The history of positions."""
        self.maintenance_cancels: set[str] = set()
        """The accounts whose orders are pulled when maintenance starts."""
        self.on_change: Callable[[], object] = lambda: None
        """Called when something was written down."""
        self._exchange = exchange
        self._members = members
        self._publisher = publisher
        self._seq = 0

    def next_seq(self) -> int:
        """A number beyond 2^53 that grows with every report."""
        self._seq += 1
        return _FIRST_SEQ + self._seq

    def tell(self, fact: Fact) -> None:
        """Report a fact to the account it concerns; simulated accounts get no reports."""
        if isinstance(fact, LiquidationOffered):
            data = encode(offer_frame(fact.offer, self._exchange.rules))
            self._publisher.public("liquidation", fact.ts, data)
        member = self._members.get(str(getattr(fact, "account_id", "")).lower())
        if member is None:
            return
        if isinstance(fact, OrderReported):
            if fact.fill is not None:
                self.closed.filled(fact.fill, self._leverage)
            self.report(member, fact.ts, "executionreport", *frames.of_order(fact, self.next_seq()))
            if fact.fill is not None:
                self.write(member, rows.order_filled(fact), fact.ts)
        elif isinstance(fact, AlgoReported):
            symbol, flat, tree = frames.of_algo(fact)
            self.report(member, fact.ts, "algoexecutionreport", symbol, flat)
            self.report(member, fact.ts, "algoexecutionreportv2", symbol, tree)
        elif isinstance(fact, PositionChanged):
            self.report(member, fact.ts, "position", *frames.of_position(fact, self.next_seq()))
        elif isinstance(fact, BalanceChanged):
            self.report(member, fact.ts, "balance", None, frames.of_balance(fact))
        elif isinstance(fact, AccountChanged):
            state = self._exchange.account(member.account_id)
            wanted = member.account_id in self.maintenance_cancels
            self.report(
                member, fact.ts, "account", None, frames.of_account(fact, state, maintenance_cancel=wanted)
            )
        else:
            self._tell_money(member, fact)

    def _tell_money(self, member: Member, fact: Fact) -> None:
        """Report money that moved; a funding payment has no topic, it shows in the position."""
        closed = self.closed
        if isinstance(fact, FundingPaid):
            closed.funded(fact.fee)
        elif isinstance(fact, Settled):
            self.report(member, fact.ts, "settle", None, settle_frame(fact.settlement))
        elif isinstance(fact, WalletChanged):
            self.report(member, fact.ts, "wallet", None, asset_row(fact.row))
            if fact.row.trans_status is AssetStatus.COMPLETED:
                self.write(member, rows.money_moved(fact.row), fact.ts)
        elif isinstance(fact, Liquidated):
            closed.lost(fact.row, self._leverage)
            self.report(member, fact.ts, "liquidationsaccount", None, lost_frame(fact.row))
            self.write(member, rows.liquidated(fact.row), fact.ts)
        elif isinstance(fact, LiquidatorTook):
            closed.taken(fact.row, self._leverage)
            self.report(member, fact.ts, "liquidatorliquidations", None, taken_frame(fact.row))
        elif isinstance(fact, Deleveraged):
            closed.deleveraged(fact, self._leverage)
            self.write(member, rows.deleveraged(fact), fact.ts)

    def write(self, member: Member, draft: NotificationDraft, now: int) -> None:
        """Put a notification into an account's inbox and push it to its sockets."""
        notification = self.inbox.deliver(member.account_id, draft, now)
        self.report(member, now, "notifications", None, rows.notification_frame(notification))

    def report(self, member: Member, ts: int, topic: str, symbol: str | None, value: object) -> None:
        """Write a private frame's data down and send it to whoever listens."""
        data = encode(value)
        self.ledger.append(member.account_id, ts, topic, data)
        self.on_change()
        stamp = "timestamp" if topic in _STAMPED else "ts"
        self._publisher.private(member.account_id.lower(), topic, push(topic, ts, data, stamp), symbol)

    def _leverage(self, account_id: str, symbol: str, mode: str) -> int:
        return self._exchange.account(account_id).leverages[symbol, mode]
