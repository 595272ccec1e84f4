"""The group of all commands: each is loaded when it is named, and however it ends, stderr gets one line and no more."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from orderly_sync.cli.exits import (
    CLOSED,
    EXIT_CODES,
    INTERRUPTED,
    UNREADABLE,
    USAGE,
    CommandFailed,
    failure,
    leave_closed_pipe,
)
from orderly_sync.errors import OrderlyError

__all__ = ["make_group"]

_HELP_INSTEAD: tuple[type[click.UsageError], ...] = tuple(
    one for one in (getattr(click.exceptions, "NoArgsIsHelpError", None),) if one is not None
)
"""What shows the help of a group that was named without a command, in click from 8.2 on."""

_HELP = """The synchronous SDK of Orderly Network and its paper venue.

Tables are for people, --json is for programs (orderly-sync schema shows its schemas). Commands that need a venue take
a paper venue of their own unless --network or ORDERLY_NETWORK names another; real money is traded where mainnet is
named, and nowhere else.
"""


class _LazyGroup(click.Group):
    """Loads a command when it is named, and ends it as the exit codes say."""

    def __init__(self, names: Sequence[str], load: Callable[[str], object], **options: Any) -> None:
        super().__init__(**options)
        self._names = names
        self._load = load

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [name for name in self._names if self._load(name) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        command = self._load(cmd_name) if cmd_name in self._names else None
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> object:
        try:
            result: object = super().invoke(ctx)
            sys.stdout.flush()  # while somebody can still say that the reader has gone
        except BrokenPipeError:
            leave_closed_pipe()
            raise click.exceptions.Exit(CLOSED) from None
        except click.UsageError as exc:
            if exc.ctx is None or isinstance(exc, _HELP_INSTEAD):
                raise
            see = f"see {exc.ctx.command_path} --help"
            raise CommandFailed(f"{exc.format_message().rstrip('.')}; {see}", USAGE) from None
        except (OrderlyError, TimeoutError) as exc:
            raise failure(exc) from None
        except OSError as exc:  # a full disk behind the output, a file that cannot be read
            raise CommandFailed(f"{exc.strerror or exc}{_of(exc.filename)}", UNREADABLE) from None
        except (KeyboardInterrupt, click.Abort):
            click.echo("interrupted", err=True)
            raise click.exceptions.Exit(INTERRUPTED) from None
        return result


def _of(name: object) -> str:
    return "" if name is None else f": {name}"


def make_group(names: Sequence[str], load: Callable[[str], object]) -> click.Group:
    """The command ``orderly-sync``.

    Args:
        names: Its commands, in the order in which help lists them.
        load: The click command of a name; None where it is not part of this installation.
    """
    codes = "\n".join(["\b", "Exit codes:", *(f"  {code:<4} {about}" for code, about in EXIT_CODES.items())])
    example = "\b\nExamples:\n  orderly-sync market\n  orderly-sync place buy ETH 0.1 --dry-run"
    return _LazyGroup(names, load, name="orderly-sync", help=_HELP, epilog=f"{example}\n\n{codes}")
