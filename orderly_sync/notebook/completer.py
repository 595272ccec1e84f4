"""Completion by tab in IPython: a matcher beside its own, for what those do not see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from orderly_sync.notebook.completion import completed
from orderly_sync.notebook.symbols import Symbols

__all__ = ["HasSymbols", "complete_in"]


class HasSymbols(Protocol):
    """A client, as far as completion knows it."""

    @property
    def symbols(self) -> Symbols:
        """What its venue lists."""


def complete_in(shell: Any, live: Callable[[], Sequence[HasSymbols]]) -> None:
    """Have a shell complete symbols, keys of live mappings and values of arguments.

    Args:
        shell: Of IPython, 8.6 or newer; one without a completer is left alone.
        live: The clients that there are, asked for symbols where none is named.
    """
    completer = getattr(shell, "Completer", None)
    if completer is None:
        return
    from IPython.core.completer import SimpleCompletion, context_matcher

    def symbols(root: object) -> Iterable[str]:
        named = getattr(root, "symbols", None)
        found = named if isinstance(named, Symbols) else next((one.symbols for one in live()), None)
        return () if found is None else found.spellings()

    def matcher(context: Any) -> Mapping[str, object]:
        lines = context.full_text.split("\n")[: context.cursor_line + 1]
        lines[-1] = lines[-1][: context.cursor_position]
        found = completed("\n".join(lines), shell.user_ns, symbols)
        if found is None:
            return {"completions": []}
        made = [SimpleCompletion(text=text, type="value") for text in found.texts]
        return {"completions": made, "matched_fragment": found.fragment, "suppress": True}

    completer.custom_matchers.append(context_matcher(identifier="orderly_sync")(matcher))
