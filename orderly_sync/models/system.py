"""The venue itself: its state, its announcements, its insurance fund and its vaults."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from orderly_sync.models.base import Acknowledged, Model, Rows, model, utc, wire

__all__ = [
    "Announcement",
    "Announcements",
    "FeatureFlag",
    "InsuranceFund",
    "InsuranceFundPosition",
    "IpInfo",
    "MaintenanceWindow",
    "RestrictedAreas",
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
    """Its id, sent as text or as a number."""
    message: str | None = None
    """The text."""
    url: str | None = None
    """Where to read more; None where there is no more."""
    type: str | None = None
    """The venue's word for its kind; None where it does not say."""
    updated_time: int | None = None
    """ms."""
    i18n: Any = None
    """The message in other languages, as decoded: its form is not documented. Version 2 only."""
    cover_image: str | None = None
    """Address of a picture. Version 2 only."""

    @property
    def time(self) -> datetime | None:
        """When it last changed, UTC."""
        return utc(self.updated_time)


@model
class Announcements(Model):
    """All announcements, and when the last of them changed; iterating goes over them."""

    shown = ("rows", "last_updated_time")

    last_updated_time: int | None = None
    """ms; 0 or None where there is none."""
    rows: Rows[Announcement] = Rows()
    """In the venue's order."""

    def __iter__(self) -> Iterator[Announcement]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def time(self) -> datetime | None:
        """When the last of them changed, UTC."""
        return utc(self.last_updated_time)


@model
class FeatureFlag(Model):
    """A feature that is switched on, for everybody or for this account."""

    key: str
    """The feature, such as ``isolated-margin``."""
    description: str | None = None
    """For people."""


@model
class RestrictedAreas(Model):
    """Where the venue's web client may not be used. Both are texts whose form is not documented; empty is nowhere."""

    invalid_web_country: str | None = None
    """Countries."""
    invalid_web_city: str | None = None
    """Cities."""


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
