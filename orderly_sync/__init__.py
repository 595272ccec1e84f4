"""orderly_sync: the synchronous Python SDK of Orderly Network.

``connect`` gives an ``Orderly``; ``Rest`` and ``Stream`` are its two halves and work alone. See README.md.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from orderly_sync._version import __version__
from orderly_sync.client import Orderly
from orderly_sync.config import MAINNET, TESTNET, Network, Timeouts
from orderly_sync.connecting import connect, from_env
from orderly_sync.credentials import Credentials
from orderly_sync.errors import (
    ApiError,
    AuthenticationError,
    BadRequest,
    ConnectFailed,
    DecodingError,
    Disconnected,
    DryRun,
    Duplicate,
    HookError,
    InsufficientMargin,
    InvalidOrder,
    JournalDegraded,
    JournalError,
    LoginRefused,
    Maintenance,
    NotFound,
    OrderlyError,
    OrderOutcomeUnknown,
    Overflow,
    PushRefused,
    RateLimited,
    RequestError,
    StaleBook,
    StreamError,
    SubscriptionRefused,
    TimedOut,
    TransportError,
    UsageError,
)
from orderly_sync.models.account_enums import (
    AccountMode,
    ChainType,
    InternalTransferSide,
    IpRestrictionStatus,
    KeyScope,
    KeyStatus,
    NotificationLevel,
    NotificationType,
    PositionHistoryStatus,
    PositionHistoryType,
    PositionMarginAction,
    PositionSide,
    UserType,
)
from orderly_sync.models.enums import (
    AlgoOrderType,
    AlgoStatus,
    AlgoType,
    AssetSide,
    AssetStatus,
    FundingPaymentType,
    FundingStatus,
    InternalTransferStatus,
    KlineInterval,
    LiquidationSort,
    LiquidationType,
    MarginMode,
    OrderAck,
    OrderSide,
    OrderStatus,
    OrderStatusFilter,
    OrderType,
    SymbolStatus,
    TriggerPriceType,
    TriggerStatus,
)
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.models.vault_enums import (
    VaultChartRange,
    VaultChartType,
    VaultStatus,
    VaultTransactionStatus,
    VaultTransactionType,
)
from orderly_sync.recording.replay import Replay
from orderly_sync.rest import Rest
from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.dispatch import Hook
from orderly_sync.stream.events import (
    CancelTimer,
    Connected,
    GapClosed,
    GapOpened,
    Resynced,
    Stale,
    Unrouted,
    VenueRestarted,
)
from orderly_sync.stream.oracle import OracleFeed
from orderly_sync.stream.stream import Stream
from orderly_sync.trading.algo_handle import AlgoHandle
from orderly_sync.trading.algo_requests import Stop, TrailingStop
from orderly_sync.trading.handles import OrderEnded, OrderHandle
from orderly_sync.trading.leg_requests import Bracket, PositionalTpSl, TpSl
from orderly_sync.trading.orders import Fok, Ioc, Limit, Market, PostOnly
from orderly_sync.wire import topics
from orderly_sync.wire.symbols import symbol

if TYPE_CHECKING:
    from orderly_sync.wallet.wallet import Wallet
else:
    # Type checkers would take any name for one of the package's, if they saw this.

    def __getattr__(name: str) -> type:
        """``Wallet`` when it is first asked for: few programs sign for one."""
        if name == "Wallet":
            from orderly_sync.wallet.wallet import Wallet

            return Wallet
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "MAINNET",
    "TESTNET",
    "AccountMode",
    "AlgoExecutionReport",
    "AlgoHandle",
    "AlgoOrderType",
    "AlgoStatus",
    "AlgoType",
    "ApiError",
    "AssetSide",
    "AssetStatus",
    "AuthenticationError",
    "BadRequest",
    "Bracket",
    "CancelTimer",
    "ChainType",
    "ConnectFailed",
    "Connected",
    "Consumer",
    "Credentials",
    "DecodingError",
    "Disconnected",
    "DryRun",
    "Duplicate",
    "ExecutionReport",
    "Fok",
    "FundingPaymentType",
    "FundingStatus",
    "GapClosed",
    "GapOpened",
    "Hook",
    "HookError",
    "InsufficientMargin",
    "InternalTransferSide",
    "InternalTransferStatus",
    "InvalidOrder",
    "Ioc",
    "IpRestrictionStatus",
    "JournalDegraded",
    "JournalError",
    "KeyScope",
    "KeyStatus",
    "KlineInterval",
    "Limit",
    "LiquidationSort",
    "LiquidationType",
    "LoginRefused",
    "Maintenance",
    "MarginMode",
    "Market",
    "Network",
    "NotFound",
    "NotificationLevel",
    "NotificationType",
    "OracleFeed",
    "OrderAck",
    "OrderEnded",
    "OrderHandle",
    "OrderOutcomeUnknown",
    "OrderSide",
    "OrderStatus",
    "OrderStatusFilter",
    "OrderType",
    "Orderly",
    "OrderlyError",
    "Overflow",
    "PositionHistoryStatus",
    "PositionHistoryType",
    "PositionMarginAction",
    "PositionSide",
    "PositionalTpSl",
    "PostOnly",
    "PushRefused",
    "RateLimited",
    "Replay",
    "RequestError",
    "Rest",
    "Resynced",
    "Stale",
    "StaleBook",
    "Stop",
    "Stream",
    "StreamError",
    "SubscriptionRefused",
    "SymbolStatus",
    "TimedOut",
    "Timeouts",
    "TpSl",
    "TrailingStop",
    "TransportError",
    "TriggerPriceType",
    "TriggerStatus",
    "Unrouted",
    "UsageError",
    "UserType",
    "VaultChartRange",
    "VaultChartType",
    "VaultStatus",
    "VaultTransactionStatus",
    "VaultTransactionType",
    "VenueRestarted",
    "Wallet",
    "__version__",
    "connect",
    "from_env",
    "symbol",
    "topics",
]

logging.getLogger("orderly_sync").addHandler(logging.NullHandler())


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
