"""Staking & Valor API / Valor."""

from __future__ import annotations

from orderly_sync.models.base import Rows
from orderly_sync.models.valor import (
    Valor2Pool,
    Valor2Redemption,
    ValorBatch,
    ValorBuyback,
    ValorPool,
    ValorRedemption,
)
from orderly_sync.rest.group import Group

__all__ = ["Valor"]


class Valor(Group):
    """The VALOR treasury and what wallets redeem of it, in the first programme and the second. Public."""

    def batch_info(self) -> Rows[ValorBatch]:
        """The redemption batches, times in ms.

        ``GET /v1/staking/valor/batch_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-valor-batch-info
        """
        return self._public.get("/v1/staking/valor/batch_info", Rows[ValorBatch])

    def pool_info(self) -> ValorPool:
        """The treasury, in USDC.

        ``GET /v1/staking/valor/pool_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-valor-pool-info
        """
        return self._public.get("/v1/staking/valor/pool_info", ValorPool)

    def redeem(self, address: str) -> ValorRedemption:
        """The VALOR a wallet is redeeming for USDC, by chain.

        ``GET /v1/staking/valor/redeem``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-valor-redeem-info
        """
        return self._public.get("/v1/staking/valor/redeem", ValorRedemption, address=address)

    def valor2_batch_info(self) -> Rows[ValorBatch]:
        """The redemption batches of the second programme, times in ms.

        ``GET /v1/staking/valor2/batch_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-valor2-batch-info
        """
        return self._public.get("/v1/staking/valor2/batch_info", Rows[ValorBatch])

    def valor2_pool_info(self) -> Valor2Pool:
        """The treasury of the second programme, in esORDER.

        ``GET /v1/staking/valor2/pool_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-valor2-pool-info
        """
        return self._public.get("/v1/staking/valor2/pool_info", Valor2Pool)

    def valor2_redeem(self, address: str) -> Valor2Redemption:
        """The VALOR a wallet is redeeming for esORDER, by batch.

        ``GET /v1/staking/valor2/redeem``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-valor2-redeem-info
        """
        return self._public.get("/v1/staking/valor2/redeem", Valor2Redemption, address=address)

    def valor2_revenue_buyback(self) -> Rows[ValorBuyback]:
        """What each claimable batch's revenue bought back, by batch id.

        ``GET /v1/staking/valor2/revenue_buyback``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-valor2-revenue-buyback
        """
        return self._public.get("/v1/staking/valor2/revenue_buyback", Rows[ValorBuyback])
