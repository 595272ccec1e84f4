"""``orderly-sync conformance``: a venue held against what this package takes for granted."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.exits import INTERRUPTED, UNREACHABLE
from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.options import json_option, named_venue_options
from orderly_sync.cli.output import note, show
from orderly_sync.cli.target import Target
from orderly_sync.conformance.assumptions import untold
from orderly_sync.conformance.check import CheckResult, ConformanceCheck, Verdict
from orderly_sync.conformance.plan import CHECKS
from orderly_sync.conformance.report import ConformanceReport
from orderly_sync.conformance.report_text import report_text
from orderly_sync.conformance.run import run_conformance
from orderly_sync.conformance.venue_access import ConformanceOptions
from orderly_sync.wire.numbers import number

__all__ = ["conformance"]


@click.command(
    epilog=help_of(
        "orderly-sync conformance testnet",
        "orderly-sync conformance testnet -o report.json",
        "orderly-sync conformance testnet --trade --max-notional 50 -o report.json",
        "orderly-sync conformance --list",
        codes=(0, 1, 2, 3, 130),
    )
)
@named_venue_options
@click.option("--symbol", default="PERP_ETH_USDC", show_default=True, help="The market that is looked at.")
@click.option(
    "--listen",
    type=click.FloatRange(0, 600),
    default=70.0,
    show_default=True,
    metavar="SECONDS",
    help="How long public topics are listened to at most.",
)
@click.option("--trade", is_flag=True, help="Place tiny orders as well, and end flat; needs --max-notional.")
@click.option(
    "--max-notional",
    metavar="USDC",
    help="The most that one order may be worth; the smallest that the market takes are placed.",
)
@click.option("--yes-mainnet", is_flag=True, help="Trade even where money is real.")
@click.option(
    "--speed",
    type=click.FloatRange(1),
    default=1.0,
    show_default=True,
    help="Of a paper venue that was started with --speed: how much faster its time runs.",
)
@click.option(
    "--only", multiple=True, metavar="NAME", help="Run this check only, * for any; may be given again."
)
@click.option("--progress", is_flag=True, help="Tell each check on stderr, also where no terminal shows it.")
@click.option("--list", "listed", is_flag=True, help="Print all checks and what each tests; ask nobody.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the report there: JSON, or the page for people if its name ends in .txt.",
)
@json_option
@click.pass_context
def conformance(
    ctx: click.Context,
    *,
    target: Target,
    symbol: str,
    listen: float,
    trade: bool,
    max_notional: str | None,
    yes_mainnet: bool,
    speed: float,
    only: tuple[str, ...],
    progress: bool,
    listed: bool,
    output: Path | None,
    as_json: bool,
) -> None:
    """Hold a venue against what this package takes for granted; exit code 1 if something differs.

    NETWORK is paper, testnet, mainnet, or a paper venue that runs: its URL, its line, or a file that holds it. Each
    public operation is asked once and each topic listened to; with a key, those that it may read, too. The report
    holds no ids, keys, addresses and amounts: each is an alias.
    """
    if listed:
        for check in CHECKS:
            click.echo(f"{check.group:<8} {check.name:<46} {check.assumption} [{check.rests}]")
        for file, words, reason in untold():
            click.echo(f"{'none':<8} {file}: {words}: {reason}")
        return
    with target.optional().found() as (network, credentials):
        proxy = None if target.is_own_paper else target.proxy
        options = ConformanceOptions(
            symbol=symbol,
            listen=listen,
            speed=speed,
            trade=trade,
            max_notional=number(max_notional, "--max-notional"),
            real_money=yes_mainnet,
            only=only,
            proxy=proxy,
        )
        report = run_conformance(network, credentials, options, told=partial(_told, progress))
    if output is not None:
        output.write_text(
            report_text(report) if output.suffix == ".txt" else report.to_json(), encoding="utf-8"
        )
    if as_json:
        show(layout_of("conformance"), report.as_json(), as_json=True)
    else:
        click.echo(report_text(report), nl=False)
    code = _code(report)
    if code:
        ctx.exit(code)


def _told(progress: bool, check: ConformanceCheck, result: CheckResult) -> None:
    """What differs at once; all, where somebody looks on."""
    if result.verdict is Verdict.DIFFERS or progress or sys.stderr.isatty():
        note(f"{result.verdict}: {check.name}: {result.says}")


def _code(report: ConformanceReport) -> int:
    if report.ended.startswith("interrupted"):
        return INTERRUPTED
    if report.ended != "complete":
        return UNREACHABLE
    failed = any(one["state"] == "failed" for one in report.ground)
    return 1 if failed or report.count(Verdict.DIFFERS) else 0
