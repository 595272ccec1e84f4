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
    """A column or row of a table of the charting library."""

    id: str | None = None
    title: str | None = None
    tooltip: str | None = None
    alignment: str | None = None


@model
class ChartTable(Model):
    """A table of the charting library."""

    id: str | None = None
    title: str | None = None
    columns: tuple[ChartField, ...] = ()


@model
class OrderDuration(Model):
    """How long an order may stand."""

    wire_case: ClassVar[str] = "camel"

    id: str | None = None
    title: str | None = None
    has_date_picker: bool | None = None
    has_time_picker: bool | None = None
    default: bool | None = None
    supported_order_types: tuple[str, ...] | None = None


@model
class PullingInterval(Model):
    """How often the charting library asks, in milliseconds."""

    wire_case: ClassVar[str] = "camel"

    quotes: int | None = None
    orders: int | None = None
    positions: int | None = None
    account_manager: int | None = None
    balances: int | None = None


@model
class ChartSettings(Model):
    """What the charting library shows in one language."""

    wire_case: ClassVar[str] = "camel"

    account_summary_row: tuple[ChartField, ...] = ()
    account_manager: tuple[ChartTable, ...] = ()
    durations: tuple[OrderDuration, ...] = ()
    order_custom_fields: tuple[ChartField, ...] = ()
    order_history_custom_fields: tuple[ChartField, ...] = ()
    position_custom_fields: tuple[ChartField, ...] = ()
    pulling_interval: PullingInterval | None = None


@model
class ChartConfig(Model):
    """The configuration of the charting library."""

    status: str = wire("s", default="ok")
    settings: ChartSettings | None = wire("d")


@model
class ChartSymbols(Model):
    """All symbols by column; the n-th values of all columns belong together."""

    status: str = wire("s", default="ok")
    symbol: tuple[str, ...] = ()
    description: tuple[str, ...] | None = None
    currency: tuple[str, ...] | None = None
    base_currency: tuple[str | None, ...] | None = wire("base-currency")
    exchange_listed: tuple[str, ...] | None = wire("exchange-listed")
    exchange_traded: tuple[str, ...] | None = wire("exchange-traded")
    minmovement: tuple[int, ...] | None = None
    minmovement2: tuple[int, ...] | None = None
    fractional: tuple[bool, ...] | None = None
    pricescale: tuple[Decimal, ...] | None = None
    root: tuple[str | None, ...] | None = None
    root_description: tuple[str | None, ...] | None = wire("root-description")
    has_intraday: tuple[bool, ...] | None = wire("has-intraday")
    has_no_volume: tuple[bool, ...] | None = wire("has-no-volume")
    type: tuple[str, ...] | None = None
    is_cfd: tuple[bool, ...] | None = wire("is-cfd")
    ticker: tuple[str, ...] | None = None
    timezone: tuple[str, ...] | None = None
    session_regular: tuple[str, ...] | None = wire("session-regular")
    session_extended: tuple[str, ...] | None = wire("session-extended")
    session_premarket: tuple[str | None, ...] | None = wire("session-premarket")
    session_postmarket: tuple[str | None, ...] | None = wire("session-postmarket")
    supported_resolutions: tuple[tuple[str, ...], ...] | None = wire("supported-resolutions")
    has_daily: tuple[bool, ...] | None = wire("has-daily")
    intraday_multipliers: tuple[tuple[str, ...], ...] | None = wire("intraday-multipliers")
    has_weekly_and_monthly: tuple[bool, ...] | None = wire("has-weekly-and-monthly")
    pointvalue: tuple[Decimal | None, ...] | None = None
    expiration: tuple[int | None, ...] | None = None
    bar_source: tuple[str, ...] | None = wire("bar-source")
    bar_transform: tuple[str, ...] | None = wire("bar-transform")
    bar_fillgaps: tuple[str, ...] | None = wire("bar-fillgaps")
    isin: tuple[str, ...] | None = None
    wkn: tuple[str, ...] | None = None
