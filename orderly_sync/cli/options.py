"""Options that several commands have: which venue, whose account, how to print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from orderly_sync.cli.target import Target

__all__ = [
    "account_options",
    "json_option",
    "list_options",
    "market_options",
    "named_venue_options",
    "proxy_option",
]

F = TypeVar("F", bound=Callable[..., object])

_NETWORK = click.option(
    "--network",
    default="paper",
    show_default=True,
    envvar="ORDERLY_NETWORK",
    show_envvar=True,
    metavar="NETWORK",
    help=(
        "paper (a venue inside this command), testnet, mainnet; or a venue that runs: its URL, the JSON line that "
        "orderly-sync venue prints, or a file that holds this line."
    ),
)
_NETWORK_FIRST = click.argument("network", default="paper", envvar="ORDERLY_NETWORK", metavar="[NETWORK]")
_ACCOUNT = click.option(
    "--account",
    metavar="ID",
    envvar="ORDERLY_ACCOUNT",
    show_envvar=True,
    help="Which account, by the beginning of its id: one of the keys of orderly-sync keys, or of a paper venue.",
)
_CREDENTIALS = click.option(
    "--credentials",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file of mode 0600 with account id and secret: JSON, or the .ini of the official connector.",
)
_PROXY = click.option(
    "--proxy", metavar="URL", help="An HTTP proxy, http://host:port; those of the environment are never used."
)


def json_option(function: F) -> F:
    """``--json``."""
    return click.option(
        "--json", "as_json", is_flag=True, help="JSON for programs; see orderly-sync schema."
    )(function)


def proxy_option(function: F) -> F:
    """``--proxy``."""
    return _PROXY(function)


def market_options(function: F) -> F:
    """Which venue; the function is given a ``Target`` that asks as nobody."""
    return _with_target(function, (_NETWORK, _PROXY))


def account_options(function: F) -> F:
    """Which venue and whose account; the function is given a ``Target``."""
    return _with_target(function, (_NETWORK, _ACCOUNT, _CREDENTIALS, _PROXY))


def named_venue_options(function: F) -> F:
    """The same, where the venue is the command's first word: paper, testnet, mainnet, or a venue that runs."""
    return _with_target(function, (_NETWORK_FIRST, _ACCOUNT, _CREDENTIALS, _PROXY))


def _with_target(function: F, options: Sequence[Callable[[Any], Any]]) -> F:
    @wraps(function)
    def call(
        *args: Any,
        network: str,
        proxy: str | None,
        account: str | None = None,
        credentials: Path | None = None,
        **given: Any,
    ) -> object:
        target = Target(
            place=network, account=account, file=credentials, proxy=proxy, private=_ACCOUNT in options
        )
        return function(*args, target=target, **given)

    wrapped: Any = call
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]


def list_options(*names: str) -> Callable[[F], F]:
    """Filters of a list, by their names: symbol, side, status, since, until, limit."""
    known: dict[str, Callable[[Any], Any]] = {
        "symbol": click.option("--symbol", metavar="SYMBOL", help="Of this market only, such as ETH."),
        "side": click.option(
            "--side", type=click.Choice(["BUY", "SELL"], case_sensitive=False), help="Of this side only."
        ),
        "status": click.option(
            "--status",
            type=click.Choice(
                [
                    *("open", "done", "NEW", "PARTIAL_FILLED", "FILLED", "CANCELLED", "REJECTED"),
                    *("INCOMPLETE", "COMPLETED"),
                ],
                case_sensitive=False,
            ),
            default="open",
            show_default=True,
            help="Those that stand so: open is INCOMPLETE, done is COMPLETED.",
        ),
        "since": click.option(
            "--since", metavar="TIME", help="From then on: an age such as 12h or 30d, a time (UTC), or ms."
        ),
        "until": click.option("--until", metavar="TIME", help="Until then; now unless it is given."),
        "limit": click.option(
            "--limit",
            type=click.IntRange(1),
            default=50,
            show_default=True,
            metavar="ROWS",
            help="So many rows at most, the newest.",
        ),
    }

    def add(function: F) -> F:
        for name in reversed(names):
            function = known[name](function)
        return function

    return add
