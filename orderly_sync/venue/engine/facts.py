"""What has happened, in order. The server turns facts into frames; the ledger keeps them all.

Facts carry frozen snapshots taken at their moment: a report of a fill shows the order as it stood right after it,
however much happened later in the same command.
"""

from __future__ import annotations

from decimal import Decimal

import attrs

from orderly_sync.models.enums import OrderSide

__all__ = [
    "AccountChanged",
    "AlgoReported",
    "BalanceChanged",
    "BookChanged",
    "Deleveraged",
    "Fact",
    "Fill",
    "FundingPaid",
    "FundingRateFixed",
    "Liquidated",
    "LiquidationEnded",
    "LiquidationOffered",
    "LiquidatorTook",
    "OrderReported",
    "PositionChanged",
    "Refused",
    "Settled",
    "Traded",
    "Transferred",
    "WalletChanged",
]


class Refused(Exception):
    """The exchange refuses a command: the venue's own code and words.

    Args:
        code: Such as -1101; the server derives the HTTP status from it.
        message: What a user should read.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


@attrs.frozen(kw_only=True)
class Fact:
    """The base of all facts; ``ts`` is the exchange's time in ms."""

    ts: int


@attrs.frozen(kw_only=True)
class Fill:
    """One side of one trade."""

    trade_id: int
    match_id: int
    account_id: str
    order_id: int
    symbol: str
    side: OrderSide
    price: Decimal
    quantity: Decimal
    fee: Decimal
    is_maker: bool
    realized_pnl: Decimal
    ts: int
    margin_mode: str
    algo_order_id: int | None = None
    order_tag: str | None = None
    tag_fee: Decimal = Decimal(0)
    """The part of the fee that goes to the builder who owns the order's tag."""
    tag_fee_rate: Decimal = Decimal(0)
    fee_asset: str = "USDC"


@attrs.frozen(kw_only=True)
class OrderReported(Fact):
    """An ordinary order changed: topic executionreport.

    ``order`` is a snapshot (``venue.orders.Order``); ``status`` is the report's own, which says REPLACED after an edit
    while the order itself stays NEW.
    """

    account_id: str
    order: object
    status: str
    fill: Fill | None = None
    reason: str = ""


@attrs.frozen(kw_only=True)
class AlgoReported(Fact):
    """An algo tree changed: topics algoexecutionreport and algoexecutionreportv2.

    ``nodes`` are snapshots (``venue.orders.AlgoNode``) of the whole tree, root first, each child after its parent;
    ``changed`` the ids of those that changed; ``fill`` belongs to the node ``filled``.
    """

    account_id: str
    nodes: tuple[object, ...]
    changed: tuple[int, ...]
    fill: Fill | None = None
    filled: int | None = None


@attrs.frozen(kw_only=True)
class PositionChanged(Fact):
    """A position changed: topic position. ``position`` is a snapshot (``venue.ledger.Position``)."""

    account_id: str
    position: object


@attrs.frozen(kw_only=True)
class BalanceChanged(Fact):
    """A holding changed: topic balance. ``holding`` is a snapshot (``venue.ledger.Holding``)."""

    account_id: str
    holding: object


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
    """A funding period is over. ``rate`` is a snapshot (``venue.funding.FundingRate``)."""

    symbol: str
    rate: object


@attrs.frozen(kw_only=True)
class FundingPaid(Fact):
    """A position paid or received funding. ``fee`` is a snapshot (``venue.funding.FundingFee``)."""

    account_id: str
    fee: object


@attrs.frozen(kw_only=True)
class Settled(Fact):
    """Unsettled PnL went to the balance: topic settle. ``settlement`` is a ``venue.treasury.Settlement``."""

    account_id: str
    settlement: object


@attrs.frozen(kw_only=True)
class WalletChanged(Fact):
    """A deposit or withdrawal moved on: topic wallet. ``row`` is a ``venue.treasury.AssetRow``."""

    account_id: str
    row: object


@attrs.frozen(kw_only=True)
class Transferred(Fact):
    """USDC went from one account to another. ``row`` is a ``venue.treasury.TransferRow``."""

    account_id: str
    row: object


@attrs.frozen(kw_only=True)
class LiquidationOffered(Fact):
    """Positions are offered to liquidators: topic liquidation. ``offer`` is a ``venue.liquidation.Offer``."""

    offer: object


@attrs.frozen(kw_only=True)
class Liquidated(Fact):
    """An account lost positions: topic liquidationsaccount. ``row`` is a ``venue.liquidation.LiquidationRow``."""

    account_id: str
    row: object


@attrs.frozen(kw_only=True)
class LiquidatorTook(Fact):
    """An account took positions over: topic liquidatorliquidations. ``row`` is the same as the debtor's."""

    account_id: str
    row: object


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
