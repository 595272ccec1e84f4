"""Trading API / Liquidations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orderly_sync.models.base import Page
from orderly_sync.models.enums import LiquidationSort
from orderly_sync.models.liquidation import (
    AccountLiquidation,
    LiquidatedPositions,
    Liquidation,
    LiquidatorLiquidation,
    SymbolRatio,
)
from orderly_sync.rest.arguments import window
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import LiquidationSortLike
from orderly_sync.rest.markets import by_symbol
from orderly_sync.wire.converter import to_wire
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.numbers import Number, number

__all__ = ["Liquidations"]


def _prices(limit_price: Mapping[str, Number] | None) -> dict[str, object] | None:
    if limit_price is None:
        return None
    return {
        symbol: number(price, f"limit_price[{symbol}]") for symbol, price in by_symbol(limit_price).items()
    }


class Liquidations(Group):
    """Liquidations of everyone, of this account, and claimed by this account.

    https://orderly.network/docs/introduction/trade-on-orderly/perpetual-futures/liquidations
    https://orderly.network/docs/introduction/trade-on-orderly/perpetual-futures/insurance-fund-and-adl
    """

    def under_liquidation(
        self, *, start: TimeLike | None = None, end: TimeLike | None = None, page: int = 1, size: int = 60
    ) -> Page[Liquidation]:
        """Positions that can be claimed.

        ``GET /v1/public/liquidation``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-positions-under-liquidation
        """
        return self._public.get(
            "/v1/public/liquidation",
            Page[Liquidation],
            **window(start, end),
            page=page,
            size=size,
        )

    def liquidated(
        self,
        *,
        symbol: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[LiquidatedPositions]:
        """Positions that were liquidated, newest first.

        ``GET /v1/public/liquidated_positions``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-liquidated-positions-info
        """
        return self._public.get(
            "/v1/public/liquidated_positions",
            Page[LiquidatedPositions],
            symbol=symbol,
            **window(start, end),
            page=page,
            size=size,
        )

    def history(
        self,
        *,
        symbol: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        sort_by: LiquidationSortLike | None = None,
        liquidation_id: int | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[AccountLiquidation]:
        """Liquidations of this account.

        ``GET /v1/liquidations``, signed, scope ``read``; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-liquidated-positions-of-account
        """
        return self._signed.get(
            "/v1/liquidations",
            Page[AccountLiquidation],
            symbol=symbol,
            **window(start, end),
            page=page,
            size=size,
            sort_by=one_of(LiquidationSort, sort_by, "sort_by"),
            liquidation_id=liquidation_id,
        )

    def claim(
        self,
        *,
        liquidation_id: int,
        ratio_qty_request: Number,
        limit_price: Mapping[str, Number],
        extra_liquidation_ratio: Number | None = None,
        symbols: Sequence[SymbolRatio] | None = None,
    ) -> Liquidation:
        """Take over positions under liquidation.

        ``POST /v1/liquidation``, signed, scope ``trading`` (assumed); 5 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/claim-liquidated-positions

        Args:
            liquidation_id: Which liquidation.
            ratio_qty_request: How much of it, from 0 to 1.
            limit_price: The worst price of each symbol.
            extra_liquidation_ratio: How much more to take should it be there.
            symbols: Ratios symbol by symbol, for the tier that is claimed by symbol.
        """
        return self._signed.post(
            "/v1/liquidation",
            Liquidation,
            liquidation_id=liquidation_id,
            ratio_qty_request=number(ratio_qty_request, "ratio_qty_request"),
            extra_liquidation_ratio=number(extra_liquidation_ratio, "extra_liquidation_ratio"),
            limit_price=_prices(limit_price),
            symbols=None if symbols is None else to_wire(symbols),
        )

    def claimed(
        self,
        *,
        symbol: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[LiquidatorLiquidation]:
        """Liquidations this account took over.

        ``GET /v1/client/liquidator_liquidations``, signed, scope ``read``; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-liquidated-positions-by-liquidator
        """
        return self._signed.get(
            "/v1/client/liquidator_liquidations",
            Page[LiquidatorLiquidation],
            symbol=symbol,
            **window(start, end),
            page=page,
            size=size,
        )

    def claim_insurance_fund(
        self,
        *,
        claim_id: int,
        symbol: str,
        qty_request: Number,
        limit_price: Mapping[str, Number] | None = None,
    ) -> Liquidation:
        """Take over a position of the insurance fund.

        ``POST /v1/claim_insurance_fund``, signed, scope ``trading`` (assumed); 5 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/claim-insurance-fund
        """
        return self._signed.post(
            "/v1/claim_insurance_fund",
            Liquidation,
            claim_id=claim_id,
            symbol=symbol,
            qty_request=number(qty_request, "qty_request"),
            limit_price=_prices(limit_price),
        )
