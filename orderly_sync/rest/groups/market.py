"""Market Info: rules, prices, books, candles and trades. Two reads want a key although their data is public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderly_sync.models.base import Rows
from orderly_sync.models.enums import KlineInterval
from orderly_sync.models.kline import Kline, KlineHistory
from orderly_sync.models.listing import RwaMarket
from orderly_sync.models.market import (
    Book,
    FuturesInfo,
    IndexPriceSource,
    MarketTrade,
    OpenInterest,
    PriceChange,
    PriceHistory,
    SymbolRules,
    best_first,
)
from orderly_sync.models.token import Token
from orderly_sync.rest.arguments import window
from orderly_sync.rest.choices import Interval
from orderly_sync.rest.group import Group
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike, seconds

__all__ = ["Market"]


class Market(Group):
    """Market data; public unless a method says otherwise.

    https://orderly.network/docs/introduction/trade-on-orderly/supported-markets
    """

    def symbols(self) -> Rows[SymbolRules]:
        """The order rules of all symbols.

        ``GET /v1/public/info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-available-symbols
        """
        return self._public.get("/v1/public/info", Rows[SymbolRules])

    def rules(self, symbol: str) -> SymbolRules:
        """The order rules of one symbol.

        ``GET /v1/public/info/{symbol}``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-order-rules-per-symbol
        """
        return self._public.get("/v1/public/info/{symbol}", SymbolRules, at={"symbol": symbol})

    def futures(self) -> Rows[FuturesInfo]:
        """Prices, funding and 24-hour figures of all symbols.

        ``GET /v1/public/futures``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-market-info-for-all-symbols
        """
        return self._public.get("/v1/public/futures", Rows[FuturesInfo])

    def futures_info(self, symbol: str) -> FuturesInfo:
        """Prices, funding and 24-hour figures of one symbol.

        ``GET /v1/public/futures/{symbol}``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-market-info-for-one-symbol
        """
        return self._public.get("/v1/public/futures/{symbol}", FuturesInfo, at={"symbol": symbol})

    def trades(self, *, symbol: str, limit: int | None = None) -> Rows[MarketTrade]:
        """The latest trades of one symbol, newest first.

        ``GET /v1/public/market_trades``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-market-trades
        """
        return self._public.get("/v1/public/market_trades", Rows[MarketTrade], symbol=symbol, limit=limit)

    def price_changes(self) -> Rows[PriceChange]:
        """The last price of all symbols beside earlier ones.

        ``GET /v1/public/market_info/price_changes``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-price-info-for-all-symbols
        """
        return self._public.get("/v1/public/market_info/price_changes", Rows[PriceChange])

    def open_interests(self) -> Rows[OpenInterest]:
        """What traders hold of each symbol.

        ``GET /v1/public/market_info/traders_open_interests``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-open-interests-for-all-symbols
        """
        return self._public.get("/v1/public/market_info/traders_open_interests", Rows[OpenInterest])

    def price_history(self, *, time_interval: str | None = None) -> Rows[PriceHistory]:
        """Small charts of all symbols.

        ``GET /v1/public/market_info/history_charts``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-historical-price-list-for-all-symbols
        """
        return self._public.get(
            "/v1/public/market_info/history_charts", Rows[PriceHistory], time_interval=time_interval
        )

    def tokens(self, *, chain_id: str | int | None = None) -> Rows[Token]:
        """The tokens taken as collateral, with their chains.

        ``GET /v1/public/token``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-supported-collateral-info
        """
        return self._public.get("/v1/public/token", Rows[Token], chain_id=chain_id)

    def rwa_info(self) -> Rows[RwaMarket]:
        """Markets on real-world assets, when they open and close.

        ``GET /v1/public/rwa/info``, public; limit not documented, 10 requests a second kept.
        On no page of the API; the JS SDK 3.2 calls it.
        """
        return self._public.get("/v1/public/rwa/info", Rows[RwaMarket])

    def rwa_market_sessions(self) -> Rows[Mapping[str, Any]]:
        """Trading hours, holidays and early closes by session.

        Each row is as decoded: the page that shows the operation does not give its keys.

        ``GET /v1/public/rwa/market_sessions``, public; limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/perp-anything/rwa-markets
        """
        return self._public.get("/v1/public/rwa/market_sessions", Rows[Mapping[str, Any]])

    def index_price_sources(self) -> Rows[IndexPriceSource]:
        """The exchanges behind each index price.

        ``GET /v1/public/index_price_source``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-index-price-source
        """
        return self._public.get("/v1/public/index_price_source", Rows[IndexPriceSource])

    def book(self, symbol: str, *, max_level: int | None = None) -> Book:
        """A snapshot of the order book; needs a key with read scope.

        Its sides are sorted here, best price first: page and captures disagree on the venue's order. For a live book
        use the stream.

        ``GET /v1/orderbook/{symbol}``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/orderbook-snapshot
        """
        return best_first(
            self._signed.get("/v1/orderbook/{symbol}", Book, at={"symbol": symbol}, max_level=max_level)
        )

    def klines(self, *, symbol: str, type: Interval, limit: int | None = None) -> Rows[Kline]:
        """The latest candles, up to 1000; needs a key with read scope.

        ``GET /v1/kline``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-kline
        """
        return self._signed.get(
            "/v1/kline", Rows[Kline], symbol=symbol, type=one_of(KlineInterval, type, "type"), limit=limit
        )

    def kline_history(
        self,
        *,
        symbol: str,
        resolution: Interval,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        limit: int | None = None,
    ) -> KlineHistory:
        """Candles of a past window, up to 1000 counted back from ``end``; read scope.

        The wire counts seconds here; times are given as everywhere.

        ``GET /v1/tv/kline_history``, signed, scope ``read``; 5 requests in 10 s per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-kline-history
        """
        return self._signed.get(
            "/v1/tv/kline_history",
            KlineHistory,
            bare=True,
            symbol=symbol,
            resolution=one_of(KlineInterval, resolution, "resolution"),
            query=window(start, end, ("from", "to"), seconds),
            limit=limit,
        )
