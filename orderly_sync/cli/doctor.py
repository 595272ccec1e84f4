"""``orderly-sync doctor``: what might be wrong, and what to do about it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from orderly_sync.checks.check import CheckState, CheckSubject, Finding, run_checks
from orderly_sync.checks.checks import CHECKS
from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.exits import one_line
from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.options import account_options, json_option
from orderly_sync.cli.output import show
from orderly_sync.cli.target import Target
from orderly_sync.rest import Rest, Retries

__all__ = ["doctor"]

_MARKS = {CheckState.OK: "ok", CheckState.WARNING: "!!", CheckState.FAILED: "XX", CheckState.SKIPPED: "--"}


@click.command(
    epilog=help_of(
        "orderly-sync doctor",
        "orderly-sync doctor --network testnet --folder ~/bot",
        "orderly-sync doctor --json",
    )
)
@account_options
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default="this folder",
    help="Where journals and recordings are to be kept.",
)
@json_option
@click.pass_context
def doctor(ctx: click.Context, *, target: Target, folder: Path, as_json: bool) -> None:
    """Check this machine, the way to the venue, the clock and the key; exit code 1 if something does not work."""
    with target.optional().found() as (network, credentials):
        proxy = None if target.is_own_paper else target.proxy
        with Rest(network, credentials, proxy=proxy, retries=Retries(tries=1)) as rest:
            subject = CheckSubject(
                network=network,
                rest=rest,
                credentials=credentials,
                proxy=proxy,
                folder=folder,
                environ=os.environ,
            )
            found = []
            for one in run_checks(CHECKS, subject):
                found.append(one)
                if not as_json:
                    _print(one)
    if as_json:
        show(layout_of("doctor"), found, as_json=True)
    if any(one.state is CheckState.FAILED for one in found):
        ctx.exit(1)


def _print(one: Finding) -> None:
    click.echo(f"{_MARKS[one.state]}  {one.name:<15} {one_line(one.says)}")
    if one.advice:
        click.echo(f"    {'':<15} -> {one_line(one.advice)}")
