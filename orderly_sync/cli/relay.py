"""``orderly-sync relay``: hold an account's connection, and publish what it hears over Redis for bots elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.options import account_options
from orderly_sync.cli.output import note
from orderly_sync.cli.stopping import told_to_stop
from orderly_sync.cli.target import Target
from orderly_sync.connecting import connect
from orderly_sync.errors import Disconnected
from orderly_sync.relay.access import bot_rules, relay_rules
from orderly_sync.relay.relay import Relay

__all__ = ["relay"]

_STEP = 0.5


@click.command(
    epilog=help_of(
        "orderly-sync relay --redis redis://127.0.0.1:6379 --network testnet",
        "ORDERLY_REDIS=rediss://relay:word@redis.example:6380 orderly-sync relay --network mainnet",
        "orderly-sync relay --acl grid-1",
    )
)
@click.option(
    "--redis",
    "url",
    envvar="ORDERLY_REDIS",
    show_envvar=True,
    default="redis://127.0.0.1:6379",
    metavar="URL",
    help="Where to publish: redis://user:password@host:port, or rediss:// for TLS; redis://127.0.0.1:6379 without it.",
)
@account_options
@click.option(
    "--prefix", default="orderly", show_default=True, help="Begins the names of all keys; one account each."
)
@click.option(
    "--keep", type=click.FloatRange(1), default=3600.0, show_default=True, metavar="SECONDS", help="How long."
)
@click.option(
    "--maxlen",
    type=click.IntRange(1),
    default=100_000,
    show_default=True,
    help="Entries of each stream at most.",
)
@click.option(
    "--journal",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file for what Redis does not take, over the end of this process, too.",
)
@click.option(
    "--acl", metavar="GROUP", help="Print the rules of Redis's ACL for the relay and that bot, and end."
)
def relay(
    *, target: Target, url: str, prefix: str, keep: float, maxlen: int, journal: Path | None, acl: str | None
) -> None:
    """Hold the account's connection, and publish what it hears for bots: connect(via="redis://...").

    Start it twice, on two machines: one leads, the other stands by. Ctrl-C or SIGTERM ends it.
    """
    if acl is not None:
        click.echo(f"ACL SETUSER relay on >PASSWORD {' '.join(relay_rules(prefix))}")
        click.echo(f"ACL SETUSER {acl} on >PASSWORD {' '.join(bot_rules(prefix, acl))}")
        return
    venue = target.venue()
    account = target.account_of(venue)
    with (
        told_to_stop() as stopped,
        connect(venue, **account) as ex,
        Relay(ex, url, prefix=prefix, keep=keep, maxlen=maxlen, journal=journal) as made,
    ):
        shown = ""
        while not stopped.is_set():
            if made.status != shown:
                shown = made.status
                note(f"the relay under the prefix {prefix!r} is {shown}; Ctrl-C ends it")
            stopped.wait(_STEP)
            if ex.status in {"failed", "stopped"}:
                raise Disconnected("the connection to the venue has ended", final=True)
