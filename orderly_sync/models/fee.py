"""Fee rates that a builder sets, as decimal fractions: 0.0001 is one basis point."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, model

__all__ = ["DefaultFeeRate", "UserFeeRate"]


@model
class UserFeeRate(Model):
    """The fee rates of one user.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-user-fee-rates
    """

    account_id: str | None = None
    """The user's account."""
    address: str | None = None
    """The user's wallet."""
    is_default_fee_rate: bool | None = None
    """Whether they are those of every user without rates of its own; None is not said."""
    maker_fee_rate: Decimal | None = None
    """Maker fee, a fraction: 0.0001 is 1 bp; below 0 is a rebate."""
    taker_fee_rate: Decimal | None = None
    """Taker fee, a fraction: 0.0001 is 1 bp."""
    rwa_taker_fee_rate: Decimal | None = None
    """Taker fee on markets of real-world assets, a fraction."""
    rwa_maker_fee_rate: Decimal | None = None
    """Maker fee on markets of real-world assets, a fraction; below 0 is a rebate."""


@model
class DefaultFeeRate(Model):
    """The fee rates of users without rates of their own.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-default-builder-fee
    """

    maker_fee_rate: Decimal | None = None
    """Maker fee, a fraction: 0.0001 is 1 bp; below 0 is a rebate."""
    taker_fee_rate: Decimal | None = None
    """Taker fee, a fraction: 0.0001 is 1 bp."""
    rwa_taker_fee_rate: Decimal | None = None
    """Taker fee on markets of real-world assets, a fraction."""
    rwa_maker_fee_rate: Decimal | None = None
    """Maker fee on markets of real-world assets, a fraction; below 0 is a rebate."""
