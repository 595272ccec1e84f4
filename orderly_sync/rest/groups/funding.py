"""Trading API / Funding."""

from __future__ import annotations

from orderly_sync.models.base import Page
from orderly_sync.models.funding import FundingFee
from orderly_sync.rest.arguments import window
from orderly_sync.rest.group import Group
from orderly_sync.wire.moments import TimeLike

__all__ = ["Funding"]


class Funding(Group):
    """Funding this account paid and received.

    https://orderly.network/docs/introduction/trade-on-orderly/perpetual-futures/funding-rate
    """

    def history(
        self,
        *,
        symbol: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 60,
    ) -> Page[FundingFee]:
        """Funding payments, newest first, USDC.

        ``GET /v1/funding_fee/history``, signed, scope ``read``; 20 requests a minute per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-funding-fee-history
        """
        return self._signed.get(
            "/v1/funding_fee/history",
            Page[FundingFee],
            symbol=symbol,
            **window(start, end),
            page=page,
            size=size,
        )
