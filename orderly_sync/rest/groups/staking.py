"""Staking & Valor API / Staking."""

from __future__ import annotations

from orderly_sync.models.base import Rows
from orderly_sync.models.staking import EsOrderVesting, StakedBalance, StakingOverview, Unstaking
from orderly_sync.rest.group import Group

__all__ = ["Staking"]


class Staking(Group):
    """What wallets have staked, are unstaking and are vesting. Public; any wallet's address may be asked for.

    https://orderly.network/docs/introduction/tokenomics/order-staking/staking
    """

    def balance(self, address: str) -> StakedBalance:
        """What a wallet has staked now, in ORDER and esORDER.

        ``GET /v1/staking/balance``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-wallets-current-staked-balance
        """
        return self._public.get("/v1/staking/balance", StakedBalance, address=address)

    def unstake_details(self, address: str) -> Unstaking:
        """The ORDER a wallet is unstaking, and when it is free, ms.

        ``GET /v1/staking/unstake_details``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-unstaking-order-details
        """
        return self._public.get("/v1/staking/unstake_details", Unstaking, address=address)

    def overview(self) -> StakingOverview:
        """All that is staked, with its history by day, in USD.

        ``GET /v1/staking/overview``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-staking-overview
        """
        return self._public.get("/v1/staking/overview", StakingOverview)

    def vesting_list(self, address: str, *, is_vesting: bool) -> Rows[EsOrderVesting]:
        """A wallet's vestings of esORDER, under way or all.

        ``GET /v1/staking/esorder/vesting_list``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-esorder-vesting-list
        """
        return self._public.get(
            "/v1/staking/esorder/vesting_list", Rows[EsOrderVesting], address=address, is_vesting=is_vesting
        )
