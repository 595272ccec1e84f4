"""General API / Builder Info."""

from __future__ import annotations

from orderly_sync.models.base import Rows
from orderly_sync.models.builder import BalanceStats, Broker, BrokerChain, BrokerStats, VolumeStats
from orderly_sync.models.market import FuturesInfo
from orderly_sync.rest.group import Group

__all__ = ["Builder"]


class Builder(Group):
    """What is known of each builder in public; without ``broker_id`` of all of them together.

    https://orderly.network/docs/introduction/trade-on-orderly/builders
    """

    def futures_market(self, *, symbol: str | None = None, broker_id: str | None = None) -> Rows[FuturesInfo]:
        """Markets with one builder's volume (base units) and amount (USDC).

        ``GET /v1/public/futures_market``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-market-volume-by-builder
        """
        return self._public.get(
            "/v1/public/futures_market", Rows[FuturesInfo], symbol=symbol, broker_id=broker_id
        )

    def balance_stats(self, *, broker_id: str | None = None) -> BalanceStats:
        """What the builder's accounts hold, USDC.

        ``GET /v1/public/balance/stats``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tvl-by-builder
        """
        return self._public.get("/v1/public/balance/stats", BalanceStats, broker_id=broker_id)

    def volume_stats(self, *, broker_id: str | None = None) -> VolumeStats:
        """The builder's volume of today, of the last days and ever, USDC.

        ``GET /v1/public/volume/stats``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-builder-volume
        """
        return self._public.get("/v1/public/volume/stats", VolumeStats, broker_id=broker_id)

    def broker_stats(self, *, broker_id: str | None = None) -> Rows[BrokerStats]:
        """How many users the builder has, in one row.

        ``GET /v1/public/broker/stats``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-builder-stats
        """
        return self._public.get("/v1/public/broker/stats", Rows[BrokerStats], broker_id=broker_id)

    def broker_names(self, *, broker_id: str | None = None) -> Rows[Broker]:
        """Ids and names of builders.

        ``GET /v1/public/broker/name``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-builder-list
        """
        return self._public.get("/v1/public/broker/name", Rows[Broker], broker_id=broker_id)

    def chain_info(self, *, broker_id: str | None = None) -> Rows[BrokerChain]:
        """Chains that the builder's users can deposit on.

        ``GET /v1/public/chain_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-supported-chains-per-builder
        """
        return self._public.get("/v1/public/chain_info", Rows[BrokerChain], broker_id=broker_id)

    def chain_info_of(self, broker_id: str) -> Rows[BrokerChain]:
        """The same with the builder in the path.

        ``GET /v1/public/chain_info/{broker_id}``, public; limit not documented, 10 requests a second kept.
        On no page of the API; ccxt lists it.
        """
        return self._public.get(
            "/v1/public/chain_info/{broker_id}", Rows[BrokerChain], at={"broker_id": broker_id}
        )
