"""Builders: their balances, volumes, users, names and chains."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc

__all__ = ["BalanceStats", "Broker", "BrokerChain", "BrokerStats", "VolumeStats"]


@model
class BalanceStats(Model):
    """What all accounts of a builder hold, in USDC."""

    total_holding: Decimal | None = None
    total_unsettled_balance: Decimal | None = None
    last_update_time: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it was last counted, UTC."""
        return utc(self.last_update_time)


@model
class VolumeStats(Model):
    """Perpetual volume of a builder in USDC: this year, ever, today, and over the last days."""

    perp_volume_ytd: Decimal | None = None
    perp_volume_ltd: Decimal | None = None
    perp_volume_today: Decimal | None = None
    perp_volume_last_1_day: Decimal | None = None
    perp_volume_last_7_days: Decimal | None = None
    perp_volume_last_30_days: Decimal | None = None


@model
class BrokerStats(Model):
    """How many users a builder has."""

    connected_user: int | None = None


@model
class Broker(Model):
    """A builder's id and the name it shows."""

    broker_id: str
    broker_name: str | None = None


@model
class BrokerChain(Model):
    """A chain that deposits and withdrawals can use, with the vault contract on it."""

    chain_id: str
    name: str | None = None
    public_rpc_url: str | None = None
    currency_symbol: str | None = None
    currency_decimal: int | None = None
    explorer_base_url: str | None = None
    vault_address: str | None = None
    broker_ids: tuple[str, ...] | None = None
