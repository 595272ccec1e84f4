"""Builders: their balances, volumes, users, names and chains."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc

__all__ = ["BalanceStats", "Broker", "BrokerChain", "BrokerStats", "VolumeStats"]


@model
class BalanceStats(Model):
    """What all accounts of a builder hold, or of all builders where none was named, in USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tvl-by-builder
    """

    total_holding: Decimal | None = None
    """Sum of the balances, USDC."""
    total_unsettled_balance: Decimal | None = None
    """Sum of the PnL not yet in balances, USDC; below 0 is a loss."""
    last_update_time: int | None = None
    """When it was last counted, ms; see ``time``."""

    @property
    def time(self) -> datetime | None:
        """When it was last counted, UTC."""
        return utc(self.last_update_time)


@model
class VolumeStats(Model):
    """Perpetual volume of a builder in USDC: this year, ever, today, and over the last days.

    A builder's volume counts makers and takers; the venue's as a whole counts each match once.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-builder-volume
    """

    perp_volume_ytd: Decimal | None = None
    """Since 1 January, USDC."""
    perp_volume_ltd: Decimal | None = None
    """Since the beginning, USDC."""
    perp_volume_today: Decimal | None = None
    """Since 00:00 UTC, USDC."""
    perp_volume_last_1_day: Decimal | None = None
    """Of the last 24 hours, USDC."""
    perp_volume_last_7_days: Decimal | None = None
    """Of the last 7 days, USDC."""
    perp_volume_last_30_days: Decimal | None = None
    """Of the last 30 days, USDC."""


@model
class BrokerStats(Model):
    """How many users a builder has.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-builder-stats
    """

    connected_user: int | None = None
    """Number of users."""


@model
class Broker(Model):
    """A builder's id and the name it shows.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-builder-list
    """

    broker_id: str
    """The builder's id, as in orders' tags and topics."""
    broker_name: str | None = None
    """The name to show people."""


@model
class BrokerChain(Model):
    """A chain that deposits and withdrawals can use, with the vault contract on it.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-supported-chains-per-builder
    """

    chain_id: str
    """The EVM chain, text as on the wire: ``42161`` is Arbitrum."""
    name: str | None = None
    """The chain's name to show people."""
    public_rpc_url: str | None = None
    """Where the chain can be asked without a key."""
    currency_symbol: str | None = None
    """The token that its gas is paid in, such as ETH."""
    currency_decimal: int | None = None
    """Decimals of that token, 18 for ETH."""
    explorer_base_url: str | None = None
    """Address of a site that shows its transactions."""
    vault_address: str | None = None
    """The venue's contract on it that deposits go to."""
    broker_ids: tuple[str, ...] | None = None
    """The builders that offer it; None where the venue does not say."""
