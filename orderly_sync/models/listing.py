"""Listing of markets by builders, and the trading hours of markets on real-world assets (RWA)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc
from orderly_sync.models.enums import OpenEnum

__all__ = [
    "FeedVisibility",
    "ListingContext",
    "ListingSource",
    "MarketSession",
    "RwaMarket",
    "RwaStatus",
]


class MarketSession(OpenEnum):
    """Whose trading hours a market keeps.

    https://orderly.network/docs/build-on-omnichain/perp-anything/rwa-markets
    """

    US_STOCK = "US_STOCK"
    """The exchanges of the United States, their own hours."""
    US_STOCK_EXT = "US_STOCK_EXT"
    """With the hours before and after the exchange's own."""
    HK_STOCK = "HK_STOCK"
    """The exchange of Hong Kong."""
    KR_STOCK = "KR_STOCK"
    """The exchange of Korea."""
    CN_STOCK = "CN_STOCK"
    """The exchanges of mainland China."""
    FX = "FX"
    """Currencies."""


class RwaStatus(OpenEnum):
    """Whether the exchange behind a market is open.

    https://orderly.network/docs/build-on-omnichain/perp-anything/rwa-markets
    """

    OPEN = "open"
    """It trades now."""
    CLOSE = "close"
    """It does not: the index price stands still."""


class FeedVisibility(OpenEnum):
    """Who may choose a builder's oracle feed as a source.

    https://orderly.network/docs/build-on-omnichain/user-flows/builder-oracle
    """

    PRIVATE = "private"
    """Only the builder itself; what a new feed is."""
    PUBLIC = "public"


@model
class RwaMarket(Model):
    """A market on a real-world asset, and when the exchange behind it opens and closes.

    In no schema of the venue: its own web client asks for it, ``GET /v1/public/rwa/info``. The page below
    explains such markets.

    https://orderly.network/docs/build-on-omnichain/perp-anything/rwa-markets
    """

    shown = ("symbol", "status", "market_session", "next_open", "next_close")

    symbol: str
    """The market, by its native symbol."""
    status: RwaStatus | None = None
    """Whether the exchange behind it is open; None where the venue does not say."""
    next_open: int | None = None
    """When it opens next, ms; None where the venue does not say."""
    next_close: int | None = None
    """When it closes next, ms; None where the venue does not say."""
    market_session: MarketSession | None = None
    """Whose hours it keeps; None where the venue does not say."""

    @property
    def opens(self) -> datetime | None:
        """When it opens next, UTC."""
        return utc(self.next_open)

    @property
    def closes(self) -> datetime | None:
        """When it closes next, UTC."""
        return utc(self.next_close)


@model
class ListingContext(Model):
    """What the venue knows of a symbol that a builder wants to list; further parameters stand in ``extra``.

    https://orderly.network/docs/build-on-omnichain/perp-anything/rwa-markets
    """

    is_rwa: bool | None = None
    """Whether it is a real-world asset, whose listing needs a market session."""


@model
class ListingSource(Model):
    """A source of an index price, and how much it counts.

    https://orderly.network/docs/build-on-omnichain/perp-anything/rwa-markets
    https://orderly.network/docs/build-on-omnichain/user-flows/builder-oracle
    """

    source: str
    """Its id: an exchange, an oracle, or a builder's own feed, ``ORACLE_<broker_id>``."""
    source_symbol: str
    """The asset's name at the source."""
    price_multiplier: Decimal
    """Factor by which the source's price is multiplied, above 0."""
    weight: int
    """Whole percent, above 0; the weights of a listing sum to 100."""
