"""Positions: what the account holds of each market, and what it once held."""

from __future__ import annotations

from orderly_sync.models.base import Rows
from orderly_sync.models.enums import MarginMode
from orderly_sync.models.position import OpenPositions, PastPosition, Position
from orderly_sync.rest.choices import Margin
from orderly_sync.rest.group import Group
from orderly_sync.wire.enum_values import one_of

__all__ = ["Positions"]


class Positions(Group):
    """Positions of the account; all need the read scope.

    https://orderly.network/docs/introduction/trade-on-orderly/perpetual-futures/margin-leverage-and-pnl
    """

    def list(self) -> OpenPositions:
        """All open positions with the account's margin figures.

        ``GET /v1/positions``, signed, scope ``read``; 30 requests in 10 s per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-positions-info
        """
        return self._signed.get("/v1/positions", OpenPositions)

    def list_lite(self) -> Rows[Position]:
        """All open positions without the account's figures, under a wider rate limit.

        ``GET /v1/positions_lite``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-lite-positions-info
        """
        return self._signed.get("/v1/positions_lite", Rows[Position])

    def get(self, symbol: str, *, margin_mode: Margin | None = None) -> Position:
        """One position; CROSS unless told otherwise.

        ``GET /v1/position/{symbol}``, signed, scope ``read``; 30 requests in 10 s per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-one-position-info

        Raises:
            NotFound: There is no such symbol.
        """
        return self._signed.get(
            "/v1/position/{symbol}",
            Position,
            at={"symbol": symbol},
            margin_mode=one_of(MarginMode, margin_mode, "margin_mode"),
        )

    def history(self, *, limit: int, symbol: str | None = None) -> Rows[PastPosition]:
        """Closed and partly closed positions, newest first.

        ``GET /v1/position_history``, signed, scope ``read``; 10 requests a second per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-position-history

        Args:
            limit: How many rows at most.
            symbol: Of this symbol only.
        """
        return self._signed.get("/v1/position_history", Rows[PastPosition], symbol=symbol, limit=limit)
