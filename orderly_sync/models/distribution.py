"""Payments of builders' fees and of rebates, one row a payment. Times are ms."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc
from orderly_sync.models.enums import OpenEnum

__all__ = ["Distribution", "DistributionStatus", "DistributionType"]


class DistributionStatus(OpenEnum):
    """Where a distribution stands.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-distribution-history
    """

    CREATED = "CREATED"
    """It is computed and not paid."""
    SPLIT = "SPLIT"
    """Not explained by the venue; by its name, divided among its receivers."""
    COMPLETED = "COMPLETED"
    """It is paid."""


class DistributionType(OpenEnum):
    """What is paid out. Filters say REFERRER_REBATE where rows say REFERRAL_REBATE.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-distribution-history
    """

    BROKER_FEE = "BROKER_FEE"
    """A builder's part of its users' fees."""
    REFEREE_REBATE = "REFEREE_REBATE"
    """What a referee gets back of its own fees."""
    REFERRER_REBATE = "REFERRER_REBATE"
    """What a referrer earns by its referees, as a filter writes it."""
    REFERRAL_REBATE = "REFERRAL_REBATE"
    """What a referrer earns by its referees, as rows write it."""


@model
class Distribution(Model):
    """One payment of fees or rebates to this account.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-distribution-history
    """

    id: int
    """The payment's id."""
    token: str | None = None
    """What is paid, such as ``USDC``."""
    type: DistributionType | None = None
    """What it is paid for."""
    amount: Decimal | None = None
    """Units of ``token``, positive: the account receives it."""
    status: DistributionStatus | None = None
    """How far the payment is."""
    created_time: int | None = None
    """When it was made, ms."""
    updated_time: int | None = None
    """When it last changed, ms."""

    @property
    def time(self) -> datetime | None:
        """When it was created, UTC."""
        return utc(self.created_time)
