"""``orderly-sync record`` and ``replay``: every raw frame into a file, and what a file tells."""

from __future__ import annotations

import json
import time
from pathlib import Path

import attrs
import click

from orderly_sync.cli.columns import shown_time
from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.exits import one_line
from orderly_sync.cli.filters import typed
from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.options import account_options, json_option
from orderly_sync.cli.output import note, print_json, show
from orderly_sync.cli.stopping import told_to_stop
from orderly_sync.cli.target import Target
from orderly_sync.client import Orderly
from orderly_sync.connecting import connect
from orderly_sync.errors import Disconnected, UsageError
from orderly_sync.models.base import Push
from orderly_sync.recording.replay import Replay
from orderly_sync.trading.markets import Markets
from orderly_sync.wire import topics
from orderly_sync.wire.converter import to_wire
from orderly_sync.wire.json import encode
from orderly_sync.wire.moments import milliseconds
from orderly_sync.wire.symbols import symbol as native_symbol
from orderly_sync.wire.topic import Topic

__all__ = ["record", "replay"]

_STEP = 1.0


@click.command(
    epilog=help_of(
        "orderly-sync record day.jsonl.gz ETH BTC --network mainnet",
        "orderly-sync record day.jsonl.gz ETH --for 3600",
    )
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("symbol", nargs=-1, required=True)
@account_options
@click.option(
    "--for",
    "seconds",
    type=click.FloatRange(0.1),
    metavar="SECONDS",
    help="So long; until Ctrl-C without it.",
)
@json_option
def record(
    *, target: Target, file: Path, symbol: tuple[str, ...], seconds: float | None, as_json: bool
) -> None:
    """Record books, trades, prices and, where there is an account, its reports into a new FILE.

    Gzipped if its name ends in .gz. Ctrl-C or SIGTERM ends it; what was written can be replayed up to the last second.
    """
    names = [native_symbol(one) for one in symbol]
    target = target.optional()
    venue = target.venue()
    account = target.account_of(venue)
    with told_to_stop() as stopped, connect(venue, record=file, **account) as ex:
        for name in names:
            Markets(ex.rest).check(name)
        _subscribe(ex, names)
        note(f"recording {', '.join(names)} into {file}; Ctrl-C ends it")
        until = None if seconds is None else time.monotonic() + seconds
        while not stopped.is_set() and (until is None or time.monotonic() < until):
            left = _STEP if until is None else until - time.monotonic()
            stopped.wait(max(0.0, min(_STEP, left)))
            if ex.status in {"failed", "stopped"}:
                raise Disconnected(
                    "the connection has ended; the file holds what came until then", final=True
                )
    row = {"file": str(file), "bytes": file.stat().st_size, "symbols": names}
    show(layout_of("record"), row, as_json=as_json)


def _subscribe(ex: Orderly, names: list[str]) -> None:
    for name in names:
        ex.book(name)
        for topic in (
            topics.trade(name),
            topics.bbo(name),
            topics.mark_price(name),
            topics.index_price(name),
        ):
            ex.on(topic, _nothing)


def _nothing(_: object) -> None:
    """What is wanted of these topics is in the file."""


_PRIVATE: dict[str, Topic[Push]] = {
    "orders": topics.execution_report(),
    "algo": topics.algo_execution_report(),
    "positions": topics.position(),
    "balance": topics.balance(),
}
_PUBLIC = ("trades", "bbo", "marks")


@attrs.define
class _Told:
    """Prints each event as it is played."""

    file: Replay
    since: int
    until: int
    as_json: bool
    count: int = 0

    def __call__(self, event: Push) -> None:
        at = self.file.time or 0
        if not self.since <= at <= self.until:
            return
        self.count += 1
        if self.as_json:
            print_json(layout_of("replay").row({**_facts(event), "time": at}))
        else:
            click.echo(f"{shown_time(at)} {one_line(repr(event))}")


def _facts(event: Push) -> dict[str, object]:
    data = json.loads(encode(to_wire(event)), parse_float=str)
    return {"topic": event.topic, "event_id": event.event_id, "data": data}


@click.command(
    epilog=help_of(
        "orderly-sync replay day.jsonl.gz",
        "orderly-sync replay day.jsonl.gz --topic trades --symbol ETH --json",
        codes=(0, 2, 5, 130, 141),
    )
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--topic",
    "wanted",
    type=click.Choice([*_PRIVATE, *_PUBLIC]),
    multiple=True,
    help="These only; may be given again. Without any: orders, algo, positions and balance.",
)
@click.option("--symbol", metavar="SYMBOL", help="Of this market only; trades, bbo and marks need it.")
@click.option("--since", metavar="TIME", help="From then on: a time (UTC), or ms.")
@click.option("--until", metavar="TIME", help="Until then.")
@click.option(
    "--speed",
    type=click.FloatRange(0),
    default=0.0,
    show_default=True,
    help="1 is as recorded; 0 as fast as it can.",
)
@json_option
def replay(
    *,
    file: Path,
    wanted: tuple[str, ...],
    symbol: str | None,
    since: str | None,
    until: str | None,
    speed: float,
    as_json: bool,
) -> None:
    """Print the events of a recording in their order, and on stderr what it amounts to."""
    market = None if symbol is None else native_symbol(symbol)
    with Replay(file, speed=speed) as played:
        told = _Told(played, _ms(since, "--since", 0), _ms(until, "--until", 2**62), as_json)
        for name in wanted or tuple(_PRIVATE):
            if name in _PRIVATE:
                played.on(_PRIVATE[name], told, symbol=None if name == "balance" else market)
            else:
                played.on(_public(name, market), told)
        while played.step():
            pass
    last = shown_time(played.time) or "nothing"
    note(
        f"{file}: {played.frames} frames until {last}, {played.damaged} not readable; {told.count} events shown; "
        f"{len(played.orders)} orders, {len(played.algo_orders)} algo orders and {len(played.positions)} positions open"
    )


def _public(name: str, market: str | None) -> Topic[Push]:
    if market is None:
        raise UsageError(f"--topic {name} is of one market; name it by --symbol")
    made = {"trades": topics.trade, "bbo": topics.bbo, "marks": topics.mark_price}
    return made[name](market)


def _ms(text: str | None, name: str, default: int) -> int:
    if text is None:
        return default
    given = typed(text, name)
    if isinstance(given, str) and given[-1:] in "smhdw":
        raise UsageError(f"{name} {text!a:.40}: a recording has no now; give a time (UTC) or ms since 1970")
    found = milliseconds(given, name)
    return default if found is None else found
