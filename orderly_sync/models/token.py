"""Tokens that the venue takes, what they count as collateral, and the chains they live on."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, Rows, model, wire

__all__ = ["ChainDetail", "Token"]


@model
class ChainDetail(Model):
    """A token on one chain.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-supported-collateral-info
    """

    chain_id: int
    """EVM chain id, sent as a number or as text: 42161 Arbitrum, 4663 Robinhood (testnet 46630)."""
    contract_address: str | None = None
    """The token's contract on that chain."""
    decimals: int | None = None
    """Decimals of the contract's units: 6 for USDC, so that 1 USDC is 1,000,000 of them."""
    display_name: str | None = None
    """The name to show people, ``USDC.e``; None where it is the token's own."""
    withdraw_fee: Decimal | None = wire("withdraw_fee", "withdrawal_fee")
    """What a withdrawal to this chain costs, in units of the token; the venue has two names for it."""
    cross_chain_withdrawal_fee: Decimal | None = None
    """What a withdrawal costs where another chain supplies it, by its name, in units of the token; not explained."""
    exclusive_deposit_supported: bool | None = None
    """Whether a plain transfer to the account's own address counts as a deposit; None is not said."""


@model
class Token(Model):
    """A token the venue takes, and what it counts as collateral.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-supported-collateral-info
    """

    token: str
    """The token, such as USDC."""
    token_hash: str | None = None
    """Its name in the venue's contracts, ``0x`` and 64 hex digits."""
    decimals: int | None = None
    """Decimals that the venue counts it in, 6 for USDC."""
    is_collateral: bool | None = None
    """Whether it counts as collateral, and is converted where the account owes too much; None is not said."""
    base_weight: Decimal | None = None
    """How much of its value counts at most, a fraction: 0.8 is 80 %, 1 for USDC."""
    discount_factor: Decimal | None = None
    """How that falls with the value held: ``1.2 / (1 + discount_factor * value ** 0.8)``; None for USDC."""
    haircut: Decimal | None = None
    """What a conversion keeps back, by its name, a fraction; the page gives no formula, and 0 for USDC."""
    user_max_qty: Decimal | None = None
    """How much of it counts as one user's collateral, in units of the token; -1 is no cap."""
    minimum_withdraw_amount: Decimal | None = None
    """The least that can be withdrawn, in units of the token."""
    on_chain_swap: bool | None = None
    """Whether it can be swapped on at least one chain; None is not said."""
    chain_details: Rows[ChainDetail] = Rows()
    """The chains it comes from and goes to, one row each."""
