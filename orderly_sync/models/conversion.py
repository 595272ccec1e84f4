"""Conversions of collateral into another token, and what sets them off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from orderly_sync.models.base import EMPTY, Model, model, utc
from orderly_sync.models.enums import OpenEnum

__all__ = [
    "AutoConvertThreshold",
    "Conversion",
    "ConversionStatus",
    "ConversionStep",
    "ConversionType",
    "ConversionVenue",
    "SwapQuote",
    "SwapToken",
]


class ConversionType(OpenEnum):
    """Who asked for a conversion.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-conversion-history
    """

    AUTO = "auto"
    """The venue: the account owed too much."""
    MANUAL = "manual"
    """The account itself."""


class ConversionStatus(OpenEnum):
    """Where a conversion stands.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-conversion-history
    """

    COMPLETED = "completed"
    """Done: what was received is in the balance."""
    PENDING = "pending"
    """Under way."""
    FAILED = "failed"
    """It could not be done."""
    CANCELLED = "cancelled"
    """It was called off."""


class ConversionVenue(OpenEnum):
    """Where a step of a conversion was executed.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-conversion-history
    """

    ON_CHAIN = "on_chain"
    """On a chain: the step names it and the transaction."""
    INTERNAL_FUND = "internal_fund"
    """By the venue itself."""


@model
class ConversionStep(Model):
    """One transaction of a conversion.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-conversion-history
    """

    transaction_id: int
    """The venue's id of it."""
    venue: ConversionVenue | None = None
    """Where it was executed."""
    converted_asset: str | None = None
    """The token given."""
    received_asset: str | None = None
    """The token received."""
    converted_qty: Decimal | None = None
    """In units of the token given, above 0."""
    received_qty: Decimal | None = None
    """In units of the token received, above 0."""
    chain_id: int | None = None
    """The chain it was executed on; None where it was on none."""
    tx_id: str | None = None
    """The chain's own id of it; None where it was on none."""
    haircut: Decimal | None = None
    """What was kept back, a fraction (0.02 is 2 %); None where the venue does not say."""
    result: str | None = None
    """The venue's word for how it went, such as ``succeeded``; None where it does not say."""


@model
class Conversion(Model):
    """A conversion of collateral into another token; times in ms.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-conversion-history
    """

    shown = ("type", "status", "received_asset", "convert_id", "received_qty")

    convert_id: int
    """The venue's id of it."""
    converted_asset: Mapping[str, Decimal] = EMPTY
    """Token to quantity, in units of that token, above 0."""
    received_asset: str | None = None
    """The token received."""
    received_qty: Decimal | None = None
    """In units of the token received, above 0; 0 or None until it is completed."""
    type: ConversionType | None = None
    """Who asked for it."""
    status: ConversionStatus | None = None
    """Where it stands."""
    details: tuple[ConversionStep, ...] = ()
    """The transactions it took; none while it is pending."""
    created_time: int | None = None
    """When it was asked for, ms."""
    updated_time: int | None = None
    """When it last changed, ms."""

    @property
    def time(self) -> datetime | None:
        """When it was created, UTC."""
        return utc(self.created_time)


@model
class AutoConvertThreshold(Model):
    """What an account may owe before the venue converts its collateral by itself.

    On no page of the venue: its own web client asks for it, ``GET /v1/public/auto_convert_threshold``.
    """

    ltv_threshold: Decimal | None = None
    """Loan to value, a fraction: 0.9 is 90 %."""
    negative_usdc_threshold: Decimal | None = None
    """USDC that may be owed; its sign is not documented, the venue's own web client takes the size of it."""


@model
class SwapToken(Model):
    """One side of a quote. On no page of the venue."""

    token_address: str | None = None
    """The token's contract."""
    amount: Decimal | None = None
    """In units of the token; whether whole tokens or the contract's smallest units is not documented."""
    value: Decimal | None = None
    """In the quote's ``value_currency``."""


@model
class SwapQuote(Model):
    """What a swap of one token into another would bring. The wire writes it in camelCase.

    On no page of the venue: its own web client asks for it, ``POST /v1/swap/quote``.
    """

    wire_case = "camel"

    path_id: str | None = None
    """Id of the route found."""
    trace_id: str | None = None
    """Id of the request, for support."""
    chain_id: int | None = None
    """The chain it would be executed on."""
    from_token: SwapToken | None = None
    """What is given."""
    to_token: SwapToken | None = None
    """What would be received."""
    value_currency: str | None = None
    """The currency of all values, such as USD."""
    net_out_value: Decimal | None = None
    """What comes out, less gas, in ``value_currency``."""
    price_impact_percent: Decimal | None = None
    """In percent, not a fraction."""
    slippage_limit_percent: Decimal | None = None
    """In percent, not a fraction."""
    gas_estimate: Mapping[str, Any] | None = None
    """What the transaction would cost, as decoded: its keys are not documented."""
    expires_at: int | None = None
    """Until when it holds; the unit is not documented, other times of the venue are ms."""
