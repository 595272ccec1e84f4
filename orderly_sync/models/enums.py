"""The wire's enumerations, all open: a value unknown here keeps its text and never raises."""

from __future__ import annotations

from orderly_sync.models.base import OpenEnum

__all__ = [
    "AlgoOrderType",
    "AlgoStatus",
    "AlgoType",
    "AssetSide",
    "AssetStatus",
    "ChainType",
    "FundingPaymentType",
    "FundingStatus",
    "InternalTransferStatus",
    "MarginMode",
    "OrderSide",
    "OrderStatus",
    "OrderType",
    "SymbolStatus",
    "TriggerPriceType",
    "TriggerStatus",
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
    """How an order trades. The last six come back from the venue and cannot be sent; a suffix ``_ORDER`` is dropped."""

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


_FINAL = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.REJECTED})
