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
    """One funding payment in USDC; ``payment_type`` says which way it went.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-funding-fee-history
    """

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    funding_rate: Decimal | None = None
    """The rate charged, a fraction of the notional for one period (0.0001 is 1 bp); above 0 longs pay shorts."""
    mark_price: Decimal | None = None
    """The mark price the notional was counted at, USDC."""
    funding_fee: Decimal | None = None
    """The amount, USDC, without a sign in the venue's examples; ``payment_type`` says who paid."""
    payment_type: FundingPaymentType | None = None
    """Pay: this account paid. Receive: it was paid."""
    status: FundingStatus | None = None
    """Accrued into the unsettled PnL, or Settled into the balance."""
    created_time: int | None = None
    """When it was charged, ms; the boundary of a period."""
    updated_time: int | None = None
    """When the row last changed, ms, as by a settlement."""
    margin_mode: MarginMode | None = None
    """Of the position that was charged; None is not said."""

    @property
    def time(self) -> datetime | None:
        """When it was charged, UTC."""
        return utc(self.created_time)


@model
class FundingRate(Model):
    """The funding of one market; rates as fractions of the notional for one period, above 0 longs pay shorts.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-predicted-funding-rate-for-one-market
    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-predicted-funding-rates-for-all-markets
    """

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    est_funding_rate: Decimal | None = None
    """What the next charge would be as things stand, a fraction (0.0001 is 1 bp); the mean of the running period."""
    est_funding_rate_timestamp: int | None = None
    """When it was estimated, ms."""
    last_funding_rate: Decimal | None = None
    """What was charged last, a fraction for one period of the market; the page calls it hourly, whatever the period
    (1 to 8 hours)."""
    last_funding_rate_timestamp: int | None = None
    """When that was charged, ms."""
    next_funding_time: int | None = None
    """When it is next charged, ms."""
    sum_unitary_funding: Decimal | None = None
    """Funding index: what one long base unit has paid since the market began, USDC; may fall."""


@model
class FundingRateRecord(Model):
    """A funding rate that was charged.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-funding-rate-history-for-one-market
    """

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    funding_rate: Decimal | None = None
    """A fraction of the notional for that period (0.0001 is 1 bp); above 0 longs paid shorts."""
    funding_rate_timestamp: int | None = None
    """When it was charged, ms."""
    next_funding_time: int | None = None
    """When the charge after it was due, ms."""

    @property
    def time(self) -> datetime | None:
        """When it was charged, UTC."""
        return utc(self.funding_rate_timestamp)


@model
class FundingPeriod(Model):
    """The mean rate of a period, and how many rates were positive and negative.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-funding-rate-for-all-markets
    """

    rate: Decimal | None = None
    """Mean of the rates in it, a fraction (0.0001 is 1 bp); above 0 longs paid shorts."""
    positive: int | None = None
    """How many rates were above 0."""
    negative: int | None = None
    """How many rates were below 0."""


@model
class FundingHistory(Model):
    """Funding of one market over periods: ``last``, ``1d``, ``3d``, ``7d``, ``14d``, ``30d``, ``90d``, ``180d``.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-funding-rate-for-all-markets
    """

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    data_start_time: str | None = None
    """Since when rates are known, as sent, ``YYYY-MM-DD HH:MM:SS``; the time zone is not documented, the paper
    venue's is UTC."""
    funding: Mapping[str, FundingPeriod] = EMPTY
    """By the name of the period; ``last`` is the newest rate alone. Empty where the venue sends none."""


@model
class ExchangeFunding(Model):
    """The funding of one market at one exchange. On no page of the venue: its own web client asks for it."""

    name: str
    """The exchange."""
    last: Decimal | None = None
    """Its last rate, a fraction of the notional a funding interval; above 0 longs pay. None where it has none."""


@model
class FundingComparison(Model):
    """The last funding rates of one market at several exchanges, which may charge at intervals of their own.

    On no page of the venue: its own web client asks for it, ``GET /v1/public/market_info/funding_comparison``.
    """

    symbol: str
    """The market, by its native symbol."""
    exchanges: Rows[ExchangeFunding] = Rows()
    """In the venue's order."""
