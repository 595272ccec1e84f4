"""The wire's enumerations, all open: a value unknown here keeps its text and never raises."""

from __future__ import annotations

from orderly_sync.models.base import OpenEnum

__all__ = [
    "AccountMode",
    "AlgoOrderType",
    "AlgoStatus",
    "AlgoType",
    "AssetSide",
    "AssetStatus",
    "ChainType",
    "FundingPaymentType",
    "FundingStatus",
    "InternalTransferSide",
    "InternalTransferStatus",
    "IpRestrictionStatus",
    "KeyScope",
    "KeyStatus",
    "KlineInterval",
    "LiquidationSort",
    "LiquidationType",
    "MarginMode",
    "NotificationLevel",
    "NotificationType",
    "OrderAck",
    "OrderSide",
    "OrderStatus",
    "OrderStatusFilter",
    "OrderType",
    "PositionHistoryStatus",
    "PositionHistoryType",
    "PositionMarginAction",
    "PositionSide",
    "SymbolStatus",
    "TriggerPriceType",
    "TriggerStatus",
    "UserType",
    "VaultChartRange",
    "VaultChartType",
    "VaultStatus",
    "VaultTransactionStatus",
    "VaultTransactionType",
]


class OrderSide(OpenEnum):
    """BUY or SELL."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def opposite(self) -> OrderSide:
        """The other side."""
        return OrderSide.SELL if self is OrderSide.BUY else OrderSide.BUY


class OrderType(OpenEnum):
    """How an order trades; the last six only come back from the venue. A suffix ``_ORDER`` is dropped."""

    LIMIT = "LIMIT"
    MARKET = "MARKET"
    IOC = "IOC"
    FOK = "FOK"
    POST_ONLY = "POST_ONLY"
    ASK = "ASK"
    BID = "BID"
    CLOSE_POSITION = "CLOSE_POSITION"
    LIQUIDATE = "LIQUIDATE"
    SETTLEMENT = "SETTLEMENT"
    ADL_CLOSE = "ADL_CLOSE"
    BLP_ASSIGNEE = "BLP_ASSIGNEE"
    AC = "AC"

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum | None:
        if isinstance(value, str) and value.endswith("_ORDER"):
            return cls(value.removesuffix("_ORDER"))
        return super()._missing_(value)


AlgoOrderType = OrderType
"""The type of an algo node; children may also be CLOSE_POSITION."""


class OrderStatus(OpenEnum):
    """Where an order stands. REPLACED appears in reports only, after an edit."""

    NEW = "NEW"
    PARTIAL_FILLED = "PARTIAL_FILLED"
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"
    REPLACED = "REPLACED"

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen; an unknown status is not final."""
        return self in _FINAL


AlgoStatus = OrderStatus
"""The status of an algo node (``algo_status``) or of its tree (``root_algo_status``)."""


class AlgoType(OpenEnum):
    """What an algo node is: the first five as roots, TAKE_PROFIT and STOP_LOSS as legs."""

    STOP = "STOP"
    TP_SL = "TP_SL"
    POSITIONAL_TP_SL = "POSITIONAL_TP_SL"
    BRACKET = "BRACKET"
    TRAILING_STOP = "TRAILING_STOP"
    TAKE_PROFIT = "TAKE_PROFIT"
    STOP_LOSS = "STOP_LOSS"


class TriggerStatus(OpenEnum):
    """Where a trigger stands: USELESS is not armed or not needed."""

    USELESS = "USELESS"
    TRIGGERING = "TRIGGERING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


class TriggerPriceType(OpenEnum):
    """What a trigger watches; the venue accepts MARK_PRICE only."""

    MARK_PRICE = "MARK_PRICE"


class MarginMode(OpenEnum):
    """CROSS shares the account's collateral, ISOLATED has its own."""

    CROSS = "CROSS"
    ISOLATED = "ISOLATED"


class OrderStatusFilter(OpenEnum):
    """What order lists can be asked for: INCOMPLETE is NEW and PARTIAL_FILLED, COMPLETED is CANCELLED and FILLED."""

    NEW = "NEW"
    CANCELLED = "CANCELLED"
    PARTIAL_FILLED = "PARTIAL_FILLED"
    FILLED = "FILLED"
    REJECTED = "REJECTED"
    INCOMPLETE = "INCOMPLETE"
    COMPLETED = "COMPLETED"


class OrderAck(OpenEnum):
    """What the venue says to an edit or a cancel: it was passed on; its effect arrives by the stream."""

    EDIT_SENT = "EDIT_SENT"
    CANCEL_SENT = "CANCEL_SENT"
    CANCEL_ALL_SENT = "CANCEL_ALL_SENT"


class PositionSide(OpenEnum):
    """Which way a past position stood."""

    LONG = "LONG"
    SHORT = "SHORT"


class PositionHistoryStatus(OpenEnum):
    """How far a past position is closed; lower case on the wire."""

    OPEN = "open"
    CLOSED = "closed"
    PARTIAL_CLOSED = "partial_closed"


class PositionHistoryType(OpenEnum):
    """How a past position ended; lower case on the wire."""

    ACTIVE = "active"
    LIQUIDATED = "liquidated"
    ADL = "adl"


class PositionMarginAction(OpenEnum):
    """Whether margin goes into an isolated position or out of it."""

    ADD = "ADD"
    REDUCE = "REDUCE"


class KlineInterval(OpenEnum):
    """The lengths of candles over REST; the stream writes a month as 1M."""

    MIN_1 = "1m"
    MIN_5 = "5m"
    MIN_15 = "15m"
    MIN_30 = "30m"
    HOUR_1 = "1h"
    HOUR_4 = "4h"
    HOUR_12 = "12h"
    DAY_1 = "1d"
    WEEK_1 = "1w"
    MONTH_1 = "1mon"
    YEAR_1 = "1y"


class AccountMode(OpenEnum):
    """What an account trades; the account topic has been seen to say SPOT_FUTURES."""

    FUTURES = "FUTURES"
    SPOT_FUTURES = "SPOT_FUTURES"


class SymbolStatus(OpenEnum):
    """What a market allows: POST_ONLY limit orders only, REDUCE_ONLY closing only."""

    NEW = "NEW"
    PENDING = "PENDING"
    POST_ONLY = "POST_ONLY"
    ACTIVE = "ACTIVE"
    REDUCE_ONLY = "REDUCE_ONLY"
    DELISTING = "DELISTING"
    DELISTED = "DELISTED"


class AssetSide(OpenEnum):
    """Which way an asset moved."""

    DEPOSIT = "DEPOSIT"
    WITHDRAW = "WITHDRAW"


class AssetStatus(OpenEnum):
    """Where a deposit or withdrawal stands."""

    NEW = "NEW"
    PENDING = "PENDING"
    CONFIRM = "CONFIRM"
    PROCESSING = "PROCESSING"
    PENDING_REBALANCE = "PENDING_REBALANCE"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class InternalTransferStatus(OpenEnum):
    """Where an internal transfer stands."""

    CREATED = "CREATED"
    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class FundingPaymentType(OpenEnum):
    """Whether funding was paid or received."""

    PAY = "Pay"
    RECEIVE = "Receive"


class FundingStatus(OpenEnum):
    """Accrued into unsettled PnL, or settled into the balance."""

    ACCRUED = "Accrued"
    SETTLED = "Settled"


class ChainType(OpenEnum):
    """The family of a wallet's chain."""

    EVM = "EVM"
    SOL = "SOL"


class KeyScope(OpenEnum):
    """What an Orderly key may do; the wire joins several with commas."""

    READ = "read"
    TRADING = "trading"
    ASSET = "asset"


class KeyStatus(OpenEnum):
    """Where an Orderly key stands."""

    ACTIVE = "ACTIVE"
    REMOVING = "REMOVING"
    REMOVED = "REMOVED"


class IpRestrictionStatus(OpenEnum):
    """Which addresses a key may be used from; the last two are also the modes of a reset."""

    ALLOW_RESTRICTION_LIST = "ALLOW_RESTRICTION_LIST"
    ALLOW_ALL_IPS = "ALLOW_ALL_IPS"
    DISALLOW_ALL_IPS = "DISALLOW_ALL_IPS"


class UserType(OpenEnum):
    """What kind of account: main, sub, strategy provider, protocol vault or user vault."""

    MAIN = "MAIN"
    SUB = "SUB"
    SP = "SP"
    PV = "PV"
    UV = "UV"


class InternalTransferSide(OpenEnum):
    """Whether a transfer came in or went out, seen from the asking account."""

    IN = "IN"
    OUT = "OUT"


class LiquidationType(OpenEnum):
    """Whether positions were taken over from an account or claimed from the insurance fund."""

    LIQUIDATED = "liquidated"
    CLAIM = "claim"


class LiquidationSort(OpenEnum):
    """What liquidations are sorted by."""

    LIQUIDATION_ID = "liquidation_id"
    TIME = "time"


class NotificationType(OpenEnum):
    """What a notification is about."""

    TRADE = "TRADE"
    SYSTEM = "SYSTEM"


class NotificationLevel(OpenEnum):
    """How much a notification matters."""

    GENERAL = "GENERAL"
    IMPORTANT = "IMPORTANT"


class VaultStatus(OpenEnum):
    """Where a strategy vault stands."""

    LIVE = "live"
    PRE_LAUNCH = "pre_launch"
    CLOSING = "closing"
    CLOSED = "closed"


class VaultTransactionType(OpenEnum):
    """Into a strategy vault or out of it."""

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"


class VaultTransactionStatus(OpenEnum):
    """Where a vault transaction stands."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


class VaultChartType(OpenEnum):
    """What a vault chart draws."""

    PNL = "PNL"
    TVL = "TVL"


class VaultChartRange(OpenEnum):
    """How far back a vault chart or a performance figure goes."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    ALL_TIME = "all_time"


_FINAL = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.REJECTED})
