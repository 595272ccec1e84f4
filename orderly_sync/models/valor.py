"""VALOR: its treasury, its batches, and what wallets redeem."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, model

__all__ = [
    "Valor2BatchRedemption",
    "Valor2Pool",
    "Valor2Redemption",
    "ValorBatch",
    "ValorBuyback",
    "ValorChainRedemption",
    "ValorPool",
    "ValorRedemption",
]


@model
class ValorBatch(Model):
    """One redemption batch; times in ms."""

    batch_id: int
    batch_start_time: int | None = None
    batch_end_time: int | None = None


@model
class ValorPool(Model):
    """The VALOR treasury, in USDC."""

    valor_price_usdc: Decimal | None = None
    treasury_pool_value: Decimal | None = None
    next_settlement_date: str | None = None
    """``YYYY-MM-DD``."""
    revenue_rate: Decimal | None = None
    """The treasury's share of the revenue, a fraction."""
    est_treasury_inflow: Decimal | None = None
    total_redeemed_amount: Decimal | None = None


@model
class Valor2Pool(Model):
    """The treasury of the second VALOR programme."""

    revenue_rate: Decimal | None = None
    """The treasury's share of the revenue, a fraction."""
    valor_price_esorder: Decimal | None = None
    treasury_pool_value: Decimal | None = None
    """In esORDER."""
    est_treasury_inflow: Decimal | None = None
    """USDC collected and waiting to buy back."""
    order_price_usdc: Decimal | None = None
    total_redeemed_amount: Decimal | None = None
    current_batch_id: int | None = None
    next_settlement_date: str | None = None
    """``YYYY-MM-DD``."""


@model
class ValorChainRedemption(Model):
    """USDC that a wallet redeems on one chain."""

    chain_id: int
    pending_usdc: Decimal | None = None
    available_usdc: Decimal | None = None


@model
class ValorRedemption(Model):
    """The VALOR that a wallet is redeeming for USDC."""

    redeeming_valor_amount: Decimal | None = None
    chain_details: tuple[ValorChainRedemption, ...] = ()


@model
class Valor2BatchRedemption(Model):
    """The VALOR that a wallet redeems in one batch."""

    batch_id: int
    redeem_amount: Decimal | None = None


@model
class Valor2Redemption(Model):
    """The VALOR that a wallet is redeeming for esORDER, which may lie in several batches."""

    redeeming_valor_amount: Decimal | None = None
    redeeming_valor_list: tuple[Valor2BatchRedemption, ...] = ()
    pending_esorder: Decimal | None = None
    available_esorder: Decimal | None = None


@model
class ValorBuyback(Model):
    """The esORDER that the USDC revenue of one batch bought back."""

    batch_id: int
    usdc_revenue: Decimal | None = None
    esorder_amount: Decimal | None = None
