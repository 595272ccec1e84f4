"""orderly_sync: the synchronous Python SDK of Orderly Network.

``connect`` gives an ``Orderly``; ``Rest`` and ``Stream`` are its two halves and work alone. See README.md.

Each name is imported from its place when it is first asked for: a program pays for what it uses.
"""

from __future__ import annotations

import logging
from importlib import import_module as _import_module
from importlib.util import find_spec as _find_spec
from typing import TYPE_CHECKING

from orderly_sync._version import __version__

if TYPE_CHECKING:
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
    from orderly_sync.live.flattening import NotFlat
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
    from orderly_sync.relay.relay import Relay
    from orderly_sync.relay_errors import (
        GroupInUse,
        RelayError,
        RelayGap,
        RelayMismatch,
        RelayRefused,
        RelayUnreachable,
    )
    from orderly_sync.rest import Rest
    from orderly_sync.stream.consumer import Consumer
    from orderly_sync.stream.dispatch import Hook
    from orderly_sync.stream.events import (
        CancelTimer,
        ClockSkew,
        Connected,
        GapClosed,
        GapOpened,
        RelayHealth,
        Resynced,
        Stale,
        Unrouted,
        VenueRestarted,
    )
    from orderly_sync.stream.oracle import OracleFeed
    from orderly_sync.stream.stream import Stream
    from orderly_sync.trading.algo_handle import AlgoHandle
    from orderly_sync.trading.algo_requests import Stop, TrailingStop
    from orderly_sync.trading.goals import OrderEnded
    from orderly_sync.trading.handles import OrderHandle
    from orderly_sync.trading.leg_requests import Bracket, PositionalTpSl, TpSl
    from orderly_sync.trading.orders import Fok, Ioc, Limit, Market, PostOnly
    from orderly_sync.wallet.wallet import Wallet
    from orderly_sync.wire import topics
    from orderly_sync.wire.symbols import symbol
else:
    # Type checkers would take any name for one of the package's, if they saw this.
    _PLACES = {
        "client": "Orderly",
        "config": "MAINNET Network TESTNET Timeouts",
        "connecting": "connect from_env",
        "credentials": "Credentials",
        "errors": (
            "ApiError AuthenticationError BadRequest ConnectFailed DecodingError Disconnected "
            "DryRun Duplicate HookError InsufficientMargin InvalidOrder JournalDegraded "
            "JournalError LoginRefused Maintenance NotFound OrderOutcomeUnknown OrderlyError "
            "Overflow PushRefused RateLimited RequestError StaleBook StreamError "
            "SubscriptionRefused TimedOut TransportError UsageError"
        ),
        "live.flattening": "NotFlat",
        "models.account_enums": (
            "AccountMode ChainType InternalTransferSide IpRestrictionStatus KeyScope KeyStatus "
            "NotificationLevel NotificationType PositionHistoryStatus PositionHistoryType "
            "PositionMarginAction PositionSide UserType"
        ),
        "models.enums": (
            "AlgoOrderType AlgoStatus AlgoType AssetSide AssetStatus FundingPaymentType "
            "FundingStatus InternalTransferStatus KlineInterval LiquidationSort LiquidationType "
            "MarginMode OrderAck OrderSide OrderStatus OrderStatusFilter OrderType SymbolStatus "
            "TriggerPriceType TriggerStatus"
        ),
        "models.pushes.algo": "AlgoExecutionReport",
        "models.pushes.execution": "ExecutionReport",
        "models.vault_enums": (
            "VaultChartRange VaultChartType VaultStatus VaultTransactionStatus VaultTransactionType"
        ),
        "recording.replay": "Replay",
        "relay_errors": "GroupInUse RelayError RelayGap RelayMismatch RelayRefused RelayUnreachable",
        "relay.relay": "Relay",
        "rest": "Rest",
        "stream.consumer": "Consumer",
        "stream.dispatch": "Hook",
        "stream.events": (
            "CancelTimer ClockSkew Connected GapClosed GapOpened RelayHealth Resynced Stale Unrouted VenueRestarted"
        ),
        "stream.oracle": "OracleFeed",
        "stream.stream": "Stream",
        "trading.algo_handle": "AlgoHandle",
        "trading.algo_requests": "Stop TrailingStop",
        "trading.goals": "OrderEnded",
        "trading.handles": "OrderHandle",
        "trading.leg_requests": "Bracket PositionalTpSl TpSl",
        "trading.orders": "Fok Ioc Limit Market PostOnly",
        "wallet.wallet": "Wallet",
        "wire": "topics",
        "wire.symbols": "symbol",
    }
    """The module of each name, a line each; a test holds it to be what type checkers read above."""
    _PLACE_OF = {name: place for place, names in _PLACES.items() for name in names.split()}

    def __getattr__(name: str) -> object:
        """A name of ``__all__``, or a module of this package, when it is first asked for."""
        place = _PLACE_OF.get(name)
        if name == "topics":  # a module among classes and functions
            value = _import_module(f"{__name__}.{place}.{name}")
        elif place is not None:
            value = getattr(_import_module(f"{__name__}.{place}"), name)
        elif not name.startswith("_") and _find_spec(f"{__name__}.{name}"):
            value = _import_module(f"{__name__}.{name}")
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


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
    "ClockSkew",
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
    "GroupInUse",
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
    "NotFlat",
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
    "Relay",
    "RelayError",
    "RelayGap",
    "RelayHealth",
    "RelayMismatch",
    "RelayRefused",
    "RelayUnreachable",
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
