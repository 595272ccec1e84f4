"""``orderly-sync completion``: what a shell needs to complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from orderly_sync.cli.epilogs import help_of
from orderly_sync.errors import UsageError

__all__ = ["completion"]


@click.command(
    epilog=help_of(
        'eval "$(orderly-sync completion bash)"',
        "orderly-sync completion zsh > ~/.zfunc/_orderly-sync",
        "orderly-sync completion fish > ~/.config/fish/completions/orderly-sync.fish",
        codes=(0, 2),
    )
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, *, shell: str) -> None:
    """Print the script that completes commands and options in a shell."""
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"this click knows no completion for {shell}; install click 8.1 or newer")
    click.echo(kind(ctx.find_root().command, {}, "orderly-sync", "_ORDERLY_SYNC_COMPLETE").source())
