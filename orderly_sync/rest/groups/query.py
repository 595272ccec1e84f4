"""The public query: one call, whose ``type`` says what to answer. Wallets stand in ``query_account``."""

from __future__ import annotations

from collections.abc import Sequence

from orderly_sync.models.base import Rows, changed
from orderly_sync.models.enums import KlineInterval
from orderly_sync.models.market import best_first
from orderly_sync.models.pages import CursorPage
from orderly_sync.models.query import (
    FundingComparison,
    MarketDetail,
    MarketSummary,
    QueryBook,
    QueryCandle,
    QueryFundingRate,
    QueryTrade,
)
from orderly_sync.models.query_platform import (
    PlatformPosition,
    PlatformPositions,
    QueryLiquidation,
    RateLimitStatus,
    TopAddress,
    TopAddresses,
)
from orderly_sync.rest.arguments import window
from orderly_sync.rest.groups.query_account import WalletQuery
from orderly_sync.rest.request import number_text
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.numbers import Number

__all__ = ["PublicQuery"]

_SPAN = ("start_time", "end_time")


class PublicQuery(WalletQuery):
    """Markets, wallets and the platform, asked without a key (POST /v1/public/query).

    Each type has a weight; an IP address may use up 1,200 in 60 seconds, which is kept here by waiting. Although sent
    as POST these are reads: they change nothing and are repeated where an answer is lost. Lists are followed by cursor:
    ``each()`` goes over all rows. An unknown wallet or order raises ``NotFound``.

    https://orderly.network/docs/build-on-omnichain/public-info-api/overview
    """

    def candles(
        self,
        symbol: str,
        interval: KlineInterval | str,
        *,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> CursorPage[QueryCandle]:
        """Candles of a market, 500 a page where no limit is given.

        ``POST /v1/public/query`` with type ``candles``, public; weight 2 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/market/candles
        """
        return self._public.post(
            "/v1/public/query",
            CursorPage[QueryCandle],
            weight=2,
            type="candles",
            symbol=symbol,
            interval=interval,
            **window(start, end, _SPAN),
            limit=limit,
            cursor=cursor,
        )

    def funding_comparison(self, *, symbol: str | None = None) -> Rows[FundingComparison]:
        """Funding rates of one symbol, or of all, at several exchanges.

        ``POST /v1/public/query`` with type ``fundingComparison``, public; weight 2 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/market/funding-comparison
        """
        return self._public.post(
            "/v1/public/query",
            Rows[FundingComparison],
            weight=2,
            type="fundingComparison",
            symbol=symbol,
        )

    def funding_rate_history(
        self,
        symbol: str,
        *,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> CursorPage[QueryFundingRate]:
        """Funding rates that a market charged, 500 a page where no limit is given.

        ``POST /v1/public/query`` with type ``fundingRateHistory``, public; weight 2 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/market/funding-rate-history
        """
        return self._public.post(
            "/v1/public/query",
            CursorPage[QueryFundingRate],
            weight=2,
            type="fundingRateHistory",
            symbol=symbol,
            **window(start, end, _SPAN),
            limit=limit,
            cursor=cursor,
        )

    def liquidations(
        self, *, symbol: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> CursorPage[QueryLiquidation]:
        """Liquidated positions of one market, or of all, latest first.

        ``POST /v1/public/query`` with type ``liquidations``, public; weight 2 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/market/liquidations
        """
        return self._public.post(
            "/v1/public/query",
            CursorPage[QueryLiquidation],
            weight=2,
            type="liquidations",
            symbol=symbol,
            limit=limit,
            cursor=cursor,
        )

    def market_detail(
        self,
        symbol: str,
        *,
        include: Sequence[str] | None = None,
        orderbook_levels: int | None = None,
        recent_trades_limit: int | None = None,
        funding_history_limit: int | None = None,
        candles_interval: KlineInterval | str | None = None,
        candles_limit: int | None = None,
    ) -> MarketDetail:
        """One market in one answer: rules, book, trades, funding and candles.

        ``POST /v1/public/query`` with type ``marketDetail``, public; weight 2 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/market/market-detail

        Args:
            symbol: The market.
            include: Any of ``market_info``, ``orderbook``, ``recent_trades``, ``funding_history``, ``candles``; all
                where absent.
            orderbook_levels: 20 where absent.
            recent_trades_limit: 20 where absent.
            funding_history_limit: 8 where absent.
            candles_interval: ``1h`` where absent.
            candles_limit: 24 where absent.
        """
        detail = self._public.post(
            "/v1/public/query",
            MarketDetail,
            weight=2,
            type="marketDetail",
            symbol=symbol,
            include=None if include is None else list(include),
            orderbook_levels=orderbook_levels,
            recent_trades_limit=recent_trades_limit,
            funding_history_limit=funding_history_limit,
            candles_interval=candles_interval,
            candles_limit=candles_limit,
        )
        return detail if detail.orderbook is None else changed(detail, orderbook=best_first(detail.orderbook))

    def market_summary(self, *, symbols: Sequence[str] | None = None) -> MarketSummary:
        """Prices, volumes and rules of the markets asked for, or of all.

        ``POST /v1/public/query`` with type ``marketSummary``, public; weight 1 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/market/market-summary
        """
        return self._public.post(
            "/v1/public/query",
            MarketSummary,
            type="marketSummary",
            symbols=None if symbols is None else list(symbols),
        )

    def market_trades(self, symbol: str, *, limit: int | None = None) -> Rows[QueryTrade]:
        """The latest trades of a market, 50 where no limit is given.

        ``POST /v1/public/query`` with type ``marketTrades``, public; weight 1 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/market/market-trades
        """
        return self._public.post(
            "/v1/public/query", Rows[QueryTrade], type="marketTrades", symbol=symbol, limit=limit
        )

    def orderbook(self, symbol: str, *, max_level: int | None = None) -> QueryBook:
        """The book of a market, 100 levels a side where ``max_level`` is absent.

        ``POST /v1/public/query`` with type ``orderbook``, public; weight 1 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/market/orderbook
        """
        return best_first(
            self._public.post(
                "/v1/public/query", QueryBook, type="orderbook", symbol=symbol, max_level=max_level
            )
        )

    def platform_positions(
        self,
        *,
        symbol: str | None = None,
        broker_id: str | None = None,
        min_notional: Number | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PlatformPositions[PlatformPosition]:
        """Open positions of everybody, with their totals, from a notional (USDC) upwards.

        ``POST /v1/public/query`` with type ``platformPositions``, public; weight 20 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/platform/platform-positions
        """
        return self._public.post(
            "/v1/public/query",
            PlatformPositions[PlatformPosition],
            weight=20,
            type="platformPositions",
            symbol=symbol,
            broker_id=broker_id,
            min_notional=number_text(min_notional, "min_notional"),
            limit=limit,
            cursor=cursor,
        )

    def top_addresses(
        self,
        *,
        symbol: str | None = None,
        sort_by: str | None = None,
        min_notional: Number | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TopAddresses[TopAddress]:
        """The largest wallets, by notional where ``sort_by`` is absent, else by ``pnl_7d`` and the like.

        ``POST /v1/public/query`` with type ``topAddresses``, public; weight 10 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/platform/top-addresses
        """
        return self._public.post(
            "/v1/public/query",
            TopAddresses[TopAddress],
            weight=10,
            type="topAddresses",
            symbol=symbol,
            sort_by=sort_by,
            min_notional=number_text(min_notional, "min_notional"),
            limit=limit,
            cursor=cursor,
        )

    def rate_limit_status(self) -> RateLimitStatus:
        """How much weight is left. Costs none.

        ``POST /v1/public/query`` with type ``rateLimitStatus``, public; weight 0 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/overview
        """
        return self._public.post("/v1/public/query", RateLimitStatus, weight=0, type="rateLimitStatus")
