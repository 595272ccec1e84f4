"""The settings and symbols of the charting library, under its names and by column; its candles are in ``market``."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from orderly_sync.models.base import Model, model, wire

__all__ = [
    "ChartConfig",
    "ChartField",
    "ChartSettings",
    "ChartSymbols",
    "ChartTable",
    "OrderDuration",
    "PullingInterval",
]


@model
class ChartField(Model):
    """A column or row of a table of the charting library.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tradingview-localized-config-info
    """

    id: str | None = None
    """Its key, such as ``est_liq_price``."""
    title: str | None = None
    """Its heading in the language that was asked for."""
    tooltip: str | None = None
    """What is shown on hovering; None where there is nothing, as for columns."""
    alignment: str | None = None
    """``left`` or ``right``, as the charting library has it; None leaves it to the library."""


@model
class ChartTable(Model):
    """A table of the charting library.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tradingview-localized-config-info
    """

    id: str | None = None
    """Its key, such as ``summary``."""
    title: str | None = None
    """Its heading in the language that was asked for."""
    columns: tuple[ChartField, ...] = ()
    """From left to right."""


@model
class OrderDuration(Model):
    """How long an order may stand.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tradingview-localized-config-info
    """

    wire_case: ClassVar[str] = "camel"

    id: str | None = None
    """Its key, such as ``GTC``."""
    title: str | None = None
    """Its name in the language that was asked for."""
    has_date_picker: bool | None = None
    """Whether the user picks a day for it."""
    has_time_picker: bool | None = None
    """Whether the user picks a time of day for it."""
    default: bool | None = None
    """Whether it is chosen where the user chooses nothing."""
    supported_order_types: tuple[str, ...] | None = None
    """The library's order types it goes with, such as ``limit``; None goes with all."""


@model
class PullingInterval(Model):
    """How often the charting library asks. The page shows numbers without unit; milliseconds with the paper venue.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tradingview-localized-config-info
    """

    wire_case: ClassVar[str] = "camel"

    quotes: int | None = None
    """Between two looks at quotes, ms."""
    orders: int | None = None
    """Between two looks at orders, ms."""
    positions: int | None = None
    """Between two looks at positions, ms."""
    account_manager: int | None = None
    """Between two looks at the account's tables, ms."""
    balances: int | None = None
    """Between two looks at balances, ms."""


@model
class ChartSettings(Model):
    """What the charting library shows in one language.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tradingview-localized-config-info
    """

    wire_case: ClassVar[str] = "camel"

    account_summary_row: tuple[ChartField, ...] = ()
    """The figures of the account's line."""
    account_manager: tuple[ChartTable, ...] = ()
    """The account's tables."""
    durations: tuple[OrderDuration, ...] = ()
    """What a user may choose an order to stand; empty offers no choice."""
    order_custom_fields: tuple[ChartField, ...] = ()
    """Columns added to the table of orders; empty adds none."""
    order_history_custom_fields: tuple[ChartField, ...] = ()
    """Columns added to the table of past orders; empty adds none."""
    position_custom_fields: tuple[ChartField, ...] = ()
    """Columns added to the table of positions; empty adds none."""
    pulling_interval: PullingInterval | None = None
    """How often the library asks; None leaves it to the library."""


@model
class ChartConfig(Model):
    """The configuration of the charting library.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tradingview-localized-config-info
    """

    status: str = wire("s", default="ok")
    """``ok``; another word where the venue has none."""
    settings: ChartSettings | None = wire("d")
    """None where ``status`` is not ``ok``."""


@model
class ChartSymbols(Model):
    """All symbols by column; the n-th values of all columns belong together, and a column is None where it is left out.

    The page names the columns only. What they mean is the charting library's word, what the paper venue puts
    there is said.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tradingview-symbol-info
    """

    status: str = wire("s", default="ok")
    """``ok``; another word where the venue has none."""
    symbol: tuple[str, ...] = ()
    """The market, such as ``PERP_ETH_USDC``."""
    description: tuple[str, ...] | None = None
    """Its name, for people."""
    currency: tuple[str, ...] | None = None
    """What prices are in, ``USDC``."""
    base_currency: tuple[str | None, ...] | None = wire("base-currency")
    """What is traded, such as ``ETH``; None where it has no currency of its own."""
    exchange_listed: tuple[str, ...] | None = wire("exchange-listed")
    """The exchange that lists it."""
    exchange_traded: tuple[str, ...] | None = wire("exchange-traded")
    """The exchange that trades it."""
    minmovement: tuple[int, ...] | None = None
    """Steps of a price tick: the tick is ``minmovement / pricescale``, USDC."""
    minmovement2: tuple[int, ...] | None = None
    """Used for prices in fractions; 0 for decimal ones."""
    fractional: tuple[bool, ...] | None = None
    """Whether prices are shown as fractions rather than decimals."""
    pricescale: tuple[Decimal, ...] | None = None
    """Parts of one USDC that prices are counted in (100 = two decimals)."""
    root: tuple[str | None, ...] | None = None
    """The root of a dated future; None for perpetuals."""
    root_description: tuple[str | None, ...] | None = wire("root-description")
    """That root's name; None for perpetuals."""
    has_intraday: tuple[bool, ...] | None = wire("has-intraday")
    """Whether there are candles below a day."""
    has_no_volume: tuple[bool, ...] | None = wire("has-no-volume")
    """Whether candles lack volumes."""
    type: tuple[str, ...] | None = None
    """The library's kind of market; ``crypto`` with the paper venue."""
    is_cfd: tuple[bool, ...] | None = wire("is-cfd")
    """Whether it is a contract for difference."""
    ticker: tuple[str, ...] | None = None
    """The name the library asks for candles by; the symbol with the paper venue."""
    timezone: tuple[str, ...] | None = None
    """The market's time zone, such as ``Etc/UTC``."""
    session_regular: tuple[str, ...] | None = wire("session-regular")
    """When it trades, in the library's notation; ``24x7`` is always."""
    session_extended: tuple[str, ...] | None = wire("session-extended")
    """The same with hours before and after."""
    session_premarket: tuple[str | None, ...] | None = wire("session-premarket")
    """Hours before; None where there are none."""
    session_postmarket: tuple[str | None, ...] | None = wire("session-postmarket")
    """Hours after; None where there are none."""
    supported_resolutions: tuple[tuple[str, ...], ...] | None = wire("supported-resolutions")
    """Lengths of candles: minutes as ``60``, or ``1D``, ``1W``, ``1M``."""
    has_daily: tuple[bool, ...] | None = wire("has-daily")
    """Whether there are candles of a day."""
    intraday_multipliers: tuple[tuple[str, ...], ...] | None = wire("intraday-multipliers")
    """Lengths below a day that the venue keeps itself, minutes."""
    has_weekly_and_monthly: tuple[bool, ...] | None = wire("has-weekly-and-monthly")
    """Whether there are candles of a week and of a month."""
    pointvalue: tuple[Decimal | None, ...] | None = None
    """What a move of one point is worth for one contract, USDC; None where it is not given."""
    expiration: tuple[int | None, ...] | None = None
    """When a dated future ends, in the library's seconds; None for perpetuals."""
    bar_source: tuple[str, ...] | None = wire("bar-source")
    """What candles are made of; ``trade`` with the paper venue."""
    bar_transform: tuple[str, ...] | None = wire("bar-transform")
    """How they are transformed; ``none`` with the paper venue."""
    bar_fillgaps: tuple[str, ...] | None = wire("bar-fillgaps")
    """How gaps are filled; ``none`` with the paper venue."""
    isin: tuple[str, ...] | None = None
    """The security's number; empty for what is none."""
    wkn: tuple[str, ...] | None = None
    """The German security's number; empty for what is none."""
