"""Liquidations: of anybody, of this account, and those this account takes over as a liquidator."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from orderly_sync.models.base import Model, Push, model, utc
from orderly_sync.models.enums import MarginMode

__all__ = ["AccountLiquidation", "LiquidatedPosition", "LiquidationUpdate", "LiquidatorLiquidation"]


@model
class LiquidatedPosition(Model):
    """One position of a liquidation; which fields are sent depends on the topic.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/liquidation-push
    https://orderly.network/docs/build-on-omnichain/websocket-api/private/liquidation-account-push
    https://orderly.network/docs/build-on-omnichain/websocket-api/private/liquidator
    """

    wire_case: ClassVar[str] = "camel"

    symbol: str
    """The market."""
    position_qty: Decimal | None = None
    """Size that changes hands, base units; below 0 is a short. On claims the sign is not documented."""
    cost_position_transfer: Decimal | None = None
    """Value at which it changes hands, USDC: quantity times ``transfer_price``; None where the topic does not say."""
    transfer_price: Decimal | None = None
    """Price at which it changes hands, USDC; None where the topic does not say."""
    liquidator_fee: Decimal | None = None
    """The liquidator's share of the notional, a fraction: 0.006 is 0.6 %."""
    insurance_fund_fee: Decimal | None = None
    """The insurance fund's share of the notional, a fraction; None where the topic does not say."""
    abs_liquidation_fee: Decimal | None = None
    """What the liquidated account pays, USDC, at least 0; None on the liquidator's topic."""
    abs_liquidator_fee: Decimal | None = None
    """What the liquidator receives, USDC, at least 0; None on the liquidated account's topic."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED; None is not said."""


@model
class _Liquidation(Push):
    """What the three liquidation topics share.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/liquidation-push
    """

    liquidation_id: int
    """Id of the liquidation, the same on all topics and at REST."""
    timestamp: int | None = None
    """When it took place, ms."""
    positions_by_perp: tuple[LiquidatedPosition, ...] = ()
    """The positions concerned, one row a market."""

    @property
    def time(self) -> datetime | None:
        """When it took place, UTC."""
        return utc(self.timestamp)


@model
class LiquidationUpdate(_Liquidation):
    """A liquidation on the venue, or a claim from the insurance fund.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/liquidation-push
    """

    type: str | None = None
    """``liquidated`` is offered to liquidators, ``claim`` is claimed from the insurance fund."""


@model
class AccountLiquidation(_Liquidation):
    """A liquidation of this account.

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/liquidation-account-push
    """

    transfer_amount_to_insurance_fund: Decimal | None = None
    """What the liquidation moved into the insurance fund, USDC; the sign is not documented, the paper venue writes
    what the fund had to cover, below 0."""

    def _identity(self) -> tuple[object, ...] | None:
        return self.liquidation_id, self.timestamp


@model
class LiquidatorLiquidation(_Liquidation):
    """A liquidation that this account, as a liquidator, may take or has taken over.

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/liquidator
    """

    type: str | None = None
    """``liquidated`` or ``claim``; None is not said."""
    assigned: int | None = None
    """1 where the venue assigned it to this account as a market maker or vault, 0 where this account claimed it."""

    def _identity(self) -> tuple[object, ...] | None:
        return self.liquidation_id, self.type, self.timestamp
