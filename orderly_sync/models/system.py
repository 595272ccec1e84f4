"""The venue itself: its state, its announcements, its insurance fund and its vaults."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Acknowledged, Model, Rows, model, utc, wire

__all__ = [
    "Announcement",
    "InsuranceFund",
    "InsuranceFundPosition",
    "IpInfo",
    "MaintenanceWindow",
    "SystemInfo",
    "VaultBalance",
]

_MAINTENANCE = 2


@model
class MaintenanceWindow(Model):
    """When the venue is going to be down."""

    start_time: int | None = wire("startTime", "start_time")
    """ms."""
    end_time: int | None = wire("endTime", "end_time")
    """ms."""

    @property
    def starts(self) -> datetime | None:
        """Its beginning, UTC."""
        return utc(self.start_time)

    @property
    def ends(self) -> datetime | None:
        """Its end, UTC."""
        return utc(self.end_time)


@model
class SystemInfo(Acknowledged):
    """Whether the venue is up; ``timestamp`` is its clock."""

    status: int = 0
    """0 normal, 2 maintenance."""
    msg: str | None = None
    scheduled_maintenance: MaintenanceWindow | None = None

    @property
    def in_maintenance(self) -> bool:
        """Whether the venue is under maintenance."""
        return self.status == _MAINTENANCE


@model
class IpInfo(Model):
    """Where the venue sees this machine."""

    ip: str | None = None
    city: str | None = None
    region: str | None = None
    checked: bool | None = None


@model
class Announcement(Model):
    """Something the venue tells everybody. Its text and link are not to be trusted more than any others."""

    announcement_id: str
    message: str | None = None
    url: str | None = None
    type: str | None = None
    updated_time: int | None = None
    """ms."""


@model
class InsuranceFundPosition(Model):
    """A position of the insurance fund; amounts in USDC, quantities in base units."""

    symbol: str
    timestamp: int | None = None
    """ms."""
    position_qty: Decimal | None = None
    cost_position: Decimal | None = None
    last_sum_unitary_funding: Decimal | None = None
    settle_price: Decimal | None = None
    average_open_price: Decimal | None = None
    pnl_24_h: Decimal | None = None
    fee_24_h: Decimal | None = None
    mark_price: Decimal | None = None


@model
class InsuranceFund(Model):
    """The fund that takes over what liquidators leave; amounts in USDC."""

    rows: Rows[InsuranceFundPosition] = Rows()
    balance: Decimal | None = None
    free_collateral: Decimal | None = None
    total_collateral_value: Decimal | None = None
    total_account_value: Decimal | None = None
    total_pnl_24_h: Decimal | None = None
    margin_ratio: Decimal | None = None
    min_insurance_fund_margin_ratio: Decimal | None = None
    min_insurance_fund_initial_margin_ratio: Decimal | None = None


@model
class VaultBalance(Model):
    """What the vault of one chain holds of one token."""

    chain_id: int | None = None
    token: str | None = None
    balance: Decimal | None = None
