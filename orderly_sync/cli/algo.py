"""``orderly-sync algo``: orders that wait at the venue until the mark price sets them off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

import click

from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.filters import filters
from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.options import account_options, json_option, list_options
from orderly_sync.cli.output import show
from orderly_sync.cli.placing import SendOptions, placing_options, send
from orderly_sync.cli.target import Target
from orderly_sync.connecting import connect
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.trading.algo_requests import AlgoRequest, Stop, TrailingStop
from orderly_sync.trading.leg_requests import Bracket, PositionalTpSl, TpSl

__all__ = ["algo"]

F = TypeVar("F", bound=Callable[..., object])
_CODES = (0, 1, 2, 3, 4, 130)
_TYPES = ("STOP", "TP_SL", "POSITIONAL_TP_SL", "BRACKET", "TRAILING_STOP")


@click.group(
    epilog=help_of(
        "orderly-sync algo list", "orderly-sync algo stop sell ETH 0.5 --trigger 2900", codes=_CODES
    )
)
def algo() -> None:
    """Algo orders: list them, place one of each type; orderly-sync cancel cancels them."""


@algo.command("list", epilog=help_of("orderly-sync algo list --type STOP --symbol ETH --json"))
@account_options
@list_options("symbol", "side", "status", "since", "until", "limit")
@click.option(
    "--type", "algo_type", type=click.Choice(_TYPES, case_sensitive=False), help="Of this type only."
)
@json_option
def list_algo(*, target: Target, as_json: bool, limit: int, **wanted: str | None) -> None:
    """List algo orders with the nodes below them, the newest first."""
    with target.rest() as rest:
        page = rest.orders.list_algo(**filters(rest, limit, **wanted))
        roots = list(islice(page.each(), limit))
    show(layout_of("algo list"), _nodes(roots), as_json=as_json)


@algo.command("show", epilog=help_of("orderly-sync algo show 1234 --network venue.json"))
@click.argument("order")
@account_options
@json_option
def show_algo(*, target: Target, order: str, as_json: bool) -> None:
    """Show one algo order with the nodes below it, by its id or by your own."""
    with target.rest() as rest:
        by_id = order.isdecimal()
        root = rest.orders.get_algo(order) if by_id else rest.orders.get_algo_by_client_order_id(order)
    show(layout_of("algo show"), _nodes([root]), as_json=as_json)


def _nodes(roots: Iterable[AlgoOrder]) -> Iterator[AlgoOrder]:
    for node in roots:
        yield node
        yield from _nodes(node.child_orders)


def _sided(function: F) -> F:
    side = click.argument("side", type=click.Choice(["buy", "sell"], case_sensitive=False))
    return side(click.argument("symbol")(function))


_QUANTITY = click.argument("quantity")
_TAKE_PROFIT = click.option("--take-profit", metavar="USDC", help="The mark price at which profit is taken.")
_STOP_LOSS = click.option("--stop-loss", metavar="USDC", help="The mark price at which the loss is stopped.")
_LEG_PRICES = (
    click.option("--take-profit-price", metavar="USDC", help="Take profit by a limit order at this price."),
    click.option("--stop-loss-price", metavar="USDC", help="Stop the loss by a limit order at this price."),
)


def _legs(function: F) -> F:
    for option in reversed((_TAKE_PROFIT, _STOP_LOSS, *_LEG_PRICES)):
        function = option(function)
    return function


def _send(kind: Any, sending: SendOptions, side: str, symbol: str, terms: Mapping[str, object]) -> None:
    order: AlgoRequest = (kind.buy if side.lower() == "buy" else kind.sell)(symbol, **terms)
    send(order, sending, connect)


@algo.command("stop", epilog=help_of("orderly-sync algo stop sell ETH 0.5 --trigger 2900", codes=_CODES))
@_sided
@_QUANTITY
@click.option("--trigger", metavar="USDC", required=True, help="The mark price that sets it off.")
@click.option("--price", metavar="USDC", help="Then trade by a limit order at this price.")
@account_options
@json_option
@placing_options
def stop(*, sending: SendOptions, side: str, symbol: str, **terms: object) -> None:
    """Place a stop order: it trades once the mark price has come to --trigger."""
    _send(Stop, sending, side, symbol, terms)


@algo.command(
    "trailing-stop",
    epilog=help_of("orderly-sync algo trailing-stop sell ETH 0.5 --callback-rate 0.01", codes=_CODES),
)
@_sided
@_QUANTITY
@click.option("--callback-rate", metavar="FRACTION", help="How far it turns back: 0.01 is 1 %.")
@click.option("--callback-value", metavar="USDC", help="How far it turns back.")
@click.option(
    "--activation", metavar="USDC", help="The mark price from which on it trails; at once without one."
)
@account_options
@json_option
@placing_options
def trailing_stop(*, sending: SendOptions, side: str, symbol: str, **terms: object) -> None:
    """Place a trailing stop: it trades once the mark price has turned back from its best."""
    _send(TrailingStop, sending, side, symbol, terms)


@algo.command(
    "tp-sl",
    epilog=help_of("orderly-sync algo tp-sl sell ETH 0.5 --take-profit 3400 --stop-loss 2900", codes=_CODES),
)
@_sided
@_QUANTITY
@_legs
@account_options
@json_option
@placing_options
def tp_sl(*, sending: SendOptions, side: str, symbol: str, **terms: object) -> None:
    """Place take profit and stop loss of a quantity; SIDE is the side of the legs, so sell guards a long position."""
    _send(TpSl, sending, side, symbol, terms)


@algo.command(
    "positional-tp-sl",
    epilog=help_of("orderly-sync algo positional-tp-sl sell ETH --stop-loss 2900", codes=_CODES),
)
@_sided
@_TAKE_PROFIT
@_STOP_LOSS
@account_options
@json_option
@placing_options
def positional_tp_sl(*, sending: SendOptions, side: str, symbol: str, **terms: object) -> None:
    """Place take profit and stop loss of the whole position; SIDE is the side of the legs."""
    _send(PositionalTpSl, sending, side, symbol, terms)


@algo.command(
    "bracket",
    epilog=help_of(
        "orderly-sync algo bracket buy ETH 0.5 --price 3000 --take-profit 3400 --stop-loss 2900", codes=_CODES
    ),
)
@_sided
@_QUANTITY
@click.option("--price", metavar="USDC", help="Enter by a limit order at this price; at market without one.")
@_legs
@click.option("--positional", is_flag=True, default=None, help="The legs close the whole position.")
@account_options
@json_option
@placing_options
def bracket(*, sending: SendOptions, side: str, symbol: str, **terms: object) -> None:
    """Place an entry whose take profit and stop loss arm when it executes; SIDE is the entry's."""
    _send(Bracket, sending, side, symbol, terms)
