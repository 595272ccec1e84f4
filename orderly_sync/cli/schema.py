"""``orderly-sync schema``: what ``--json`` of each command prints, as JSON Schema."""

from __future__ import annotations

import json

import click

from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.layouts import LAYOUTS
from orderly_sync.errors import UsageError

__all__ = ["schema"]


@click.command(epilog=help_of("orderly-sync schema", "orderly-sync schema positions", codes=(0, 2)))
@click.argument("command", nargs=-1, metavar="[COMMAND]...")
def schema(*, command: tuple[str, ...]) -> None:
    """Print the JSON Schema of a command's --json, or of all commands in one object.

    Fields are never renamed and keep their type; new ones may be added.
    """
    name = " ".join(command)
    if name and name not in LAYOUTS:
        raise UsageError(f"no command {name!a:.60} prints JSON of a schema; these do: {', '.join(LAYOUTS)}")
    told = LAYOUTS[name].schema() if name else {one: layout.schema() for one, layout in LAYOUTS.items()}
    click.echo(json.dumps(told, indent=2))
