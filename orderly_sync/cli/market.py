"""``orderly-sync market`` and ``book``: what everybody may see."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import click

from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.options import json_option, market_options
from orderly_sync.cli.output import show
from orderly_sync.cli.target import Target
from orderly_sync.connecting import connect
from orderly_sync.errors import UsageError
from orderly_sync.models.pushes.book import Level
from orderly_sync.rest import Rest
from orderly_sync.trading.markets import Markets
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["book", "market"]


@click.command(
    epilog=help_of(
        "orderly-sync market --network mainnet",
        "orderly-sync market ETH BTC --json",
        "orderly-sync market ETH --rules",
        "orderly-sync market ETH --trades --limit 10",
    )
)
@click.argument("symbol", nargs=-1, metavar="[SYMBOL]...")
@click.option("--rules", is_flag=True, help="Steps and bounds of orders instead.")
@click.option("--trades", is_flag=True, help="The newest trades of one market instead.")
@click.option(
    "--limit",
    type=click.IntRange(1, 500),
    default=50,
    show_default=True,
    metavar="ROWS",
    help="With --trades.",
)
@market_options
@json_option
def market(
    *, target: Target, symbol: tuple[str, ...], rules: bool, trades: bool, limit: int, as_json: bool
) -> None:
    """Show prices, funding and volume of markets: of all, or of those named."""
    wanted = [native_symbol(one) for one in symbol]
    if trades and (rules or len(wanted) != 1):
        raise UsageError("--trades shows the trades of one market; name one, and leave out --rules")
    with target.rest() as rest:
        if trades:
            rows: Iterable[object] = rest.market.trades(symbol=wanted[0], limit=limit)
        elif rules:
            rows = _chosen(rest, rest.market.symbols(), wanted)
        else:
            rows = _chosen(rest, rest.market.futures(), wanted)
    name = "market trades" if trades else "market rules" if rules else "market"
    show(layout_of(name), rows, as_json=as_json)


def _chosen(rest: Rest, rows: Iterable[object], wanted: list[str]) -> list[object]:
    held = {str(getattr(row, "symbol", "")): row for row in rows}
    missing = [name for name in wanted if name not in held]
    if missing:
        raise UsageError(f"there is no {missing[0]} on {rest.network.name}; orderly-sync market lists all")
    return [held[name] for name in (wanted or sorted(held))]


@click.command(
    epilog=help_of("orderly-sync book ETH", "orderly-sync book BTC --levels 20 --json --network mainnet")
)
@click.argument("symbol")
@click.option(
    "--levels", type=click.IntRange(1, 500), default=10, show_default=True, help="So many of each side."
)
@market_options
@json_option
def book(*, target: Target, symbol: str, levels: int, as_json: bool) -> None:
    """Show the order book of a market: asks above, bids below, the best in the middle."""
    venue = target.venue()
    with connect(venue, **target.account_of(venue)) as ex:
        Markets(ex.rest).check(native_symbol(symbol))
        held = ex.book(symbol).depth(levels)
    asks = list(_totals("ASK", held.asks))
    show(layout_of("book"), [*reversed(asks), *_totals("BID", held.bids)], as_json=as_json, title=held.symbol)


def _totals(side: str, levels: Iterable[Level]) -> Iterable[dict[str, object]]:
    total = Decimal(0)
    for level in levels:
        total += level.quantity
        yield {"side": side, "price": level.price, "quantity": level.quantity, "total": total}
