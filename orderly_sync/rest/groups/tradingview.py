"""Market Data API / TradingView. Its answers come without the usual envelope, its times count seconds."""

from __future__ import annotations

from orderly_sync.models.kline import KlineHistory
from orderly_sync.models.tradingview import ChartConfig, ChartSymbols
from orderly_sync.rest.arguments import window
from orderly_sync.rest.group import Group
from orderly_sync.wire.moments import TimeLike, seconds

__all__ = ["TradingView"]


class TradingView(Group):
    """What the charting library reads."""

    def config(self, *, locale: str) -> ChartConfig:
        """Names and columns in one language.

        ``GET /v1/tv/config``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tradingview-localized-config-info
        """
        return self._public.get("/v1/tv/config", ChartConfig, bare=True, locale=locale)

    def history(self, *, symbol: str, resolution: str, start: TimeLike, end: TimeLike) -> KlineHistory:
        """Candles of a span of time, oldest first.

        ``resolution`` is the charting library's own: minutes as ``"60"``, or ``"1D"``, ``"1W"``, ``"1M"``.

        ``GET /v1/tv/history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tradingview-history-bars
        """
        return self._public.get(
            "/v1/tv/history",
            KlineHistory,
            bare=True,
            symbol=symbol,
            resolution=resolution,
            **window(start, end, ("from", "to"), seconds),
        )

    def symbol_info(self, *, group: str) -> ChartSymbols:
        """All symbols of a group, by column.

        ``GET /v1/tv/symbol_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tradingview-symbol-info
        """
        return self._public.get("/v1/tv/symbol_info", ChartSymbols, bare=True, group=group)
