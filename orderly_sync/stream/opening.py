"""Making the connections of a stream, as its options say."""

from __future__ import annotations

from orderly_sync.stream.backoff import DialBudget, full_jitter
from orderly_sync.stream.connection import Connection, ConnectionListener
from orderly_sync.stream.events import ClockSkew
from orderly_sync.stream.login import Login
from orderly_sync.stream.options import ANYBODY, Options

__all__ = ["connection_of"]


def connection_of(home: ConnectionListener, options: Options, name: str) -> Connection:
    """The ``"private"`` or the ``"public"`` connection, not yet dialled."""
    if options.carrier is not None:
        carried: Connection = options.carrier(home, options, name)
        return carried
    private, clock = name == "private", options.clock
    clock.listen(home.announce, ClockSkew.of)
    base = options.network.ws_private if private else options.network.ws_public
    account = options.credentials.account_id if options.credentials is not None else ANYBODY
    return Connection(
        name,
        f"{base}/{account}",
        home,
        login=Login(options.credentials, clock) if private and options.credentials is not None else None,
        delays=options.delays,
        # Whoever brings delays of his own decides how often is too often.
        budget=DialBudget() if options.delays is full_jitter else None,
        clock=clock,
        timeouts=options.timeouts,
        ca_file=options.ca_file,
        proxy=options.proxy,
        record=options.record,
    )
