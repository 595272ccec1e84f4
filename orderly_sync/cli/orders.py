"""``orderly-sync orders`` and ``cancel``: ordinary orders."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import click

from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.filters import filters
from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.options import account_options, json_option, list_options
from orderly_sync.cli.output import show
from orderly_sync.cli.target import Target
from orderly_sync.errors import NotFound, UsageError
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.order import Order
from orderly_sync.rest import Rest
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["cancel", "orders"]


@click.command(
    epilog=help_of(
        "orderly-sync orders --network venue.json",
        "orderly-sync orders --status done --symbol ETH --since 2d --limit 20 --json",
    )
)
@account_options
@list_options("symbol", "side", "status", "since", "until", "limit")
@json_option
def orders(*, target: Target, as_json: bool, limit: int, **wanted: str | None) -> None:
    """List ordinary orders, newest first: the open ones unless --status says otherwise."""
    with target.rest() as rest:
        page = rest.orders.list(**filters(rest, limit, **wanted))
        rows = list(islice(page.each(), limit))
    show(layout_of("orders"), rows, as_json=as_json)


@click.command(
    epilog=help_of(
        "orderly-sync cancel 1234 --network venue.json",
        "orderly-sync cancel my-own-id",
        "orderly-sync cancel --all --symbol ETH --yes",
        codes=(0, 1, 2, 3, 4, 130),
    )
)
@click.argument("order", nargs=-1, metavar="[ORDER]...")
@click.option(
    "--all", "every", is_flag=True, help="All open orders and algo orders, of --symbol or of all markets."
)
@click.option("--symbol", metavar="SYMBOL", help="With --all: of this market only.")
@click.option("--yes", is_flag=True, help="Do not ask before all are cancelled.")
@account_options
@json_option
def cancel(
    *, target: Target, order: tuple[str, ...], every: bool, symbol: str | None, yes: bool, as_json: bool
) -> None:
    """Cancel orders and algo orders by their ids, or by the ids that you gave them.

    The venue answers that it has passed a cancel on; orderly-sync orders shows what became of it.
    """
    if every is bool(order) or (symbol is not None and not every):
        raise UsageError("cancel takes ids of orders, or --all, which alone may have --symbol")
    market = None if symbol is None else native_symbol(symbol)
    if every and not yes:
        where = market or "all markets"
        click.confirm(f"Cancel all orders and algo orders of {where}?", abort=True, err=True)
    with target.rest() as rest:
        rows = list(_cancel_all(rest, market) if every else (_cancel(rest, one) for one in order))
    show(layout_of("cancel"), rows, as_json=as_json)


def _cancel_all(rest: Rest, market: str | None) -> Iterator[dict[str, object]]:
    for kind, sent in (
        ("order", rest.orders.cancel_all(symbol=market)),
        ("algo", rest.orders.cancel_all_algo(symbol=market)),
    ):
        yield {"order_id": None, "symbol": market, "kind": kind, "status": sent.status}


def _cancel(rest: Rest, name: str) -> dict[str, object]:
    """Cancel what an id names: an order, else an algo order."""
    found = _found(rest, name)
    symbol = found.symbol or ""
    if isinstance(found, AlgoOrder):
        sent = rest.orders.cancel_algo(symbol=symbol, order_id=found.algo_order_id)
        return {"order_id": found.algo_order_id, "symbol": symbol, "kind": "algo", "status": sent.status}
    sent = rest.orders.cancel(symbol=symbol, order_id=found.order_id)
    return {"order_id": found.order_id, "symbol": symbol, "kind": "order", "status": sent.status}


def _found(rest: Rest, name: str) -> Order | AlgoOrder:
    by_id = name.isdecimal()
    asks = (
        (rest.orders.get, rest.orders.get_algo)
        if by_id
        else (rest.orders.get_by_client_order_id, rest.orders.get_algo_by_client_order_id)
    )
    try:
        return asks[0](name)
    except NotFound:
        return asks[1](name)
