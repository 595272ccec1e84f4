"""``orderly-sync journal``: what stands in a journal, read beside whoever writes it."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

import click

from orderly_sync.cli.epilogs import help_of
from orderly_sync.journal.schema import RECEIVED, VERSION, EventRow
from orderly_sync.journal.store import Damaged, meta_of, problems_of, rows_of

__all__ = ["journal"]


@click.group(
    epilog=help_of("orderly-sync journal show bot.db", "orderly-sync journal check bot.db", codes=(0, 1, 2))
)
def journal() -> None:
    """The journal of a client: what it was told, and what its hooks have taken."""


@journal.command(
    "show", epilog=help_of("orderly-sync journal show bot.db --undelivered --json", codes=(0, 1, 2, 141))
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--undelivered", is_flag=True, help="Only what no hook and no stream has taken.")
@click.option(
    "--since", metavar="TIME", help="Only what came since: 2026-11-28T20:00 (UTC), or ms since 1970."
)
def show(file: Path, *, as_json: bool, undelivered: bool, since: str | None) -> None:
    """Print the reports of FILE in the order in which they came. A client may go on writing it."""
    start = 0 if since is None else _time(since)
    where = "at >= ?" + (f" AND state = '{RECEIVED}'" if undelivered else "")
    with _opened(file) as db:
        for row in rows_of(db, where, (start,)):
            click.echo(json.dumps(_as_object(row)) if as_json else _as_line(row))


@journal.command("check", epilog=help_of("orderly-sync journal check bot.db", codes=(0, 1, 2)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Read all of FILE and say whether it is as it was written; the exit code is 1 if it is not."""
    with _opened(file) as db:
        problems_of(db)
        counts = dict(db.execute("SELECT state, count(*) FROM events GROUP BY state"))
        orders = db.execute("SELECT count(*) FROM orders").fetchone()[0]
        watermark = meta_of(db, "watermark")
    until = "none" if watermark is None else _text(int(watermark))
    click.echo(
        f"{file}: whole; {counts.get('delivered', 0)} reports delivered, {counts.get(RECEIVED, 0)} not; "
        f"{orders} orders placed; received until {until}"
    )


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """The file, which is not changed; what is wrong with it ends the command."""
    db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            sys.exit(f"{file}: is of a newer release (tables of version {version}); update orderly_sync")
        yield db
    except (sqlite3.Error, Damaged, ValueError) as exc:
        sys.exit(f"{file}: is damaged or no journal: {exc}")
    finally:
        db.close()


def _time(text: str) -> int:
    if text.isdigit():
        return int(text)
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        sys.exit(f"--since {text!a:.40} is no time; give 2026-11-28T20:00 (UTC) or ms since 1970")
    return int((given if given.tzinfo else given.replace(tzinfo=timezone.utc)).timestamp() * 1000)


def _text(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, timezone.utc).isoformat(timespec="milliseconds")


def _as_object(row: EventRow) -> dict[str, object]:
    fields = row._asdict()
    return {**fields, "ended": bool(row.ended), "body": json.loads(row.body)}


def _as_line(row: EventRow) -> str:
    name = row.event_id.encode("ascii", "backslashreplace").decode()
    return f"{_text(row.at)} {row.state:<9} {name} filled={row.filled}"
