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
    """When the venue is going to be down.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-system-maintenance-status
    https://orderly.network/docs/build-on-omnichain/websocket-api/public/system-maintenance-status
    """

    start_time: int | None = wire("startTime", "start_time")
    """Its beginning, ms."""
    end_time: int | None = wire("endTime", "end_time")
    """Its end, ms."""

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
    """Whether the venue is up; ``timestamp`` is its clock.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-system-maintenance-status
    """

    status: int = 0
    """0 normal, 2 maintenance."""
    msg: str | None = None
    """For people; None or empty where there is nothing to say."""
    scheduled_maintenance: MaintenanceWindow | None = None
    """None while none is announced."""

    @property
    def in_maintenance(self) -> bool:
        """Whether the venue is under maintenance."""
        return self.status == _MAINTENANCE


@model
class IpInfo(Model):
    """Where the venue sees this machine.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-ip-info
    """

    ip: str | None = None
    """The address requests come from."""
    city: str | None = None
    """The city the venue takes it to be in; None where it cannot tell."""
    region: str | None = None
    """The country or region it takes it to be in; None where it cannot tell."""
    checked: bool | None = None
    """Not documented by the venue; by its name, whether the address was looked up. The paper venue
    always says False."""


@model
class Announcement(Model):
    """Something the venue announces to everybody. Its text and link are not to be trusted more than any others.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-announcements
    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-announcements-v2
    """

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
    """All announcements, and when the last of them changed; iterating goes over them.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-announcements
    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-announcements-v2
    """

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
    """A feature that is switched on, for everybody or for this account.

    The operation stands on no page; the JS SDK calls it: https://github.com/OrderlyNetwork/js-sdk
    """

    key: str
    """The feature, such as ``isolated-margin``."""
    description: str | None = None
    """For people."""


@model
class RestrictedAreas(Model):
    """Where the venue's web client may not be used.

    The operation stands on no page; the JS SDK calls it: https://github.com/OrderlyNetwork/js-sdk
    """

    invalid_web_country: str | None = None
    """Countries, in a form that is not documented; empty or None is nowhere."""
    invalid_web_city: str | None = None
    """Cities, in a form that is not documented; empty or None is nowhere."""


@model
class InsuranceFundPosition(Model):
    """A position of the insurance fund.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-insurance-fund-info
    """

    symbol: str
    """The market."""
    timestamp: int | None = None
    """When it stood so, ms."""
    position_qty: Decimal | None = None
    """Base units; negative is short."""
    cost_position: Decimal | None = None
    """What it cost with fees, USDC; negative where the fund was paid, as for a short."""
    last_sum_unitary_funding: Decimal | None = None
    """Funding a base unit since the market began, USDC, up to which this position has paid."""
    settle_price: Decimal | None = None
    """Price of its last settlement, USDC per base unit; 0 without a position."""
    average_open_price: Decimal | None = None
    """Mean price of its entry, USDC per base unit; 0 without a position."""
    pnl_24_h: Decimal | None = None
    """Gain of the last 24 hours, USDC; negative is a loss."""
    fee_24_h: Decimal | None = None
    """Fees of the last 24 hours, USDC; positive is paid."""
    mark_price: Decimal | None = None
    """USDC per base unit."""


@model
class InsuranceFund(Model):
    """The fund that takes over what liquidators leave.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-insurance-fund-info
    https://orderly.network/docs/introduction/trade-on-orderly/perpetual-futures/insurance-fund-and-adl
    """

    rows: Rows[InsuranceFundPosition] = Rows()
    """Its positions; empty if it has none."""
    balance: Decimal | None = None
    """USDC it holds."""
    free_collateral: Decimal | None = None
    """Collateral not bound by margin, USDC."""
    total_collateral_value: Decimal | None = None
    """Balance with what its positions gain or lose unsettled, USDC."""
    total_account_value: Decimal | None = None
    """Not told apart from the collateral by the venue, USDC."""
    total_pnl_24_h: Decimal | None = None
    """Gain of the last 24 hours, USDC; negative is a loss."""
    margin_ratio: Decimal | None = None
    """Collateral over the notional of its positions, a fraction (0.25 = 25 %); 10 without positions."""
    min_insurance_fund_margin_ratio: Decimal | None = None
    """Below this ratio the fund deleverages traders (ADL), a fraction."""
    min_insurance_fund_initial_margin_ratio: Decimal | None = None
    """The least initial margin ratio set for the fund, a fraction; what happens below it is not documented."""


@model
class VaultBalance(Model):
    """What the vault of one chain holds of one token.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-vault-balance
    """

    chain_id: int | None = None
    """The chain; 900900900 is Solana."""
    token: str | None = None
    """The token, such as ``USDC``."""
    balance: Decimal | None = None
    """What can be taken out, units of ``token``."""
