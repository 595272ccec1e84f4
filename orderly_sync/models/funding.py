"""Funding: rates of the markets and fees of this account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import EMPTY, Model, Rows, model, utc
from orderly_sync.models.enums import FundingPaymentType, FundingStatus, MarginMode

__all__ = [
    "ExchangeFunding",
    "FundingComparison",
    "FundingFee",
    "FundingHistory",
    "FundingPeriod",
    "FundingRate",
    "FundingRateRecord",
]


@model
class FundingFee(Model):
    """One funding payment in USDC; ``payment_type`` says which way it went."""

    symbol: str
    funding_rate: Decimal | None = None
    mark_price: Decimal | None = None
    funding_fee: Decimal | None = None
    payment_type: FundingPaymentType | None = None
    status: FundingStatus | None = None
    created_time: int | None = None
    updated_time: int | None = None
    margin_mode: MarginMode | None = None

    @property
    def time(self) -> datetime | None:
        """When it was charged, UTC."""
        return utc(self.created_time)


@model
class FundingRate(Model):
    """The funding of one market: the last rate, the estimate of the next, and when it is due (ms)."""

    symbol: str
    est_funding_rate: Decimal | None = None
    est_funding_rate_timestamp: int | None = None
    last_funding_rate: Decimal | None = None
    last_funding_rate_timestamp: int | None = None
    next_funding_time: int | None = None
    sum_unitary_funding: Decimal | None = None


@model
class FundingRateRecord(Model):
    """A funding rate that was charged."""

    symbol: str
    funding_rate: Decimal | None = None
    funding_rate_timestamp: int | None = None
    next_funding_time: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it was charged, UTC."""
        return utc(self.funding_rate_timestamp)


@model
class FundingPeriod(Model):
    """The mean rate of a period, and how many rates were positive and negative."""

    rate: Decimal | None = None
    positive: int | None = None
    negative: int | None = None


@model
class FundingHistory(Model):
    """Funding of one market over periods: ``last``, ``1d``, ``3d``, ``7d``, ``14d``, ``30d``, ``90d``, ``180d``."""

    symbol: str
    data_start_time: str | None = None
    """As sent, ``YYYY-MM-DD HH:MM:SS``."""
    funding: Mapping[str, FundingPeriod] = EMPTY


@model
class ExchangeFunding(Model):
    """The funding of one market at one exchange."""

    name: str
    """The exchange."""
    last: Decimal | None = None
    """Its last rate, a fraction of the notional a funding interval; above 0 longs pay. None where it has none."""


@model
class FundingComparison(Model):
    """The last funding rates of one market at several exchanges, which may charge at intervals of their own."""

    symbol: str
    """The market, by its native symbol."""
    exchanges: Rows[ExchangeFunding] = Rows()
    """In the venue's order."""
