"""Builder Admin API / Builder Info."""

from __future__ import annotations

from orderly_sync.models.base import Rows
from orderly_sync.models.builder_admin import BuilderTier, FeeRevenueDay
from orderly_sync.rest.arguments import DateLike, days
from orderly_sync.rest.group import Group

__all__ = ["BuilderAdmin"]


class BuilderAdmin(Group):
    """A builder's own tier and revenue, for its admin."""

    def broker_info(self) -> BuilderTier:
        """The builder's fee tier; rates in basis points.

        ``GET /v1/broker/broker_info``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builder-fee-tier-information
        """
        return self._signed.get("/v1/broker/broker_info", BuilderTier)

    def daily_fee_revenue(self, *, start_date: DateLike, end_date: DateLike) -> Rows[FeeRevenueDay]:
        """Revenue by settlement day, newest first, USDC; at most 180 days.

        ``GET /v1/broker/daily_fee_revenue``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builders-daily-revenue-settlement-history
        """
        return self._signed.get(
            "/v1/broker/daily_fee_revenue", Rows[FeeRevenueDay], **days(start_date, end_date)
        )
