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
from orderly_sync.models.account_enums import PositionMarginAction
from orderly_sync.models.base import Acknowledged, Rows
from orderly_sync.models.enums import MarginMode
from orderly_sync.rest.choices import Margin
from orderly_sync.rest.group import Group
from orderly_sync.rest.request import number_text
from orderly_sync.rest.retired import retired
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.numbers import Number

__all__ = ["Config"]


class Config(Group):
    """The account's settings.

    https://orderly.network/docs/introduction/trade-on-orderly/perpetual-futures/margin-leverage-and-pnl
    """

    def leverage(self, *, symbol: str, margin_mode: Margin | None = None) -> LeverageSetting:
        """The leverage of one symbol; CROSS unless told otherwise.

        ``GET /v1/client/leverage``, signed, scope ``read``; 1 request a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-leverage-setting
        """
        return self._signed.get(
            "/v1/client/leverage",
            LeverageSetting,
            symbol=symbol,
            margin_mode=one_of(MarginMode, margin_mode, "margin_mode"),
        )

    def leverages(self) -> Rows[LeverageSetting]:
        """The leverage of every symbol and margin mode.

        ``GET /v1/client/leverages``, signed, scope ``read``; limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-leverage-settings
        """
        return self._signed.get("/v1/client/leverages", Rows[LeverageSetting])

    def set_leverage(
        self, *, leverage: int, symbol: str | None = None, margin_mode: Margin | None = None
    ) -> LeverageSetting:
        """Set the leverage of one symbol, or of all, each capped to its own maximum.

        Cross symbols change all or none; an isolated one changes only without position and open order.

        ``POST /v1/client/leverages``, signed, scope ``read``; 5 requests a minute per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/update-leverage-setting
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
        """Retired. Set the leverage by the call that older hosts still have.

        Use ``set_leverage``.

        ``POST /v1/client/leverage``, signed, scope not documented; 5 requests a minute per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/update-leverage-setting
        """
        return self._signed.post("/v1/client/leverage", LeverageSetting, symbol=symbol, leverage=leverage)

    def max_leverage(self) -> MaxLeverage:
        """The highest leverage there is; public.

        ``GET /v1/public/leverage``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-max-leverage-setting
        """
        return self._public.get("/v1/public/leverage", MaxLeverage)

    def leverage_options(self) -> LeverageOptions:
        """The leverages to choose from; public.

        ``GET /v1/public/config``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-leverage-configuration
        """
        return self._public.get("/v1/public/config", LeverageOptions)

    def set_margin_mode(self, *, symbol: str, default_margin_mode: Margin) -> Acknowledged:
        """Set the margin mode of new orders of a symbol.

        Refused while the symbol has a position or an open order in its present mode.

        ``POST /v1/client/margin_mode``, signed, scope not documented; 10 requests a second per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/update-margin-mode
        """
        return self._signed.post(
            "/v1/client/margin_mode",
            Acknowledged,
            symbol=symbol,
            default_margin_mode=one_of(MarginMode, default_margin_mode, "default_margin_mode"),
        )

    def margin_modes(self) -> Rows[MarginModeSetting]:
        """The margin mode of every symbol.

        ``GET /v1/client/margin_modes``, signed, scope ``read``; 10 requests a second per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-margin-modes
        """
        return self._signed.get("/v1/client/margin_modes", Rows[MarginModeSetting])

    def change_position_margin(
        self, *, symbol: str, amount: Number, type: PositionMarginAction | Literal["ADD", "REDUCE"]
    ) -> Acknowledged:
        """Put margin into an open isolated position or take some out; trading scope.

        ``POST /v1/position_margin``, signed, scope ``trading``; 10 requests a second per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/add-or-reduce-position-margin

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
        """Choose whether open orders are cancelled in maintenance.

        ``POST /v1/client/maintenance_config``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/configure-auto-cancel-during-maintenance
        """
        return self._signed.post(
            "/v1/client/maintenance_config",
            MaintenanceSetting,
            maintenance_cancel_order_flag=maintenance_cancel_order_flag,
        )
