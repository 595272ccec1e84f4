"""Frames: the columns of each class, with and without rows, in pandas, Arrow and polars."""

from __future__ import annotations

import builtins
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import orderly_sync.models
from orderly_sync import UsageError
from orderly_sync.models.account import AccountInfo
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.base import Model, Page, PageMeta, Push, Rows
from orderly_sync.models.enums import OrderSide
from orderly_sync.models.fill import Fill
from orderly_sync.models.holding import Holding, Holdings
from orderly_sync.models.kline import Kline, KlineHistory
from orderly_sync.models.market import MarketTrade
from orderly_sync.models.order import Order
from orderly_sync.models.pages import CursorPage
from orderly_sync.models.position import OpenPositions, Position
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.book import Level, OrderBook
from orderly_sync.tables.columns import Kind, layout_of

SAMPLES = {
    Kind.NUMBER: Decimal("1.5"),
    Kind.WHOLE: 2**53 + 1,
    Kind.FLAG: True,
    Kind.TIME: 1_700_000_000_123,
    Kind.TEXT: "word",
    Kind.OBJECT: (),
}
DTYPES = {
    Kind.NUMBER: "float64",
    Kind.WHOLE: "Int64",
    Kind.FLAG: "boolean",
    Kind.TIME: "datetime64[ms, UTC]",
    Kind.OBJECT: "object",
}


def all_models() -> list[type[Model]]:
    for module in pkgutil.walk_packages(orderly_sync.models.__path__, "orderly_sync.models."):
        importlib.import_module(module.name)

    def below(kind: type) -> Iterator[type]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    found = {one for one in below(Model) if getattr(sys.modules[one.__module__], one.__name__, None) is one}
    return sorted(found - {Push}, key=lambda one: one.__qualname__)


def filled(kind: type[Model]) -> Model:
    """A row with something in every field that becomes a column."""
    required = {field.name: 1 for field in attrs.fields(kind) if field.default is attrs.NOTHING}
    return kind(**{**required, **{name: SAMPLES[of] for name, of in layout_of(kind).fields}})


@pytest.mark.parametrize("kind", all_models(), ids=lambda kind: kind.__name__)
def test_a_list_without_rows_has_the_columns_and_dtypes_of_one_with_rows(kind: type[Model]) -> None:
    """So a program that reads a frame need not ask first whether anything happened."""
    empty, full = Rows.of(kind, []).df, Rows.of(kind, [filled(kind)]).df

    assert len(empty) == 0
    assert len(full) == 1
    assert list(empty.columns) == list(full.columns)
    assert list(map(str, empty.dtypes)) == list(map(str, full.dtypes))
    assert type(empty.index) is type(full.index)
    for name, of in layout_of(kind).fields:
        assert of is Kind.TEXT or str(full[name].dtype) == DTYPES[of], name
        assert of is not Kind.TEXT or str(full[name].dtype) == (
            "str" if pd.__version__[0] >= "3" else "object"
        )
    arrow, polar = Rows.of(kind, []), Rows.of(kind, [filled(kind)])
    assert arrow.arrow.schema == polar.arrow.schema
    assert arrow.to_polars().schema == polar.to_polars().schema


def fill(at: int | None, number: int = 1) -> Fill:
    return Fill(
        id=number, order_id=2**60 + number, symbol="PERP_ETH_USDC", side=OrderSide.BUY, executed_timestamp=at
    )


def test_rows_with_a_time_of_their_own_are_indexed_by_it_ascending() -> None:
    """Aware UTC, named time, whatever order the venue sent; rows without one come last; ids stay exact."""
    frame = Rows([fill(3000, 3), fill(None, 9), fill(1000, 1), fill(0, 8), fill(2000, 2)]).df

    assert frame.index.name == "time"
    assert str(frame.index.tz) == "UTC"
    assert list(frame["id"]) == [1, 2, 3, 9, 8]
    assert frame.index[0] == pd.Timestamp(1, unit="s", tz="UTC")
    assert frame.index.isna().tolist() == [False, False, False, True, True]
    assert frame["order_id"].iloc[0] == 2**60 + 1
    assert frame["side"].iloc[0] == "BUY"


def test_candles_have_the_lowercase_columns_and_each_moment_once() -> None:
    """From the charting columns as from rows; what lacks is NaN, not 0."""
    columns = ["open", "high", "low", "close", "volume", "amount"]
    one = Kline(start_timestamp=60_000, open=Decimal(1), high=Decimal(3), low=Decimal(1), close=Decimal(2))
    newer = attrs.evolve(one, close=Decimal("2.5"))
    frame = Rows([attrs.evolve(one, start_timestamp=120_000), one, newer]).df
    charted = KlineHistory(times=(60,), opens=(1,), highs=(3,), lows=(1,), closes=(2,), volumes=(5,)).df

    assert list(frame.columns) == list(charted.columns) == list(KlineHistory().df.columns) == columns
    assert frame.index.is_monotonic_increasing
    assert frame.index.is_unique
    assert frame["close"].tolist() == [2.5, 2.0]
    assert set(map(str, frame.dtypes)) == {"float64"}
    assert charted["amount"].isna().all()


@pytest.mark.parametrize("number", [Decimal("0.1"), 0.1])
def test_positions_and_holdings_are_numbered_and_not_by_time(number: Any) -> None:
    """A list of states has one row a market or token; numbers are floats in either kind of client."""
    row = Position(symbol="PERP_ETH_USDC", position_qty=number, updated_time=5)
    for frame in (Rows([row]).df, OpenPositions(rows=Rows([row])).df):
        assert isinstance(frame.index, pd.RangeIndex)
        assert frame["position_qty"].tolist() == [0.1]
        assert frame["updated_time"].iloc[0] == pd.Timestamp(5, unit="ms", tz="UTC")
        assert pd.isna(frame["leverage"].iloc[0])
    assert (
        Holdings().df.columns.tolist() == Holdings(holding=Rows([Holding(token="USDC")])).df.columns.tolist()
    )


def test_a_page_of_either_kind_is_a_frame_of_its_rows() -> None:
    """Also one without rows, which knows its class from the answer."""
    rows = Rows.of(Fill, [fill(1000)])
    assert Page(rows=rows, meta=PageMeta()).df.equals(rows.df)
    assert CursorPage(rows=rows).df.equals(rows.df)
    assert list(Page(rows=Rows.of(Fill, []), meta=PageMeta()).df.columns) == list(rows.df.columns)


def test_an_algo_order_has_a_row_for_each_node() -> None:
    """Parents before their children."""
    leg = AlgoOrder(algo_order_id=3, parent_algo_order_id=2, trigger_price=Decimal(9))
    holder = AlgoOrder(algo_order_id=2, parent_algo_order_id=1, child_orders=(leg,))
    root = AlgoOrder(algo_order_id=1, parent_algo_order_id=0, child_orders=(holder,))
    frame = Rows.of(AlgoOrder, [root]).df

    assert frame["algo_order_id"].tolist() == [1, 2, 3]
    assert "child_orders" not in frame.columns  # they are the rows below


def test_a_book_is_a_row_a_level() -> None:
    """Bids first, each side best first; a book of nothing has the same columns."""
    book = OrderBook(
        symbol="S", bids=(Level(Decimal(9), Decimal(1)),), asks=(Level(Decimal(10), Decimal(2)),)
    )

    assert book.df.to_dict("list") == {"side": ["bid", "ask"], "price": [9.0, 10.0], "quantity": [1.0, 2.0]}
    assert list(OrderBook(symbol="S").df.columns) == ["side", "price", "quantity"]


def test_rows_without_a_class_have_the_columns_that_are_there() -> None:
    """Decoded JSON: each name that any row has, numbers as float64."""
    frame = Rows([{"a": 1, "b": "x"}, {"a": Decimal("2.5"), "c": [1]}]).df

    assert list(frame.columns) == ["a", "b", "c"]
    assert frame["a"].tolist() == [1.0, 2.5]
    assert Rows([]).df.shape == (0, 0)


@pytest.mark.parametrize("garbage", [2**80, -(2**80)])
def test_numbers_beyond_int64_and_beyond_calendars_are_missing(garbage: int) -> None:
    """A hostile id or time costs its own cell, not the frame."""
    frame = Rows([attrs.evolve(fill(1000), id=garbage), fill(garbage)]).df

    assert frame["id"].isna().tolist() == [True, False]
    assert frame["executed_timestamp"].isna().tolist() == [False, True]


def test_arrow_and_polars_have_the_same_columns_with_time_first() -> None:
    """Neither has an index; exact ids, aware times; what is nested is its text."""
    rows = Rows([attrs.evolve(Order(order_id=2**60, symbol="é"), created_time=1000)])
    table, frame = rows.arrow, rows.to_polars()

    assert table.column_names == frame.columns == ["time", *rows.df.columns]
    assert table.schema.field("time").type == pa.timestamp("ms", tz="UTC")
    assert frame.schema["time"] == pl.Datetime("ms", "UTC")
    assert table["order_id"].to_pylist() == frame["order_id"].to_list() == [2**60]
    assert table["symbol"].to_pylist() == ["é"]
    nested = Rows([AccountInfo(account_id="0x1")]).arrow
    assert nested.schema.field("imr_factor").type == pa.string()


@pytest.mark.parametrize("kind", [Fill, Order, AlgoOrder, AlgoExecutionReport, Position])
def test_what_a_row_shows_of_itself_comes_first(kind: type[Model]) -> None:
    """A frame of forty columns begins with those that are looked for; each other field has its column behind them."""
    names = [name for name, _ in layout_of(kind).fields]
    fields = {field.name for field in attrs.fields(kind)} - {"extra", "frame", "child_orders"}
    shown = [name for name in kind.shown if name in fields]

    assert names[: len(shown)] == shown
    assert (set(names), len(names)) == (fields, len(fields))


@pytest.mark.parametrize(
    ("library", "ask", "command"),
    [
        ("pandas", lambda rows: rows.df, "pandas>=2"),
        ("pyarrow", lambda rows: rows.arrow, "pyarrow>="),
        ("polars", lambda rows: rows.to_polars(), "polars>="),
    ],
)
def test_who_lacks_a_library_is_told_the_command(
    monkeypatch: pytest.MonkeyPatch, library: str, ask: Any, command: str
) -> None:
    """One ASCII sentence, and no traceback of an import behind it."""
    real = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == library:
            raise ModuleNotFoundError(name)
        return real(name, *args)

    monkeypatch.delitem(sys.modules, library)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match="pip install") as told:
        ask(Rows.of(MarketTrade, []))

    assert command in str(told.value)
    assert str(told.value).isascii()
    assert "\n" not in str(told.value)
