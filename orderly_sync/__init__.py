"""orderly_sync: the synchronous Python SDK of Orderly Network.

``connect`` gives an ``Orderly``; ``Rest`` and ``Stream`` are its two halves and work alone. See README.md.
"""

from __future__ import annotations

import logging

from orderly_sync._version import __version__
from orderly_sync.algo_handle import AlgoHandle
from orderly_sync.algo_requests import Stop, TrailingStop
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
    Duplicate,
    HookError,
    InsufficientMargin,
    InvalidOrder,
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
from orderly_sync.handles import OrderEnded, OrderHandle
from orderly_sync.leg_requests import Bracket, PositionalTpSl, TpSl
from orderly_sync.orders import Fok, Ioc, Limit, Market, PostOnly
from orderly_sync.replay import Replay
from orderly_sync.rest import Rest
from orderly_sync.stream.events import Connected, Resynced, Stale, Unrouted
from orderly_sync.stream.oracle import OracleFeed
from orderly_sync.stream.stream import Stream
from orderly_sync.wire import topics
from orderly_sync.wire.symbols import symbol

__all__ = [
    "MAINNET",
    "TESTNET",
    "AlgoHandle",
    "ApiError",
    "AuthenticationError",
    "BadRequest",
    "Bracket",
    "ConnectFailed",
    "Connected",
    "Credentials",
    "DecodingError",
    "Disconnected",
    "Duplicate",
    "Fok",
    "HookError",
    "InsufficientMargin",
    "InvalidOrder",
    "Ioc",
    "Limit",
    "LoginRefused",
    "Maintenance",
    "Market",
    "Network",
    "NotFound",
    "OracleFeed",
    "OrderEnded",
    "OrderHandle",
    "OrderOutcomeUnknown",
    "Orderly",
    "OrderlyError",
    "Overflow",
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
    "TimedOut",
    "Timeouts",
    "TpSl",
    "TrailingStop",
    "TransportError",
    "Unrouted",
    "UsageError",
    "__version__",
    "connect",
    "from_env",
    "symbol",
    "topics",
]

logging.getLogger("orderly_sync").addHandler(logging.NullHandler())
