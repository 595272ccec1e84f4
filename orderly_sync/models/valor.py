"""VALOR: its treasury, its batches, and what wallets redeem.

Of most fields the venue's pages show a name and an example; what is said beyond that is what the paper venue computes.
"""

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
    """One batch: a span within which VALOR is handed in, to be settled together at its end.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-valor-batch-info
    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-valor2-batch-info
    """

    batch_id: int
    """The batch, counted up."""
    batch_start_time: int | None = None
    """Its first moment, ms."""
    batch_end_time: int | None = None
    """Its end, ms."""


@model
class ValorPool(Model):
    """The VALOR treasury, which pays USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-valor-pool-info
    """

    valor_price_usdc: Decimal | None = None
    """What one VALOR is worth, USDC."""
    treasury_pool_value: Decimal | None = None
    """What the treasury holds, USDC."""
    next_settlement_date: str | None = None
    """When the running batch is settled, ``YYYY-MM-DD``."""
    revenue_rate: Decimal | None = None
    """The treasury's share of the revenue, a fraction (0.6 = 60 %)."""
    est_treasury_inflow: Decimal | None = None
    """What it may expect by that day, USDC."""
    total_redeemed_amount: Decimal | None = None
    """What has been redeemed so far. The page does not say in what; the paper venue gives VALOR."""


@model
class Valor2Pool(Model):
    """The treasury of the second VALOR programme, which pays esORDER.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-valor2-pool-info
    """

    revenue_rate: Decimal | None = None
    """The treasury's share of the revenue, a fraction (0.6 = 60 %)."""
    valor_price_esorder: Decimal | None = None
    """What one VALOR is worth, esORDER."""
    treasury_pool_value: Decimal | None = None
    """What the treasury holds, esORDER."""
    est_treasury_inflow: Decimal | None = None
    """What is collected and waits to buy back, USDC."""
    order_price_usdc: Decimal | None = None
    """What one ORDER costs, USDC."""
    total_redeemed_amount: Decimal | None = None
    """What has been redeemed so far. The page does not say in what; the paper venue gives VALOR."""
    current_batch_id: int | None = None
    """The running batch."""
    next_settlement_date: str | None = None
    """When it is settled, ``YYYY-MM-DD``."""


@model
class ValorChainRedemption(Model):
    """USDC that a wallet redeems on one chain.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-valor-redeem-info
    """

    chain_id: int
    """The chain."""
    pending_usdc: Decimal | None = None
    """What cannot be claimed yet, USDC."""
    available_usdc: Decimal | None = None
    """What can be claimed now, USDC."""


@model
class ValorRedemption(Model):
    """The VALOR that a wallet is redeeming for USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-valor-redeem-info
    """

    redeeming_valor_amount: Decimal | None = None
    """Units of VALOR; 0 for a wallet that redeems nothing."""
    chain_details: tuple[ValorChainRedemption, ...] = ()
    """One entry a chain; empty where nothing is redeemed."""


@model
class Valor2BatchRedemption(Model):
    """The VALOR that a wallet redeems in one batch.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-valor2-redeem-info
    """

    batch_id: int
    """The batch."""
    redeem_amount: Decimal | None = None
    """Units of VALOR."""


@model
class Valor2Redemption(Model):
    """The VALOR that a wallet is redeeming for esORDER, which may lie in several batches.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-valor2-redeem-info
    """

    redeeming_valor_amount: Decimal | None = None
    """Units of VALOR in all batches; 0 for a wallet that redeems nothing."""
    redeeming_valor_list: tuple[Valor2BatchRedemption, ...] = ()
    """One entry a batch; empty where nothing is redeemed."""
    pending_esorder: Decimal | None = None
    """What cannot be claimed yet, units of esORDER."""
    available_esorder: Decimal | None = None
    """What can be claimed now, units of esORDER."""


@model
class ValorBuyback(Model):
    """What the revenue of one batch bought back; a batch is shown when it can be claimed.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-valor2-revenue-buyback
    """

    batch_id: int
    """The batch; rows stand in its order."""
    usdc_revenue: Decimal | None = None
    """What was collected and spent, USDC."""
    esorder_amount: Decimal | None = None
    """What it bought, units of esORDER."""
