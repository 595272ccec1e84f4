"""Account/User Info: what the account is worth, may do and has traded."""

from __future__ import annotations

from orderly_sync.models.account import (
    AccountInfo,
    AccountOverview,
    AccountStatistics,
    DailyStatistics,
    DailyVolume,
    VolumeStatistics,
)
from orderly_sync.models.base import Page, Rows
from orderly_sync.rest.arguments import DateLike, days
from orderly_sync.rest.group import Group

__all__ = ["Account"]


class Account(Group):
    """The account's own figures; all need the read scope."""

    def overview(self) -> AccountOverview:
        """Value and margin ratios.

        ``GET /v1/account_info``, signed, scope ``read``; 10 requests a second per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-account-overview-info
        """
        return self._signed.get("/v1/account_info", AccountOverview)

    def info(self) -> AccountInfo:
        """Id, fees in basis points and leverage limits.

        ``GET /v1/client/info``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-account-information
        """
        return self._signed.get("/v1/client/info", AccountInfo)

    def statistics(self) -> AccountStatistics:
        """Volumes and fees of the last days and of the year, USDC.

        ``GET /v1/client/statistics``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-user-statistics
        """
        return self._signed.get("/v1/client/statistics", AccountStatistics)

    def volume_statistics(self) -> VolumeStatistics:
        """Trading volumes, USDC.

        ``GET /v1/volume/user/stats``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-user-volume-statistics
        """
        return self._signed.get("/v1/volume/user/stats", VolumeStatistics)

    def daily_volume(self, *, start_date: DateLike, end_date: DateLike) -> Rows[DailyVolume]:
        """Trading volume day by day (UTC), both ends included, USDC.

        ``GET /v1/volume/user/daily``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-user-daily-volume
        """
        return self._signed.get(
            "/v1/volume/user/daily",
            Rows[DailyVolume],
            **days(start_date, end_date),
        )

    def daily_statistics(
        self,
        *,
        start_date: DateLike,
        end_date: DateLike,
        page: int = 1,
        size: int = 25,
        include_historical_data: bool | None = None,
    ) -> Page[DailyStatistics]:
        """Value, volume and PnL day by day (UTC), USDC.

        ``GET /v1/client/statistics/daily``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-user-daily-statistics
        """
        return self._signed.get(
            "/v1/client/statistics/daily",
            Page[DailyStatistics],
            **days(start_date, end_date),
            page=page,
            size=size,
            include_historical_data=include_historical_data,
        )
