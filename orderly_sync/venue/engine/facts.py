"""What has happened, in order. The server turns facts into frames; the ledger keeps them all.

Facts carry frozen snapshots taken at their moment: a report of a fill shows the order as it stood right after it,
however much happened later in the same command.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.ledger import Holding, Position
from orderly_sync.venue.engine.orders import AlgoNode, Order
from orderly_sync.venue.engine.records import (
    AssetRow,
    Fill,
    FundingFee,
    FundingRate,
    LiquidationRow,
    Offer,
    Settlement,
    TransferRow,
)

__all__ = [
    "AccountChanged",
    "AlgoReported",
    "BalanceChanged",
    "BookChanged",
    "Deleveraged",
    "Fact",
    "FundingPaid",
    "FundingRateFixed",
    "Liquidated",
    "LiquidationEnded",
    "LiquidationOffered",
    "LiquidatorTook",
    "OrderReported",
    "Outcome",
    "PositionChanged",
    "Settled",
    "Traded",
    "Transferred",
    "WalletChanged",
]


@attrs.frozen(kw_only=True)
class Fact:
    """The base of all facts; ``ts`` is the exchange's time in ms."""

    ts: int


@attrs.frozen(kw_only=True)
class OrderReported(Fact):
    """An ordinary order changed: topic executionreport.

    ``status`` is the report's own, which says REPLACED after an edit
    while the order itself stays NEW.
    """

    account_id: str
    order: Order
    status: str
    fill: Fill | None = None
    reason: str = ""


@attrs.frozen(kw_only=True)
class AlgoReported(Fact):
    """An algo tree changed: topics algoexecutionreport and algoexecutionreportv2.

    ``nodes`` are snapshots of the whole tree, root first, each child after its parent;
    ``changed`` the ids of those that changed; ``fill`` belongs to the node ``filled``.
    """

    account_id: str
    nodes: tuple[AlgoNode, ...]
    changed: tuple[int, ...]
    fill: Fill | None = None
    filled: int | None = None


@attrs.frozen(kw_only=True)
class PositionChanged(Fact):
    """A position changed: topic position."""

    account_id: str
    position: Position


@attrs.frozen(kw_only=True)
class BalanceChanged(Fact):
    """A holding changed: topic balance."""

    account_id: str
    holding: Holding


@attrs.frozen(kw_only=True)
class AccountChanged(Fact):
    """Settings or totals of an account changed: topic account."""

    account_id: str
    symbol: str | None = None
    leverage: int | None = None
    margin_mode: str | None = None


@attrs.frozen(kw_only=True)
class Traded(Fact):
    """A trade took place: topic trade. ``side`` is the taker's."""

    symbol: str
    price: Decimal
    quantity: Decimal
    side: OrderSide


@attrs.frozen(kw_only=True)
class BookChanged(Fact):
    """The visible quantity at a price is now ``quantity``; 0 removes the level."""

    symbol: str
    side: OrderSide
    price: Decimal
    quantity: Decimal


@attrs.frozen(kw_only=True)
class FundingRateFixed(Fact):
    """A funding period is over."""

    symbol: str
    rate: FundingRate


@attrs.frozen(kw_only=True)
class FundingPaid(Fact):
    """A position paid or received funding."""

    account_id: str
    fee: FundingFee


@attrs.frozen(kw_only=True)
class Settled(Fact):
    """Unsettled PnL went to the balance: topic settle."""

    account_id: str
    settlement: Settlement


@attrs.frozen(kw_only=True)
class WalletChanged(Fact):
    """A deposit or withdrawal moved on: topic wallet."""

    account_id: str
    row: AssetRow


@attrs.frozen(kw_only=True)
class Transferred(Fact):
    """USDC went from one account to another."""

    account_id: str
    row: TransferRow


@attrs.frozen(kw_only=True)
class LiquidationOffered(Fact):
    """Positions are offered to liquidators: topic liquidation."""

    offer: Offer


@attrs.frozen(kw_only=True)
class Liquidated(Fact):
    """An account lost positions: topic liquidationsaccount."""

    account_id: str
    row: LiquidationRow


@attrs.frozen(kw_only=True)
class LiquidatorTook(Fact):
    """An account took positions over: topic liquidatorliquidations. ``row`` is the same as the debtor's."""

    account_id: str
    row: LiquidationRow


@attrs.frozen(kw_only=True)
class LiquidationEnded(Fact):
    """An account is safe again and may act."""

    account_id: str
    liquidation_id: int


@attrs.frozen(kw_only=True)
class Deleveraged(Fact):
    """Part of a winning position was closed because the insurance fund could not carry its other side.

    ``quantity`` is what was bought (above 0) or sold for the account, at ``price``, without a fee.
    """

    account_id: str
    symbol: str
    margin_mode: str
    quantity: Decimal
    price: Decimal
    realized_pnl: Decimal


@attrs.frozen(kw_only=True)
class Outcome:
    """What a command brought: the answer to who sent it, and what everyone may know."""

    answer: Mapping[str, object]
    facts: tuple[Fact, ...]
