"""Listing of markets by builders. Shown by guides only: what they leave open, the methods say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orderly_sync.models.base import Acknowledged, Rows
from orderly_sync.models.listing import FeedVisibility, ListingContext, ListingSource, MarketSession
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import FeedVisibilityLike, MarketSessionLike
from orderly_sync.rest.index_sources import weighted
from orderly_sync.wire.enum_values import one_of

__all__ = ["Listing"]


class Listing(Group):
    """How a qualified builder's admin lists a market, with index prices of its own where it wants."""

    def symbol_context(self, symbol: str) -> ListingContext:
        """What the venue knows of a base symbol to be listed.

        ``POST /v1/broker/listing/symbol_context``, signed, scope not documented;
        limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/perp-anything/rwa-markets
        """
        return self._signed.post("/v1/broker/listing/symbol_context", ListingContext, symbol=symbol)

    def set_oracle_feed(
        self,
        *,
        base_ccy: str,
        visibility: FeedVisibilityLike,
        status: str,
        oracle: str | None = None,
    ) -> Acknowledged:
        """Register or change a feed of index prices.

        What the venue answers is not documented and stands in ``extra``.

        ``POST /v1/broker/listing/oracle/feed``, signed, scope not documented;
        limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/user-flows/builder-oracle

        Args:
            base_ccy: The asset, such as ``AAPL``.
            visibility: ``private`` or ``public``: whether other builders may choose it.
            status: ``active``; the other values are not documented.
            oracle: The provider whose keys the builder brings, such as ``pyth`` or ``stork``; None where the builder
                pushes the prices itself, see ``OracleFeed``.
        """
        return self._signed.post(
            "/v1/broker/listing/oracle/feed",
            Acknowledged,
            base_ccy=base_ccy,
            visibility=one_of(FeedVisibility, visibility, "visibility"),
            status=status,
            oracle=oracle,
        )

    def index_sources(self) -> Rows[Mapping[str, Any]]:
        """Sources that everybody can choose.

        Each row is as decoded: the page does not give its keys.

        ``GET /v1/broker/listing/index_sources``, signed, scope not documented;
        limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/user-flows/builder-oracle
        """
        return self._signed.get("/v1/broker/listing/index_sources", Rows[Mapping[str, Any]])

    def builder_sources(self, *, base_ccy: str) -> Rows[Mapping[str, Any]]:
        """Active public feeds of builders, and the own ones.

        Each row is as decoded: the page does not give its keys.

        ``GET /v1/broker/listing/builder_sources``, signed, scope not documented;
        limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/user-flows/builder-oracle
        """
        return self._signed.get(
            "/v1/broker/listing/builder_sources", Rows[Mapping[str, Any]], base_ccy=base_ccy
        )

    def submit(
        self,
        *,
        symbol: str,
        sources: Iterable[ListingSource],
        market_session: MarketSessionLike | None = None,
    ) -> Acknowledged:
        """Ask for a market to be listed.

        What the venue answers is not documented and stands in ``extra``.

        ``POST /v1/broker/listing/submit``, signed, scope not documented;
        limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/user-flows/builder-oracle

        Args:
            symbol: The base symbol, as ``symbol_context`` was asked.
            sources: What the index price is made of; their weights sum to 100.
            market_session: Whose trading hours it keeps; needed where ``symbol_context`` says ``is_rwa``.

        Raises:
            UsageError: There is no source, a weight is none, or they do not sum to 100; nothing was sent.
        """
        return self._signed.post(
            "/v1/broker/listing/submit",
            Acknowledged,
            symbol=symbol,
            sources=weighted(sources),
            market_session=one_of(MarketSession, market_session, "market_session"),
        )
