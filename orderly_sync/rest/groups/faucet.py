"""General API / USDC Faucet."""

from __future__ import annotations

from orderly_sync.models.base import Acknowledged
from orderly_sync.rest.group import Group

__all__ = ["Faucet"]


class Faucet(Group):
    """Test money, on a host of its own and on test networks only."""

    def usdc(self, *, user_address: str, broker_id: str, chain_id: int | str | None = None) -> Acknowledged:
        """Credit the wallet's account with 1,000 test USDC, at most five times.

        ``POST /v1/faucet/usdc``, public; limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-faucet-usdctestnet-only
        """
        chain = None if chain_id is None else str(chain_id)
        return self._public.post(
            "/v1/faucet/usdc", Acknowledged, chain_id=chain, user_address=user_address, broker_id=broker_id
        )
