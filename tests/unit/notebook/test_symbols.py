"""Symbols at a prompt: what tab offers, and what it leads to."""

from __future__ import annotations

import pytest

from orderly_sync.models.market import SymbolRules
from orderly_sync.notebook.symbols import Symbols

NAMES = ("PERP_ETH_USDC", "PERP_1000PEPE_USDC", "PERP_get_USDC", "PERP_ETH_USDT", "ODD-NAME")


def symbols(calls: list[int] | None = None) -> Symbols:
    def read() -> list[SymbolRules]:
        if calls is not None:
            calls.append(1)
        return [SymbolRules(symbol=name) for name in NAMES]

    return Symbols(read)


def test_tab_offers_bases_and_whole_names_and_each_leads_to_its_symbol() -> None:
    """As attributes what is an identifier and no method; as keys all; of two with one base the first listed."""
    found = symbols()
    offered = [
        name for name in dir(found) if not name.startswith("_") and isinstance(getattr(found, name), str)
    ]

    assert offered == ["ETH", "PERP_1000PEPE_USDC", "PERP_ETH_USDC", "PERP_ETH_USDT", "PERP_get_USDC"]
    assert found.ETH == "PERP_ETH_USDC"
    assert callable(found.get)
    assert set(NAMES) < set(found._ipython_key_completions_())
    assert all(key in found for key in found._ipython_key_completions_())


def test_it_is_a_mapping_to_the_rules_read_once() -> None:
    """By any spelling; what is not listed says how to find what is."""
    calls: list[int] = []
    found = symbols(calls)

    assert found["ETH/USDC:USDC"].symbol == found["ETH"].symbol == "PERP_ETH_USDC"
    assert tuple(found) == NAMES
    assert list(found.df["symbol"]) == list(NAMES)
    assert "5 rows" in found._repr_html_()
    assert repr(found) == "Symbols(5)"
    assert calls == [1]
    with pytest.raises(KeyError, match="lists no"):
        found["NOSUCH"]
    with pytest.raises(AttributeError, match="NOSUCH"):
        found.NOSUCH  # noqa: B018 - that it raises is the point
    assert "NOSUCH" not in found
