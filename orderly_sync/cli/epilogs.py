"""The end of each command's help."""

from __future__ import annotations

from collections.abc import Sequence

from orderly_sync.cli.exits import EXIT_CODES

__all__ = ["help_of"]


def help_of(*examples: str, codes: Sequence[int] = (0, 1, 2, 3, 130)) -> str:
    """The end of a command's help: examples, and what its exit codes mean."""
    lines = ["\b", "Examples:", *(f"  {example}" for example in examples), "", "\b", "Exit codes:"]
    return "\n".join([*lines, *(f"  {code:<4} {EXIT_CODES[code]}" for code in codes)])
