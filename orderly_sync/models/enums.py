"""The wire's enumerations of trading and its money, all open: a value unknown here keeps its text and never raises."""

from __future__ import annotations

from enum import Enum

__all__ = [
    "SENDABLE",
    "AlgoOrderType",
    "AlgoStatus",
    "AlgoType",
    "AssetSide",
    "AssetStatus",
    "FundingPaymentType",
    "FundingStatus",
    "InternalTransferStatus",
    "KlineInterval",
    "LiquidationSort",
    "LiquidationType",
    "MarginMode",
    "OpenEnum",
    "OrderAck",
    "OrderSide",
    "OrderStatus",
    "OrderStatusFilter",
    "OrderType",
    "SymbolStatus",
    "TriggerPriceType",
    "TriggerStatus",
]


class OpenEnum(str, Enum):
    """An enumeration that tomorrow's values do not break.

    Members are strings (``OrderSide.BUY == "BUY"``). A value this package does not know becomes a member-like value
    that keeps its text, with ``.known`` False.
    """

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum | None:
        if not isinstance(value, str):
            return None
        stranger = str.__new__(cls, value)
        stranger._name_ = value
        stranger._value_ = value
        return stranger

    @property
    def known(self) -> bool:
        """Whether this package knows the value."""
        return self._value_ in type(self)._value2member_map_

    def __str__(self) -> str:
        return str(self._value_)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}.{self._name_}"
            if self.known
            else f"{type(self).__name__}({self._value_!a})"
        )


class OrderSide(OpenEnum):
    """Which way an order trades.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/create-order
    """

    BUY = "BUY"
    """Adds to the position: it makes longs, or closes shorts."""
    SELL = "SELL"
    """Takes from the position: it makes shorts, or closes longs."""

    @property
    def opposite(self) -> OrderSide:
        """The other side."""
        return OrderSide.SELL if self is OrderSide.BUY else OrderSide.BUY


class OrderType(OpenEnum):
    """How an order trades; the last six only come back from the venue. A suffix ``_ORDER`` is dropped.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/create-order
    https://orderly.network/docs/introduction/trade-on-orderly/trading-basics/order-types
    """

    LIMIT = "LIMIT"
    """At its price or better; what is left waits on the book."""
    MARKET = "MARKET"
    """At once at any price within the market's ``price_range``; what is left is cancelled."""
    IOC = "IOC"
    """Immediate or cancel: at its price or better at once; what is left is cancelled."""
    FOK = "FOK"
    """Fill or kill: at once and as a whole, or not at all."""
    POST_ONLY = "POST_ONLY"
    """Only as a maker: cancelled if it would match at once what is visible."""
    ASK = "ASK"
    """A limit order at the best ask of the moment, or at one of the four levels behind it."""
    BID = "BID"
    """A limit order at the best bid of the moment, or at one of the four levels behind it."""
    CLOSE_POSITION = "CLOSE_POSITION"
    """Closes whatever the position is when a leg fires; sent only as the type of an algo order's leg."""
    LIQUIDATE = "LIQUIDATE"
    """Made by the venue for a liquidation."""
    SETTLEMENT = "SETTLEMENT"
    """Made by the venue for a settlement."""
    ADL_CLOSE = "ADL_CLOSE"
    """Made by the venue to deleverage a position."""
    BLP_ASSIGNEE = "BLP_ASSIGNEE"
    """Known from the JS SDK only; its meaning is not documented."""
    AC = "AC"
    """Known from the JS SDK only; its meaning is not documented."""

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum | None:
        if isinstance(value, str) and value.endswith("_ORDER"):
            return cls(value.removesuffix("_ORDER"))
        return super()._missing_(value)


SENDABLE = tuple(map(OrderType, ("LIMIT", "MARKET", "IOC", "FOK", "POST_ONLY", "ASK", "BID")))
"""The types of orders that can be sent; the others only come back, or are those of a leg."""

AlgoOrderType = OrderType
"""The type of an algo node; children may also be CLOSE_POSITION."""


class OrderStatus(OpenEnum):
    """Where an order stands. REPLACED appears in reports only, after an edit.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-orders
    https://orderly.network/docs/build-on-omnichain/websocket-api/private/execution-report
    """

    NEW = "NEW"
    """Accepted, and nothing filled yet."""
    PARTIAL_FILLED = "PARTIAL_FILLED"
    """Some of it is filled, the rest waits."""
    FILLED = "FILLED"
    """All of it is filled; final."""
    CANCELLED = "CANCELLED"
    """No longer on the book; final. Part of it may have been filled before."""
    REJECTED = "REJECTED"
    """Refused by the venue after it was taken in; final."""
    REPLACED = "REPLACED"
    """An edit has taken effect; the order stands on."""

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen; an unknown status is not final."""
        return self in _FINAL


AlgoStatus = OrderStatus
"""The status of an algo node (``algo_status``) or of its tree (``root_algo_status``)."""


class AlgoType(OpenEnum):
    """What an algo node is: the first five as roots, TAKE_PROFIT and STOP_LOSS as legs.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/create-algo-order
    https://orderly.network/docs/build-on-omnichain/user-flows/algo-order-samples
    """

    STOP = "STOP"
    """One node: an order that is sent when the mark price reaches its trigger."""
    TP_SL = "TP_SL"
    """A take profit and a stop loss of a given quantity; the leg that fires cancels the other."""
    POSITIONAL_TP_SL = "POSITIONAL_TP_SL"
    """The same for the whole position, whatever it is when a leg fires."""
    BRACKET = "BRACKET"
    """An entry order with a TP_SL or POSITIONAL_TP_SL below it, whose legs sleep until the entry is filled."""
    TRAILING_STOP = "TRAILING_STOP"
    """A stop whose trigger follows the best mark price at a distance."""
    TAKE_PROFIT = "TAKE_PROFIT"
    """The leg that closes with a gain."""
    STOP_LOSS = "STOP_LOSS"
    """The leg that closes with a loss."""


class TriggerStatus(OpenEnum):
    """Where a trigger stands.

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/algo-execution-report
    """

    USELESS = "USELESS"
    """Not armed, or not needed."""
    TRIGGERING = "TRIGGERING"
    """It has fired, and its order is being sent."""
    SUCCESS = "SUCCESS"
    """Its order was sent."""
    FAILED = "FAILED"
    """Its order was refused: margin, price band, or no position to close."""


class TriggerPriceType(OpenEnum):
    """What a trigger watches; the venue accepts MARK_PRICE only.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/create-algo-order
    """

    MARK_PRICE = "MARK_PRICE"
    """The venue's mark price, not the last trade."""


class MarginMode(OpenEnum):
    """Whose collateral a position uses.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-margin-modes
    """

    CROSS = "CROSS"
    """The account's, shared with all other cross positions."""
    ISOLATED = "ISOLATED"
    """Its own, in USDC: no more than that can be lost."""


class OrderStatusFilter(OpenEnum):
    """What order lists can be asked for.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-orders
    """

    NEW = "NEW"
    """As the status of that name; so the next four."""
    CANCELLED = "CANCELLED"
    PARTIAL_FILLED = "PARTIAL_FILLED"
    FILLED = "FILLED"
    REJECTED = "REJECTED"
    INCOMPLETE = "INCOMPLETE"
    """NEW and PARTIAL_FILLED."""
    COMPLETED = "COMPLETED"
    """CANCELLED and FILLED."""


class OrderAck(OpenEnum):
    """What the venue says to an edit or a cancel: it was passed on; its effect arrives by the stream.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/edit-order
    https://orderly.network/docs/build-on-omnichain/restful-api/private/cancel-order
    https://orderly.network/docs/build-on-omnichain/restful-api/private/cancel-all-pending-orders
    """

    EDIT_SENT = "EDIT_SENT"
    """An edit was passed on."""
    CANCEL_SENT = "CANCEL_SENT"
    """A cancel of one order, or of those named, was passed on."""
    CANCEL_ALL_SENT = "CANCEL_ALL_SENT"
    """A cancel of all orders was passed on."""


class KlineInterval(OpenEnum):
    """The lengths of candles over REST; the stream writes a month as 1M.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-kline
    """

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


class SymbolStatus(OpenEnum):
    """What a market allows at the moment. No page of the API lists the words; the guide for markets of builders does.

    https://orderly.network/docs/build-on-omnichain/perp-anything/market-operations
    """

    NEW = "NEW"
    """Being set up; it takes no orders."""
    PENDING = "PENDING"
    """Set up, and not open yet; it takes no orders."""
    POST_ONLY = "POST_ONLY"
    """Takes limit orders only, until both sides of its book have been deep enough for a while."""
    ACTIVE = "ACTIVE"
    """Takes all orders."""
    REDUCE_ONLY = "REDUCE_ONLY"
    """Takes orders that close only, after its book, its insurance fund or its prices failed."""
    DELISTING = "DELISTING"
    """Being wound down."""
    DELISTED = "DELISTED"
    """Closed for good."""


class FundingPaymentType(OpenEnum):
    """Whether funding was paid or received, seen from the account.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-funding-fee-history
    """

    PAY = "Pay"
    """The account paid: a long at a positive rate, or a short at a negative one."""
    RECEIVE = "Receive"
    """The account received: the other way round."""


class FundingStatus(OpenEnum):
    """How far a funding payment is.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-funding-fee-history
    """

    ACCRUED = "Accrued"
    """In the unsettled PnL."""
    SETTLED = "Settled"
    """In the balance."""


class LiquidationType(OpenEnum):
    """How positions came to a liquidator.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-liquidated-positions-by-liquidator
    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-liquidated-positions-info
    """

    LIQUIDATED = "liquidated"
    """Taken over from an account."""
    CLAIM = "claim"
    """Claimed from the insurance fund."""


class LiquidationSort(OpenEnum):
    """What liquidations are sorted by.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-liquidated-positions-info
    """

    LIQUIDATION_ID = "liquidation_id"
    TIME = "time"


_FINAL = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.REJECTED})


class AssetSide(OpenEnum):
    """Which way an asset moved.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-history
    """

    DEPOSIT = "DEPOSIT"
    """From a chain into the account."""
    WITHDRAW = "WITHDRAW"
    """From the account to a chain."""


class AssetStatus(OpenEnum):
    """Where a deposit or withdrawal stands. Filters and rows of the pages list different words; all are accepted.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-history
    """

    NEW = "NEW"
    """Listed as a filter only; the JS SDK never meets it."""
    PENDING = "PENDING"
    """Taken in, and not worked on yet."""
    CONFIRM = "CONFIRM"
    """Listed as a filter only; by its name, seen on the chain."""
    PROCESSING = "PROCESSING"
    """Under way on the chain."""
    PENDING_REBALANCE = "PENDING_REBALANCE"
    """A withdrawal that waits until the chain's vault holds enough."""
    COMPLETED = "COMPLETED"
    """Done; final."""
    FAILED = "FAILED"
    """Not done; final. What was frozen for a withdrawal is free again."""


class InternalTransferStatus(OpenEnum):
    """Where a transfer between two accounts stands.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-internal-transfer-history
    """

    CREATED = "CREATED"
    """Taken in."""
    PENDING = "PENDING"
    """Under way."""
    COMPLETED = "COMPLETED"
    """Done; final."""
    FAILED = "FAILED"
    """Not done; final."""
