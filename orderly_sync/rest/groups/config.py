"""Account Config: leverage, margin mode, isolated margin and what happens in maintenance."""

from __future__ import annotations

from typing import Literal

from orderly_sync.models.account import (
    LeverageOptions,
    LeverageSetting,
    MaintenanceSetting,
    MarginModeSetting,
    MaxLeverage,
)
from orderly_sync.models.base import Acknowledged, Rows
from orderly_sync.models.enums import MarginMode, PositionMarginAction
from orderly_sync.rest.caller import Caller
from orderly_sync.rest.choices import Margin
from orderly_sync.rest.request import Number, number_text, one_of
from orderly_sync.rest.retired import retired

__all__ = ["Config"]


class Config:
    """The account's settings."""

    def __init__(self, public: Caller, signed: Caller) -> None:
        self._public = public
        self._signed = signed

    def leverage(self, *, symbol: str, margin_mode: Margin | None = None) -> LeverageSetting:
        """The leverage of one symbol (``GET /v1/client/leverage``); CROSS unless told otherwise."""
        return self._signed.get(
            "/v1/client/leverage",
            LeverageSetting,
            symbol=symbol,
            margin_mode=one_of(MarginMode, margin_mode, "margin_mode"),
        )

    def leverages(self) -> Rows[LeverageSetting]:
        """The leverage of every symbol and margin mode (``GET /v1/client/leverages``)."""
        return self._signed.get("/v1/client/leverages", Rows[LeverageSetting])

    def set_leverage(
        self, *, leverage: int, symbol: str | None = None, margin_mode: Margin | None = None
    ) -> LeverageSetting:
        """Set the leverage of one symbol, or of all, each capped to its own maximum (``POST /v1/client/leverages``).

        Cross symbols change all or none; an isolated one changes only without position and open order.
        """
        return self._signed.post(
            "/v1/client/leverages",
            LeverageSetting,
            symbol=symbol,
            leverage=leverage,
            margin_mode=one_of(MarginMode, margin_mode, "margin_mode"),
        )

    @retired
    def set_leverage_legacy(self, *, leverage: int, symbol: str | None = None) -> LeverageSetting:
        """Retired. Set the leverage by the call that older hosts still have (``POST /v1/client/leverage``).

        Use ``set_leverage``.
        """
        return self._signed.post("/v1/client/leverage", LeverageSetting, symbol=symbol, leverage=leverage)

    def max_leverage(self) -> MaxLeverage:
        """The highest leverage there is (``GET /v1/public/leverage``); public."""
        return self._public.get("/v1/public/leverage", MaxLeverage)

    def leverage_options(self) -> LeverageOptions:
        """The leverages to choose from (``GET /v1/public/config``); public."""
        return self._public.get("/v1/public/config", LeverageOptions)

    def set_margin_mode(self, *, symbol: str, default_margin_mode: Margin) -> Acknowledged:
        """Set the margin mode of new orders of a symbol (``POST /v1/client/margin_mode``).

        Refused while the symbol has a position or an open order in its present mode.
        """
        return self._signed.post(
            "/v1/client/margin_mode",
            Acknowledged,
            symbol=symbol,
            default_margin_mode=one_of(MarginMode, default_margin_mode, "default_margin_mode"),
        )

    def margin_modes(self) -> Rows[MarginModeSetting]:
        """The margin mode of every symbol (``GET /v1/client/margin_modes``)."""
        return self._signed.get("/v1/client/margin_modes", Rows[MarginModeSetting])

    def change_position_margin(
        self, *, symbol: str, amount: Number, type: PositionMarginAction | Literal["ADD", "REDUCE"]
    ) -> Acknowledged:
        """Put margin into an open isolated position or take some out (``POST /v1/position_margin``); trading scope.

        Args:
            symbol: Of the position.
            amount: USDC.
            type: ADD or REDUCE.
        """
        return self._signed.post(
            "/v1/position_margin",
            Acknowledged,
            symbol=symbol,
            amount=number_text(amount, "amount"),
            type=one_of(PositionMarginAction, type, "type"),
        )

    def set_maintenance_cancel(self, *, maintenance_cancel_order_flag: bool) -> MaintenanceSetting:
        """Choose whether open orders are cancelled in maintenance (``POST /v1/client/maintenance_config``)."""
        return self._signed.post(
            "/v1/client/maintenance_config",
            MaintenanceSetting,
            maintenance_cancel_order_flag=maintenance_cancel_order_flag,
        )
