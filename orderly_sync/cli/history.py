"""``orderly-sync history``: the account's past, whole, as a table, JSON lines, CSV or Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import attrs
import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from orderly_sync.cli.columns import Layout, shown_time
from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.filters import typed
from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.options import account_options, json_option, list_options
from orderly_sync.cli.output import console, csv_rows, note, show
from orderly_sync.cli.parquet import write_parquet
from orderly_sync.cli.resuming import KeptRows, kept_rows
from orderly_sync.cli.target import Target
from orderly_sync.errors import UsageError
from orderly_sync.history.account_history import History, HistoryProgress, HistoryRange
from orderly_sync.models.enums import KlineInterval

__all__ = ["history"]

F = TypeVar("F", bound=Callable[..., object])
Progressed = Callable[[HistoryProgress], object]

_INTERVALS = [str(one.value) for one in KlineInterval]


@attrs.frozen(kw_only=True)
class _Wanted:
    """What is to be read, and how it is to be given."""

    target: Target
    since: str
    until: str | None
    limit: int | None
    as_json: bool
    as_csv: bool
    parquet: Path | None
    resume: bool

    @property
    def span(self) -> dict[str, Any]:
        """As ``History`` takes it."""
        until = None if self.until is None else typed(self.until, "--until")
        return {"since": typed(self.since, "--since"), "until": until}


_GIVEN = [field.name for field in attrs.fields(_Wanted)]


def _past_options(function: F) -> F:
    """Span and form; the function is given a ``_Wanted`` and what else it takes."""

    @wraps(function)
    def call(**given: Any) -> object:
        wanted = _Wanted(**{name: given.pop(name) for name in _GIVEN})
        if wanted.as_json + wanted.as_csv + (wanted.parquet is not None) > 1:
            raise UsageError("--json, --csv and --parquet exclude each other; leave out all but one")
        return function(wanted=wanted, **given)

    options = (
        click.option(
            "--since",
            metavar="TIME",
            default="30d",
            show_default=True,
            help="From then on: an age such as 12h or 30d, a time (UTC), or ms.",
        ),
        *(list_options("until"), json_option),
        click.option(
            "--limit", type=click.IntRange(1), metavar="ROWS", help="So many rows at most, the newest."
        ),
        click.option("--csv", "as_csv", is_flag=True, help="CSV, its columns named in the first line."),
        click.option(
            "--parquet",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="Into a new Parquet file, numbers exact.",
        ),
        click.option(
            "--resume",
            is_flag=True,
            help="Keep what is read until all is printed; after an interrupt the same command goes on.",
        ),
    )
    wrapped: Any = call
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]


_SYMBOL = click.option("--symbol", metavar="SYMBOL", help="Of this market only, such as ETH.")


class _HistoryGroup(click.Group):
    """Knows candles by the name that ``ex.history`` has for them, too."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, "candles" if cmd_name == "klines" else cmd_name)


@click.group(
    cls=_HistoryGroup,
    epilog=help_of(
        "orderly-sync history fills --since 30d --csv > fills.csv",
        "orderly-sync history candles ETH 1h --since 90d --parquet eth.parquet --resume --network mainnet",
    ),
)
def history() -> None:
    """What has happened: fills, orders, funding, transfers, deposits, candles; oldest first, however many there are."""


@history.command(
    "fills",
    epilog=help_of(
        "orderly-sync history fills --since 2026-11-01 --csv > fills.csv", codes=(0, 1, 2, 3, 130)
    ),
)
@account_options
@_past_options
@_SYMBOL
def fills(*, wanted: _Wanted, symbol: str | None) -> None:
    """Every fill of the account."""
    _give("fills", wanted, lambda past, **how: past.fills(symbol=symbol, **how), symbol)


@history.command("orders", epilog=help_of("orderly-sync history orders --since 7d --symbol ETH --json"))
@account_options
@_past_options
@_SYMBOL
def orders(*, wanted: _Wanted, symbol: str | None) -> None:
    """Every ordinary order that was created in the span, as it stands now."""
    _give("orders", wanted, lambda past, **how: past.orders(symbol=symbol, **how), symbol)


@history.command("funding", epilog=help_of("orderly-sync history funding --since 90d --csv"))
@account_options
@_past_options
@_SYMBOL
def funding(*, wanted: _Wanted, symbol: str | None) -> None:
    """Every funding payment."""
    _give("funding", wanted, lambda past, **how: past.funding(symbol=symbol, **how), symbol)


@history.command("transfers", epilog=help_of("orderly-sync history transfers --side IN"))
@account_options
@_past_options
@click.option(
    "--side", type=click.Choice(["IN", "OUT"], case_sensitive=False), required=True, help="Which way."
)
def transfers(*, wanted: _Wanted, side: Any) -> None:
    """Every transfer between accounts."""
    _give("transfers", wanted, lambda past, **how: past.transfers(side=side, **how), side)


@history.command("assets", epilog=help_of("orderly-sync history assets --token USDC --csv"))
@account_options
@_past_options
@click.option("--token", metavar="TOKEN", help="Of this token only.")
def assets(*, wanted: _Wanted, token: str | None) -> None:
    """Every deposit and withdrawal."""
    _give("assets", wanted, lambda past, **how: past.assets(token=token, **how), token)


@history.command("candles", epilog=help_of("orderly-sync history candles ETH 1h --since 90d --csv > eth.csv"))
@click.argument("symbol")
@click.argument("interval", type=click.Choice(_INTERVALS))
@account_options
@_past_options
def candles(*, wanted: _Wanted, symbol: str, interval: str) -> None:
    """The candles of a market; the venue shows them to accounts only."""
    _give("candles", wanted, lambda past, **how: past.klines(symbol, interval, **how), symbol, interval)


def _give(name: str, wanted: _Wanted, read: Callable[..., HistoryRange[Any]], *of: object) -> None:
    """Read the past and print it as it comes, with its progress on stderr; ``of`` is what else tells it from others."""
    layout = layout_of(f"history {name}")
    with wanted.target.rest() as rest, _progress(name) as progress:

        def begun(**span: Any) -> HistoryRange[Any]:
            return read(History(rest), progress=progress, **span)

        if wanted.resume:
            asked = (name, wanted.since, wanted.until, *of)
            account = "" if rest.credentials is None else rest.credentials.account_id
            kept = kept_rows(wanted.target.line, account, asked)
            _print(layout, wanted, _resumed(layout, kept, begun, wanted.span))
            kept.forget()
            return
        past = begun(**wanted.span)
        try:
            _print(layout, wanted, past)
        except BaseException:
            if wanted.parquet is None and wanted.limit is None and past.reached >= past.start:
                note(
                    f"all rows up to {shown_time(past.reached)} were given; go on with: "
                    f"--since {past.reached + 1} --until {past.end}"
                )
            raise


def _resumed(
    layout: Layout, kept: KeptRows, begun: Callable[..., HistoryRange[Any]], span: dict[str, Any]
) -> Iterator[object]:
    """All rows of the command and of those before it that were broken off; says how to go on if this one is, too."""
    if kept.is_begun:
        since, until = kept.span
        note(
            f"{kept.count} rows up to {shown_time(since - 1)} were read before; the span ends where it did then"
        )
        past = begun(since=since, until=until) if since <= until else None
    else:
        past = begun(**span)
    try:
        yield from kept.rows(past, layout)
    except BaseException:
        note("what was read is kept; run the same command again to go on")
        raise


def _print(layout: Layout, wanted: _Wanted, given: Iterable[object]) -> None:
    rows = given if wanted.limit is None else list(given)[-wanted.limit :]
    if wanted.parquet is not None:
        write_parquet(wanted.parquet, layout, rows)
    elif wanted.as_csv:
        for line in csv_rows(layout, rows):
            click.echo(line)
    else:
        show(layout, rows, as_json=wanted.as_json)


@contextmanager
def _progress(name: str) -> Iterator[Progressed | None]:
    """A bar on stderr where a person sees it; nothing elsewhere."""
    shown = console(stderr=True)
    if not shown.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rows]} rows"))
    with Progress(*columns, TimeRemainingColumn(), console=shown, transient=True) as bar:
        task = bar.add_task(name, total=1.0, rows=0)

        def reached(so_far: HistoryProgress) -> None:
            bar.update(task, completed=so_far.share, rows=so_far.rows)

        yield reached
