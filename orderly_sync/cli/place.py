"""``orderly-sync place``: an ordinary order."""

from __future__ import annotations

from typing import Any

import click

from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.options import account_options, json_option
from orderly_sync.cli.placing import SendOptions, placing_options, send
from orderly_sync.connecting import connect
from orderly_sync.errors import UsageError
from orderly_sync.trading.orders import Fok, Ioc, Limit, Market, OrderRequest, PostOnly

__all__ = ["place"]

_KINDS: dict[str, type[OrderRequest]] = {
    "limit": Limit,
    "market": Market,
    "ioc": Ioc,
    "fok": Fok,
    "post-only": PostOnly,
}


@click.command(
    epilog=help_of(
        "orderly-sync place buy ETH 0.5 --price 3000 --dry-run",
        "orderly-sync place sell ETH 0.5 --reduce-only --max-notional 2000 --network venue.json --yes",
        "orderly-sync place buy ETH --amount 500 --slippage 0.01",
        codes=(0, 1, 2, 3, 4, 130),
    )
)
@click.argument("side", type=click.Choice(["buy", "sell"], case_sensitive=False))
@click.argument("symbol")
@click.argument("quantity", required=False)
@click.option("--price", metavar="USDC", help="The limit; without one it is a market order.")
@click.option(
    "--type",
    "kind",
    type=click.Choice(sorted(_KINDS), case_sensitive=False),
    help="limit with a price and market without one, unless it is given.",
)
@click.option(
    "--amount", metavar="USDC", help="Of a market order: how much it is worth, instead of QUANTITY."
)
@click.option(
    "--slippage", metavar="FRACTION", help="Of a market order: how far from the mark price, 0.01 is 1 %."
)
@click.option(
    "--adjust", is_flag=True, default=None, help="Of post-only: move the price rather than be cancelled."
)
@click.option("--visible-quantity", metavar="QUANTITY", help="The most that the book may show; 0 hides it.")
@account_options
@json_option
@placing_options
def place(*, sending: SendOptions, side: str, symbol: str, kind: str | None = None, **terms: object) -> None:
    """Place an order: BUY or SELL a QUANTITY of SYMBOL, in base units.

    What will be sent is shown first, and you are asked, unless --yes or --dry-run says otherwise. Steps and bounds of
    the market are checked before anything is sent.
    """
    name = kind or ("limit" if "price" in terms else "market")
    made = _KINDS[name]
    known = {field.name for field in made.__attrs_attrs__} - ({"price"} if made is Market else set())
    for term in terms:
        if term not in known:
            raise UsageError(f"a {name} order takes no --{term.replace('_', '-')}")
    make: Any = made
    order = (make.buy if side.lower() == "buy" else make.sell)(symbol, **terms)
    send(order, sending, connect, at_once=made in {Market, Ioc, Fok})
