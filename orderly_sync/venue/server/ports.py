"""What the venue's operations may ask of the exchange, and what they may do to it: a narrow door for each.

Operations know these doors and the rows that come through them, never the engine's own modules.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Protocol

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.engine.book import BookSnapshot
from orderly_sync.venue.engine.commands import Command
from orderly_sync.venue.engine.facts import Fact, Outcome
from orderly_sync.venue.engine.fees import FeeRates
from orderly_sync.venue.engine.ledger import Holding, Position
from orderly_sync.venue.engine.orders import AlgoNode, Order
from orderly_sync.venue.engine.records import (
    AccountState,
    AssetRow,
    Fill,
    Funding,
    FundingFee,
    FundingRate,
    LiquidationRow,
    Offer,
    Settlement,
    TransferRow,
)
from orderly_sync.venue.engine.symbols import SymbolRules
from orderly_sync.venue.server.notifications import NotificationDraft
from orderly_sync.venue.server.registry import Member

__all__ = ["AccountNotifier", "CommandSubmitter", "ExchangeDriver", "ExchangeReader"]


class CommandSubmitter(Protocol):
    """Carries out what accounts want."""

    def submit(self, account_id: str, command: Command) -> Any:
        """The exchange's answer to a command; raises Refused, and nothing has happened then."""


class AccountNotifier(Protocol):
    """Reports to single accounts what concerns them."""

    maintenance_cancels: set[str]
    """The accounts whose orders are pulled when maintenance starts."""

    def tell(self, fact: Fact) -> None:
        """Report a fact to the account it concerns."""

    def write(self, member: Member, draft: NotificationDraft, now: int) -> None:
        """Put a notification into an account's inbox and push it to its sockets."""

    def report(self, member: Member, ts: int, topic: str, symbol: str | None, value: object) -> None:
        """Write a private frame's data down and send it to whoever listens."""


class ExchangeReader(Protocol):
    """The reading half of the exchange. Unknown accounts raise Refused -1006, unknown symbols -1005."""

    rules: dict[str, SymbolRules]
    """The rules of each symbol."""

    def order(self, account_id: str, order_id: int) -> Order | None:
        """One order of the account."""

    def order_by_client_id(self, account_id: str, client_order_id: str) -> Order | None:
        """The newest order with that client order id."""

    def orders(self, account_id: str) -> list[Order]:
        """All orders ever, newest first."""

    def latest_orders(self, account_id: str, finished: int) -> list[Order]:
        """The open orders and, of the newest so many, those that are done; newest first."""

    def algo(self, account_id: str, order_id: int) -> tuple[AlgoNode, ...]:
        """The whole tree a node belongs to, root first; empty if there is none."""

    def algo_by_client_id(self, account_id: str, client_order_id: str) -> tuple[AlgoNode, ...]:
        """The newest tree whose root has that client order id; empty if there is none."""

    def algos(self, account_id: str) -> list[tuple[AlgoNode, ...]]:
        """All trees ever, newest first, each root first."""

    def latest_algos(self, account_id: str, finished: int) -> list[tuple[AlgoNode, ...]]:
        """The open trees and, of the newest so many, those that are done; newest first, each root first."""

    def fills(self, account_id: str) -> list[Fill]:
        """All fills, newest first."""

    def positions(self, account_id: str) -> list[Position]:
        """All positions that hold a quantity or unsettled PnL, or wait for orders; by symbol as opened."""

    def position(self, account_id: str, symbol: str, margin_mode: str = "CROSS") -> Position:
        """One position, flat if there is none. Raises Refused -1005 for an unknown symbol."""

    def holding(self, account_id: str, token: str = "USDC") -> Holding:  # noqa: S107 - a currency
        """The balance of a token; other tokens than USDC are not held here."""

    def account(self, account_id: str) -> AccountState:
        """Totals and settings at the present mark prices."""

    def funding(self, symbol: str) -> Funding:
        """Where funding stands: estimated, last and next."""

    def funding_rates(self, symbol: str) -> list[FundingRate]:
        """The rates paid since the venue opened, newest first."""

    def funding_fees(self, account_id: str) -> list[FundingFee]:
        """What the account's positions paid and received, newest first."""

    def settlements(self, account_id: str) -> list[Settlement]:
        """All settlements, newest first."""

    def assets(self, account_id: str) -> list[AssetRow]:
        """All deposits and withdrawals, newest first."""

    def transfers(self, account_id: str) -> list[TransferRow]:
        """All transfers to and from other accounts, newest first."""

    def offers(self) -> list[Offer]:
        """Open liquidations and claims on the insurance fund, newest first."""

    def liquidations(self, account_id: str) -> list[LiquidationRow]:
        """What an account has lost to liquidators, newest first."""

    def liquidator_liquidations(self, account_id: str) -> list[LiquidationRow]:
        """What an account has taken over, newest first."""

    def liquidated_positions(self) -> list[LiquidationRow]:
        """All liquidations and claims carried out, newest first."""

    def insurance_fund(self) -> AccountState:
        """Totals of the insurance fund; its positions read like any account's, by ``INSURANCE_FUND``."""

    def max_quantity(
        self, account_id: str, symbol: str, side: OrderSide, margin_mode: MarginMode = MarginMode.CROSS
    ) -> Decimal:
        """The largest order the account could place now, on the step; 0 if none."""

    def book(self, symbol: str) -> BookSnapshot:
        """The visible book."""

    def mark(self, symbol: str) -> Decimal:
        """The mark price."""

    def index(self, symbol: str) -> Decimal:
        """The index price."""

    def last(self, symbol: str) -> Decimal | None:
        """The price of the last trade, None before the first."""

    def open_interest(self, symbol: str) -> Decimal:
        """All long positions together, in base units."""

    @property
    def fees_collected(self) -> Decimal:
        """All fees ever taken, USDC."""


class ExchangeDriver(ExchangeReader, Protocol):
    """The whole exchange, as what drives it needs it."""

    def open_account(
        self, account_id: str, *, usdc: Decimal, is_maker: bool = False, fees: FeeRates | None = None
    ) -> None:
        """Add an account holding so much USDC; raises Refused -1007 if it exists."""

    def submit(self, account_id: str, command: Command, now: int) -> Outcome:
        """Carry out a command of an account at a time in ms; raises Refused, and nothing has changed."""

    def set_prices(
        self, symbol: str, now: int, *, mark: Decimal | None = None, index: Decimal | None = None
    ) -> tuple[Fact, ...]:
        """Move mark and index price."""

    def advance(self, now: int) -> tuple[Fact, ...]:
        """Do what time alone brings."""
