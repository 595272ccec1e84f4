"""The command ``orderly-sync``. Each subcommand lives in a module of its own, imported only when it is asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from orderly_sync._version import __version__
from orderly_sync.extras import extra_of, lacking

__all__ = ["main"]

# Command, and the module and attribute that hold it.
_COMMANDS = {
    "demo": "orderly_sync.cli.demo:demo",
    "venue": "orderly_sync.cli.venue:venue",
    "doctor": "orderly_sync.cli.doctor:doctor",
    "conformance": "orderly_sync.cli.conformance:conformance",
    "keys": "orderly_sync.cli.keys:keys",
    "balance": "orderly_sync.cli.account:balance",
    "positions": "orderly_sync.cli.account:positions",
    "orders": "orderly_sync.cli.orders:orders",
    "place": "orderly_sync.cli.place:place",
    "cancel": "orderly_sync.cli.orders:cancel",
    "algo": "orderly_sync.cli.algo:algo",
    "market": "orderly_sync.cli.market:market",
    "book": "orderly_sync.cli.market:book",
    "watch": "orderly_sync.cli.watch:watch",
    "history": "orderly_sync.cli.history:history",
    "record": "orderly_sync.cli.recording:record",
    "replay": "orderly_sync.cli.recording:replay",
    "journal": "orderly_sync.cli.journal:journal",
    "relay": "orderly_sync.cli.relay:relay",
    "api": "orderly_sync.cli.api:api",
    "schema": "orderly_sync.cli.schema:schema",
    "completion": "orderly_sync.cli.completion:completion",
}


def _load(name: str) -> object:
    """The click command of that name, None where its module is not part of this installation."""
    module, _, attribute = _COMMANDS[name].partition(":")
    try:
        return getattr(import_module(module), attribute)
    except ModuleNotFoundError as exc:
        if exc.name == module:
            return None
        raise


def _group() -> Any:
    """The click group; click is imported here, since it belongs to an extra."""
    import click

    from orderly_sync.cli.command_group import make_group

    group = make_group(list(_COMMANDS), _load)
    return click.version_option(__version__, prog_name="orderly-sync")(group)


def main() -> None:
    """Run the command line; the entry point of ``orderly-sync``."""
    try:
        _group()(prog_name="orderly-sync")
    except ModuleNotFoundError as exc:
        extra = extra_of(exc.name)
        if extra is None:
            raise
        sys.exit(lacking(extra, "the paper venue" if extra == "paper" else "this command"))
