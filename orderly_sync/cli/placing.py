"""Placing an order from the command line: show what will be sent, ask, send, say what became of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import attrs
import click

from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.output import note, show
from orderly_sync.cli.target import Target
from orderly_sync.client import Orderly
from orderly_sync.errors import DryRun
from orderly_sync.rest import Rest
from orderly_sync.trading.algo_handle import AlgoHandle
from orderly_sync.trading.algo_requests import AlgoRequest
from orderly_sync.trading.handles import OrderHandle
from orderly_sync.trading.markets import Markets
from orderly_sync.trading.orders import OrderRequest

__all__ = ["SendOptions", "placing_options", "send"]

F = TypeVar("F", bound=Callable[..., object])

_OPTIONS = (
    click.option("--client-order-id", metavar="ID", help="Your own id of it; a new one unless it is given."),
    click.option("--reduce-only", is_flag=True, default=None, help="Only ever shrink the position."),
    click.option(
        "--margin-mode",
        type=click.Choice(["CROSS", "ISOLATED"], case_sensitive=False),
        help="From which margin it trades.",
    ),
    click.option("--order-tag", metavar="TAG", help="A tag to find it by."),
    click.option("--yes", is_flag=True, help="Send it without asking."),
    click.option("--dry-run", is_flag=True, help="Check it and print what would be sent; send nothing."),
    click.option(
        "--max-notional",
        metavar="USDC",
        help="Refuse it if it is worth more, by its price or the mark price.",
    ),
    click.option(
        "--wait",
        type=click.FloatRange(0),
        metavar="SECONDS",
        help="Wait until it is filled, cancelled or rejected; 10 for orders that trade at once, else 0.",
    ),
)


@attrs.frozen(kw_only=True)
class SendOptions:
    """How an order is to be sent, from the options of its command."""

    target: Target
    yes: bool
    dry_run: bool
    max_notional: str | None
    wait: float | None
    as_json: bool


_HOW = [field.name for field in attrs.fields(SendOptions)]


def placing_options(function: F) -> F:
    """What every command that places an order takes, beside ``account_options`` and ``json_option`` above it.

    The function is given SendOptions and the order's own terms.
    """

    @wraps(function)
    def call(**given: Any) -> object:
        sending = SendOptions(**{name: given.pop(name) for name in _HOW})
        return function(
            sending=sending, **{name: value for name, value in given.items() if value is not None}
        )

    wrapped: Any = call
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]


def send(
    order: OrderRequest | AlgoRequest,
    sending: SendOptions,
    connect: Callable[..., Orderly],
    *,
    at_once: bool = False,
) -> None:
    """Show, ask, send.

    Args:
        order: What to place.
        sending: How.
        connect: Makes the client that sends it.
        at_once: Whether it is done at once, so that its end is waited for.

    Raises:
        OrderlyError: It is refused, or its outcome is unknown.
    """
    if sending.dry_run:
        with sending.target.rest() as rest:
            _shown(_preview(rest, order, sending.max_notional), order, sending)
        return
    venue = sending.target.venue()
    account = sending.target.account_of(venue)
    with connect(venue, max_notional=sending.max_notional, **account) as ex:
        planned = _preview(ex.rest, order, sending.max_notional)
        if not sending.yes:
            note(f"on {ex.rest.network.name}: {planned.request} {planned.body}")
            if not click.confirm("Send it?", err=True):
                raise click.Abort
        handle = ex.place(order)
        wait = sending.wait if sending.wait is not None else 10.0 * at_once
        if wait:
            try:
                handle.wait("done", wait)
            except TimeoutError:
                note(f"it is not done after {wait:g} s")
        _shown(planned, order, sending, handle)


def _shown(
    planned: DryRun,
    order: OrderRequest | AlgoRequest,
    sending: SendOptions,
    handle: OrderHandle | AlgoHandle | None = None,
) -> None:
    row: dict[str, object] = {
        "sent": handle is not None,
        "request": planned.request,
        "body": planned.body,
        "client_order_id": order.client_order_id,
    }
    if handle is not None:
        row |= {
            "order_id": handle.order_id,
            "status": handle.status,
            "filled": handle.filled,
            "average_price": getattr(handle, "average_price", None),
            "fee": getattr(handle, "fee", None),
        }
    elif not sending.as_json:
        note(f"not sent: {planned.body}")
    show(layout_of("place"), row, as_json=sending.as_json)


def _preview(rest: Rest, order: OrderRequest | AlgoRequest, max_notional: str | None) -> DryRun:
    """The request as it would be sent, after every check of this client."""
    Markets(rest).check(order.symbol)
    order.check(rest.market.rules(order.symbol))
    try:
        with Rest(rest.network, rest.credentials, dry_run=True, max_notional=max_notional) as dry:
            order.send(dry.orders)
    except DryRun as planned:
        return planned
    raise AssertionError("a dry run has sent an order")
