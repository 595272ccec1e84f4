"""The venue's symbols, for a prompt: tab completes them, as attributes and as keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from orderly_sync.errors import UsageError
from orderly_sync.models.market import SymbolRules
from orderly_sync.tables.shown import Tabular
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["Symbols"]


class Symbols(Tabular, Mapping[str, SymbolRules]):
    """What the venue lists: ``ex.symbols.ETH`` is ``"PERP_ETH_USDC"``, ``ex.symbols["ETH"]`` its rules.

    Read when first asked for; iterating goes over native symbols, and ``.df`` has the rules.

    Args:
        read: Reads the rules of all symbols.
    """

    def __init__(self, read: Callable[[], Iterable[SymbolRules]]) -> None:
        self._read = read
        self._rules: dict[str, SymbolRules] = {}

    def _all(self) -> dict[str, SymbolRules]:
        if not self._rules:
            self._rules = {row.symbol: row for row in self._read()}
        return self._rules

    def __getitem__(self, key: str) -> SymbolRules:
        try:
            rules = self._all()
            return rules[key if key in rules else native_symbol(key)]
        except (KeyError, UsageError):
            raise KeyError(f"the venue lists no {key!a:.60}; list(ex.symbols) has all") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __getattr__(self, name: str) -> str:
        if not name.startswith("_"):
            found = self._by_name().get(name)
            if found is not None:
                return found
        raise AttributeError(f"the venue lists no {name!a:.60}")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._by_name()})

    def __repr__(self) -> str:
        return f"Symbols({len(self)})"

    def _by_name(self) -> dict[str, str]:
        """By what may be written behind a dot: the base alone, and the whole."""
        found = {symbol: symbol for symbol in self._all() if symbol.isidentifier()}
        for symbol in self._all():
            base = symbol.split("_")[1] if symbol.count("_") >= 2 else ""  # noqa: PLR2004 - PERP_<base>_USDC
            if base.isidentifier() and not hasattr(type(self), base):
                found.setdefault(base, symbol)
        return found

    def spellings(self) -> list[str]:
        """What people write for them: ``PERP_ETH_USDC`` and, where it is a name, ``ETH``."""
        return [*self._all(), *(name for name, symbol in self._by_name().items() if name != symbol)]

    def _ipython_key_completions_(self) -> list[str]:
        return self.spellings()

    def _table(self) -> tuple[type | None, Iterable[SymbolRules]]:
        return SymbolRules, self._all().values()
