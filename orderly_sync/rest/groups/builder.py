"""General API / Builder Info."""

from __future__ import annotations

from orderly_sync.models.base import Rows
from orderly_sync.models.builder import BalanceStats, Broker, BrokerChain, BrokerStats, VolumeStats
from orderly_sync.models.market import FuturesInfo
from orderly_sync.rest.caller import Caller

__all__ = ["Builder"]


class Builder:
    """What is known of each builder in public; without ``broker_id`` of all of them together."""

    def __init__(self, public: Caller, signed: Caller) -> None:
        self._public = public
        self._signed = signed

    def futures_market(self, *, symbol: str | None = None, broker_id: str | None = None) -> Rows[FuturesInfo]:
        """Markets with one builder's volume (base units) and amount (USDC) (``GET /v1/public/futures_market``)."""
        return self._public.get(
            "/v1/public/futures_market", Rows[FuturesInfo], symbol=symbol, broker_id=broker_id
        )

    def balance_stats(self, *, broker_id: str | None = None) -> BalanceStats:
        """What the builder's accounts hold, USDC (``GET /v1/public/balance/stats``)."""
        return self._public.get("/v1/public/balance/stats", BalanceStats, broker_id=broker_id)

    def volume_stats(self, *, broker_id: str | None = None) -> VolumeStats:
        """The builder's volume of today, of the last days and ever, USDC (``GET /v1/public/volume/stats``)."""
        return self._public.get("/v1/public/volume/stats", VolumeStats, broker_id=broker_id)

    def broker_stats(self, *, broker_id: str | None = None) -> Rows[BrokerStats]:
        """How many users the builder has, in one row (``GET /v1/public/broker/stats``)."""
        return self._public.get("/v1/public/broker/stats", Rows[BrokerStats], broker_id=broker_id)

    def broker_names(self, *, broker_id: str | None = None) -> Rows[Broker]:
        """Ids and names of builders (``GET /v1/public/broker/name``)."""
        return self._public.get("/v1/public/broker/name", Rows[Broker], broker_id=broker_id)

    def chain_info(self, *, broker_id: str | None = None) -> Rows[BrokerChain]:
        """Chains that the builder's users can deposit on (``GET /v1/public/chain_info``)."""
        return self._public.get("/v1/public/chain_info", Rows[BrokerChain], broker_id=broker_id)

    def chain_info_of(self, broker_id: str) -> Rows[BrokerChain]:
        """The same with the builder in the path (``GET /v1/public/chain_info/{broker_id}``)."""
        return self._public.get(
            "/v1/public/chain_info/{broker_id}", Rows[BrokerChain], at={"broker_id": broker_id}
        )
