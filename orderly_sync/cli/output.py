"""Printing: tables for people, JSON for programs, each from a ``Layout``; and notes for stderr."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Literal

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orderly_sync.cli.columns import Column, Layout, shown_time
from orderly_sync.cli.exits import one_line

__all__ = ["console", "csv_rows", "note", "print_json", "show", "table"]

_WIDE = 1000
"""Characters of a line where no terminal says how many it has: nothing is cut, nothing is folded."""
_RIGHT = {"number", "integer"}


def console(*, stderr: bool = False) -> Console:
    """Where people read: as wide as the terminal, without colours where they are not wanted."""
    file = sys.stderr if stderr else sys.stdout
    width = None if file.isatty() else _WIDE
    return Console(file=file, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def note(text: str) -> None:
    """A line beside the output, for people."""
    click.echo(one_line(text), err=True)


def show(layout: Layout, values: Iterable[object] | object, *, as_json: bool, title: str = "") -> None:
    """Print rows, or one object: as JSON, or as a table."""
    if layout.shape == "object":
        row = layout.row(values)
        if as_json:
            print_json(row)
        else:
            _print_object(layout, row, title)
        return
    assert isinstance(values, Iterable)
    if as_json and layout.shape == "lines":
        for value in values:
            print_json(layout.row(value))
        return
    rows = layout.rows(values)
    if as_json:
        print_json(rows)
        return
    if not rows:
        note(f"{title or layout.command}: nothing to show")
        return
    _print(table(layout.columns, rows, title))


def print_json(value: object) -> None:
    """One JSON text in one line of ASCII; an array has a row a line."""
    if isinstance(value, list):
        click.echo("[" + ",".join("\n" + json.dumps(row) for row in value) + ("\n]" if value else "]"))
    else:
        click.echo(json.dumps(value))


def csv_rows(layout: Layout, values: Iterable[object]) -> Iterator[str]:
    """Rows as lines of CSV, the names of the fields first."""
    columns = layout.file_columns
    yield _csv_line([name for _, name in columns])
    as_frame = {one.name for one, _ in columns if layout.frame and one.kind == "time"}
    for value in values:
        row = layout.row(value)
        yield _csv_line(
            [_moment(row[one.name]) if one.name in as_frame else _csv(row[one.name]) for one, _ in columns]
        )


def _csv_line(cells: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _moment(time_ms: object) -> str:
    """As pandas writes the times of a frame of candles."""
    return "" if not isinstance(time_ms, int) else str(datetime.fromtimestamp(time_ms / 1000, timezone.utc))


def _csv(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(value) if isinstance(value, list) else value


def table(columns: Sequence[Column], rows: Iterable[Mapping[str, object]], title: str = "") -> Table:
    """A table of rows as JSON has them. Nothing that the venue or a user wrote is markup."""
    drawn = Table(title=Text(one_line(title)) if title else None, box=box.SIMPLE_HEAD, title_justify="left")
    shown = [one for one in columns if one.head is not None]
    for one in shown:
        justify: Literal["left", "right"] = "right" if one.kind in _RIGHT else "left"
        drawn.add_column(Text(one.head or ""), justify=justify, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell(one, row[one.name])) for one in shown))
    return drawn


def cell(one: Column, value: object) -> str:
    """A field for people: ASCII, empty where nothing is known."""
    if value is None:
        return ""
    if one.kind == "time":
        return shown_time(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return one_line(", ".join(value) if isinstance(value, list) else str(value))


def _print_object(layout: Layout, row: Mapping[str, object], title: str) -> None:
    drawn = Table(title=Text(one_line(title)) if title else None, box=None, show_header=False)
    drawn.add_column()
    drawn.add_column(overflow="fold")
    for one in layout.columns:
        if one.head is not None and row[one.name] is not None:
            drawn.add_row(Text(one.head), Text(cell(one, row[one.name])))
    _print(drawn)


def _print(drawn: Table) -> None:
    shown = console()
    with shown.capture() as held:
        shown.print(drawn)
    # A wide table is padded to its columns; what is read by programs or pasted needs no blanks at the ends of lines.
    click.echo("\n".join(line.rstrip() for line in held.get().rstrip("\n").splitlines()))
