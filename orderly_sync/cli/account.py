"""``orderly-sync balance`` and ``positions``: what the account has."""

from __future__ import annotations

import click

from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.options import account_options, json_option
from orderly_sync.cli.output import note, show
from orderly_sync.cli.target import Target
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["balance", "positions"]


@click.command(epilog=help_of("orderly-sync balance", "orderly-sync balance --network testnet --json"))
@account_options
@click.option("--token", metavar="TOKEN", help="Of this token only, such as USDC.")
@json_option
def balance(*, target: Target, token: str | None, as_json: bool) -> None:
    """Show what the account holds of each token."""
    with target.rest() as rest:
        rows = list(rest.assets.holding(all=True))
    wanted = None if token is None else token.upper()
    show(layout_of("balance"), [row for row in rows if wanted in {None, row.token}], as_json=as_json)


@click.command(
    epilog=help_of("orderly-sync positions --network venue.json", "orderly-sync positions --side SELL")
)
@account_options
@click.option("--symbol", metavar="SYMBOL", help="Of this market only, such as ETH.")
@click.option(
    "--side", type=click.Choice(["BUY", "SELL"], case_sensitive=False), help="BUY is long, SELL short."
)
@click.option("--flat", is_flag=True, help="Also those of quantity 0 whose PnL is not settled yet.")
@json_option
def positions(*, target: Target, symbol: str | None, side: str | None, flat: bool, as_json: bool) -> None:
    """Show the open positions and, for people, the account's figures."""
    market = None if symbol is None else native_symbol(symbol)
    with target.rest() as rest:
        held = rest.positions.list()
    rows = [
        row
        for row in held
        if (market in {None, row.symbol}) and (side in {None, str(row.side)}) and (flat or row.quantity)
    ]
    show(layout_of("positions"), rows, as_json=as_json)
    if not as_json:
        note(
            f"account value {held.account_value} USDC, free collateral {held.free_collateral} USDC, "
            f"margin ratio {held.margin_ratio}"
        )
