"""Fee rates that a builder sets, as decimal fractions: 0.0001 is one basis point."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, model

__all__ = ["DefaultFeeRate", "UserFeeRate"]


@model
class UserFeeRate(Model):
    """The fee rates of one user."""

    account_id: str | None = None
    address: str | None = None
    is_default_fee_rate: bool | None = None
    """Whether they are those of every user without rates of its own."""
    maker_fee_rate: Decimal | None = None
    taker_fee_rate: Decimal | None = None
    rwa_taker_fee_rate: Decimal | None = None
    rwa_maker_fee_rate: Decimal | None = None


@model
class DefaultFeeRate(Model):
    """The fee rates of users without rates of their own."""

    maker_fee_rate: Decimal | None = None
    taker_fee_rate: Decimal | None = None
    rwa_taker_fee_rate: Decimal | None = None
    rwa_maker_fee_rate: Decimal | None = None
