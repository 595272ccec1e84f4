"""Market Data API / Funding Rates."""

from __future__ import annotations

from orderly_sync.models.base import Page, Rows
from orderly_sync.models.funding import FundingComparison, FundingHistory, FundingRate, FundingRateRecord
from orderly_sync.rest.arguments import window
from orderly_sync.rest.group import Group
from orderly_sync.wire.moments import TimeLike

__all__ = ["FundingRates"]


class FundingRates(Group):
    """Funding rates of the markets, as fractions of the notional a funding interval.

    https://orderly.network/docs/introduction/trade-on-orderly/perpetual-futures/funding-rate
    """

    def market_history(self) -> Rows[FundingHistory]:
        """Mean rates of all markets over 1 to 180 days.

        ``GET /v1/public/market_info/funding_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-funding-rate-for-all-markets
        """
        return self._public.get("/v1/public/market_info/funding_history", Rows[FundingHistory])

    def comparison(self) -> Rows[FundingComparison]:
        """Last rates of all markets at several exchanges.

        ``GET /v1/public/market_info/funding_comparison``, public; limit not documented, 10 requests a second kept.
        On no page of the API; the JS SDK 3.2 calls it.
        """
        return self._public.get("/v1/public/market_info/funding_comparison", Rows[FundingComparison])

    def rates(self) -> Rows[FundingRate]:
        """Last and estimated rates of all markets.

        ``GET /v1/public/funding_rates``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-predicted-funding-rates-for-all-markets
        """
        return self._public.get("/v1/public/funding_rates", Rows[FundingRate])

    def rate(self, symbol: str) -> FundingRate:
        """Last and estimated rate of one market.

        ``GET /v1/public/funding_rate/{symbol}``, public; 30 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-predicted-funding-rate-for-one-market
        """
        return self._public.get("/v1/public/funding_rate/{symbol}", FundingRate, at={"symbol": symbol})

    def history(
        self,
        symbol: str,
        *,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 60,
    ) -> Page[FundingRateRecord]:
        """Rates charged in one market, newest first.

        ``GET /v1/public/funding_rate_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-funding-rate-history-for-one-market
        """
        return self._public.get(
            "/v1/public/funding_rate_history",
            Page[FundingRateRecord],
            symbol=symbol,
            **window(start, end),
            page=page,
            size=size,
        )
