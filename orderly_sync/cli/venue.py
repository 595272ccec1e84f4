"""``orderly-sync venue``: a paper venue until it is told to stop."""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import click

from orderly_sync.cli.epilogs import help_of
from orderly_sync.clock import SkewedClock
from orderly_sync.conformance.report import read_report
from orderly_sync.errors import DecodingError, UsageError
from orderly_sync.waiting import Flag
from orderly_sync.wire.json import decode

__all__ = ["venue"]

_MOST_SKEW = 366 * 86_400.0


@click.command(
    epilog=help_of(
        "orderly-sync venue --port 8700 > venue.json",
        "orderly-sync venue --market frozen --seed 7 --clock-skew 301",
        codes=(0, 1, 2),
    )
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The loopback address to listen on.")
@click.option(
    "--port",
    default=0,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port; 0 takes a free one.",
)
@click.option(
    "--seed", default=0, show_default=True, help="The same seed gives the same accounts, prices and events."
)
@click.option(
    "--market",
    type=click.Choice(["calm", "volatile", "frozen"]),
    help="How prices move, calm by default; frozen ones move only by the control calls.",
)
@click.option(
    "--follow", metavar="NETWORK", help="Take prices from mainnet, testnet or the URL of a public stream."
)
@click.option("--replay", metavar="FILE", help="Take prices from a recording, at --speed.")
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    help="How many times faster than the wall clock it runs, as far as the machine can.",
)
@click.option(
    "--clock-skew",
    type=float,
    metavar="SECONDS",
    help="How much later its clock shows than this machine's: more than 300 either way and logins are refused.",
)
@click.option("--accounts", default=2, show_default=True, help="How many funded accounts it opens.")
@click.option(
    "--rate-limits/--no-rate-limits", default=True, show_default=True, help="Keep the API's rate limits."
)
@click.option(
    "--fault",
    "faults",
    metavar="JSON",
    multiple=True,
    help='A fault from the start, such as {"kind": "lag_reads", "ms": 500}; may be given again.',
)
@click.option(
    "--deviate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A JSON list of deviations: what it does otherwise than documented. See docs/conformance.md.",
)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="REPORT",
    help="A report of orderly-sync conformance: it differs as that venue did.",
)
@click.option(
    "--console", is_flag=True, help="Serve a page to watch and move it in a browser; its URL goes to stderr."
)
def venue(
    faults: tuple[str, ...],
    clock_skew: float | None,
    deviate: Path | None,
    against: Path | None,
    **options: Any,
) -> None:
    """Serve a paper venue on loopback, until SIGINT or SIGTERM.

    The first line it prints is JSON: its URLs, the control token, and accounts with their keys. In Python,
    connect(line) trades on it and ex.paper controls it; other programs control it over HTTP, with JSON bodies:

    \b
    x-venue-token: TOKEN          the header of each call
    POST /venue/mark-price        {"symbol", "price"}
    POST /venue/market            {"symbol", "mark", "index", "bid", "ask"}
    POST /venue/advance           {"ms"}
    POST /venue/faults            {"add": {"kind": "drop", "topic": ...}}, {"deviate": [...]}; {"clear": true} ends them
    POST /venue/drop-connections
    POST /venue/maintenance       {"status": 2 or 0, "start", "end"}
    POST /venue/announce          {"message", "url"}
    POST /venue/tell              {"topic", "data", "account_id"}
    GET  /venue/ledger            ?account_id=&after=
    GET  /venue/snapshot          ?account_id=
    GET  /venue/health
    GET  /venue/mark-price        ?symbol=
    """  # noqa: D301 - \b is click's word for: keep these lines
    from orderly_sync.paper.start import open_venue

    stopped = Flag()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    # Before it listens: whoever reads the line may stop it at once.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        if clock_skew is not None:
            options["clock"] = _skewed(clock_skew)
        wanted = [decode(fault, "--fault") for fault in faults]
        deviations = _deviations(deviate, against)
        running = open_venue(**{name: value for name, value in options.items() if value is not None})
    except (UsageError, DecodingError) as exc:
        raise click.ClickException(str(exc)) from None
    # Whoever runs it by hand has configured no logging, and shall hear that it is slow or that its source is silent.
    told = logging.StreamHandler()
    told.setLevel(logging.WARNING)
    logging.getLogger("orderly_sync").addHandler(told)
    with running:
        try:
            running.faults(add=wanted, deviate=deviations)
        except UsageError as exc:
            raise click.ClickException(str(exc)) from None
        print(running.line(), flush=True)
        if running.console is not None:
            print(f"Open the console in a browser: {running.console}", file=sys.stderr, flush=True)
        while not stopped.wait(1.0):
            pass


def _deviations(deviate: Path | None, against: Path | None) -> list[object]:
    """What a file asks for, and what a report found.

    Raises:
        DecodingError: One of them cannot be read.
    """
    told = [] if deviate is None else decode(deviate.read_bytes(), str(deviate))
    found = [] if against is None else read_report(against.read_bytes()).deviations()
    return [*(told if isinstance(told, list) else [told]), *found]


def _skewed(seconds: float) -> SkewedClock:
    if not abs(seconds) <= _MOST_SKEW:
        raise UsageError(f"--clock-skew={seconds:g} is no skew of a clock; pass seconds, a year at most")
    return SkewedClock(round(seconds * 1000))
