"""The wire's enumerations of strategy vaults, all open, as in ``enums``."""

from __future__ import annotations

from orderly_sync.models.enums import OpenEnum

__all__ = [
    "VaultChartRange",
    "VaultChartType",
    "VaultStatus",
    "VaultTransactionStatus",
    "VaultTransactionType",
]


class VaultStatus(OpenEnum):
    """Where a strategy vault stands.

    https://orderly.network/docs/strategy-vault/vault/public/vault-info
    """

    LIVE = "live"
    """It takes deposits."""
    PRE_LAUNCH = "pre_launch"
    """It has not begun."""
    CLOSING = "closing"
    """It pays out, and takes nothing in; by its name."""
    CLOSED = "closed"
    """It is over."""


class VaultTransactionType(OpenEnum):
    """Into a strategy vault or out of it.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-account%E2%80%99s-strategy-vault-transaction-history
    """

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"


class VaultTransactionStatus(OpenEnum):
    """Where a vault transaction stands.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-account%E2%80%99s-strategy-vault-transaction-history
    """

    PENDING = "pending"
    """It waits for the end of the period."""
    COMPLETED = "completed"
    """Done; final."""
    FAILED = "failed"
    """Not done; final."""


class VaultChartType(OpenEnum):
    """What a vault chart draws.

    https://orderly.network/docs/strategy-vault/vault/public/vault-performance-chart
    """

    PNL = "PNL"
    """Gain since the range began."""
    TVL = "TVL"
    """Total value locked: what the vault is worth."""


class VaultChartRange(OpenEnum):
    """How far back a vault chart or a performance figure goes.

    https://orderly.network/docs/strategy-vault/vault/public/vault-performance-chart
    """

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    ALL_TIME = "all_time"
