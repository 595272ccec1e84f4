"""HTML: nothing that the venue or a user wrote is markup, and what stands in a table is what is so."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import attrs
import pytest

from orderly_sync import Resynced
from orderly_sync.live.book import Book
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.base import Page, PageMeta, Rows
from orderly_sync.models.fill import Fill
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.book import Level
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.tables.html import text_of

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'--></td></table><h1>",
    "&lt;b&gt;&amp;",
    "$\\href{javascript:alert(1)}{x}$",
    "\u202egnirts",
    "a\nb\r\n\x1b[31m\x00",
    "x" * 100_000,
)
TAGS = {"table", "caption", "thead", "tbody", "tr", "th", "td"}


class Reader(HTMLParser):
    """The tags of a text, its attributes and the text of its cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.rows: list[list[str]] = []
        self.classes: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= set(attrs)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows:
            self.rows[-1][-1] += data


def shown(hostile: str) -> list[Any]:
    """One value of each kind that is shown, with a hostile text wherever one fits."""
    report = AlgoExecutionReport(
        symbol=hostile,
        algo_order_id=1,
        root_algo_order_id=1,
        parent_algo_order_id=0,
        algo_type="STOP",
        reason=hostile,
    )
    fill = Fill(id=1, order_id=1, symbol=hostile, fee_asset=hostile)
    return [
        fill,
        report,
        Resynced(reason=hostile),
        Rows([fill]),
        Rows([{hostile: hostile}]),
        Page(rows=Rows([fill]), meta=PageMeta()),
        AlgoTree(nodes=(report,)),
        Book(hostile, 1, (Level(Decimal(1), Decimal(1)),), ()),
        Position(symbol=hostile, margin_mode=hostile),
        ExecutionReport(symbol=hostile, order_id=1, side="BUY", type="LIMIT", status=hostile),
    ]


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_ever_markup(hostile: str) -> None:
    """Only the tags of a table, only styles of ours; dollar signs are not typeset; all of it ASCII and short."""
    for value in shown(hostile):
        html = value._repr_html_()
        read = Reader(html)

        assert read.tags <= TAGS, type(value)
        assert {name for name, _ in read.attributes} <= {"style", "class"}
        assert {one for name, one in read.attributes if name == "style"} <= {
            "text-align:left",
            "text-align:right",
            "text-align:left;white-space:nowrap",
        }
        assert html.count("<table") == html.count('class="orderly tex2jax_ignore mathjax_ignore"')
        assert html.isascii()
        assert html.isprintable()
        assert len(html) < 10_000


def test_a_list_shows_its_first_rows_and_says_how_many_there_are() -> None:
    """Ten of a thousand."""
    rows = Rows([Fill(id=number, order_id=1, symbol="PERP_ETH_USDC") for number in range(1000)])
    html = rows._repr_html_()

    assert "1000 rows, the first 10 shown" in html
    assert len(Reader(html).rows) == 11
    assert "0 rows" in Rows.of(Fill, [])._repr_html_()
    assert Reader(Rows.of(Fill, [])._repr_html_()).rows == [Reader(html).rows[0]]


def node(number: int, parent: int, kind: str) -> AlgoExecutionReport:
    return AlgoExecutionReport(
        symbol="S", algo_order_id=number, root_algo_order_id=1, parent_algo_order_id=parent, algo_type=kind
    )


def test_a_list_of_algo_orders_says_of_how_many_nodes_the_first_are_shown() -> None:
    """Rows are orders, lines are nodes."""
    trees = [
        AlgoTree(nodes=(node(at, 0, "TP_SL"), node(at + 1, at, "TAKE_PROFIT"))) for at in range(1, 13, 2)
    ]
    assert "6 rows, the first 10 of 12 nodes shown" in Rows(trees)._repr_html_()


@pytest.mark.parametrize("reverse", [False, True])
def test_an_algo_order_is_indented_by_its_tree(reverse: bool) -> None:
    """Children under their parents, whatever their ids and whatever came first."""
    nodes = [node(1, 0, "BRACKET"), node(7, 1, "TP_SL"), node(3, 7, "TAKE_PROFIT"), node(2, 7, "STOP_LOSS")]
    tree = AlgoTree(nodes=tuple(nodes[:1] + nodes[:0:-1] if reverse else nodes))
    first = [row[0] for row in Reader(tree._repr_html_()).rows[1:]]

    depths = [(len(text) - len(text.lstrip("\xa0"))) // 2 for text in first]
    assert depths == [0, 1, 2, 2]
    assert [text.strip("\xa0") for text in first[:2]] == ["BRACKET", "TP_SL"]


def test_nodes_that_name_each_other_as_parents_end() -> None:
    """A venue's nonsense is no endless table."""
    tree = AlgoTree(nodes=(node(1, 1, "STOP"), node(2, 3, "STOP"), node(3, 2, "STOP")))

    assert Reader(tree._repr_html_()).rows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("1E+300"), "1E+300"),
        (0.1, "0.1"),
        ("ä", "\\xe4"),
        ((1, 2), "<2>"),
    ],
)
def test_values_read_as_people_write_them(value: object, text: str) -> None:
    """Plain numbers, yes and no, and no number of a billion digits."""
    assert text_of(value) == text


def test_a_single_value_shows_what_it_says() -> None:
    """Zeros and nothings are left out, save figures that always count; times are moments."""
    html = Position(symbol="S", position_qty=Decimal(0), margin=Decimal(0), updated_time=1000)._repr_html_()
    rows = dict(Reader(html).rows)

    assert rows == {"symbol": "S", "position qty": "0", "updated time": "1970-01-01 00:00:01.000"}
    assert attrs.fields_dict(Position).keys() > rows.keys() - {"position qty", "updated time"}
