"""The command ``orderly-sync``. Each subcommand lives in a module of its own, imported only when it is asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from orderly_sync._version import __version__
from orderly_sync.errors import UsageError
from orderly_sync.extras import extra_of, lacking

__all__ = ["main"]

# Command, and the module and attribute that hold it.
_COMMANDS = {
    "venue": "orderly_sync.cli.venue:venue",
    "api": "orderly_sync.cli.api:api",
    "demo": "orderly_sync.cli.demo:demo",
    "journal": "orderly_sync.cli.journal:journal",
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

    class Lazy(click.Group):
        """Loads a subcommand when it is named."""

        def list_commands(self, ctx: click.Context) -> list[str]:
            del ctx
            return [name for name in _COMMANDS if _load(name) is not None]

        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            del ctx
            command = _load(cmd_name) if cmd_name in _COMMANDS else None
            return command if isinstance(command, click.Command) else None

    group = Lazy(name="orderly-sync", help="The synchronous SDK of Orderly Network and its paper venue.")
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
    except UsageError as exc:
        sys.exit(str(exc))
