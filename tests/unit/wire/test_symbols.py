"""Symbols: what is taken for one."""

from __future__ import annotations

import pytest

from orderly_sync.errors import UsageError
from orderly_sync.wire.symbols import index_symbol, symbol


@pytest.mark.parametrize(
    ("given", "native"),
    [
        ("ETH", "PERP_ETH_USDC"),
        ("eth", "PERP_ETH_USDC"),
        ("ETH-PERP", "PERP_ETH_USDC"),
        ("ETH/USDC:USDC", "PERP_ETH_USDC"),
        ("PERP_ETH_USDC", "PERP_ETH_USDC"),
        ("SPOT_ETH_USDC", "SPOT_ETH_USDC"),
        ("1000PEPE", "PERP_1000PEPE_USDC"),
        ("PERP_TSLA_USDC-broker", "PERP_TSLA_USDC-broker"),
        ("PERP_CAP_USDC_mythos", "PERP_CAP_USDC_mythos"),
        ("PERP_1000BONK_USDC_woofi_pro", "PERP_1000BONK_USDC_woofi_pro"),
        ("SPOT_CAP_USDC_a1", "SPOT_CAP_USDC_a1"),
    ],
)
def test_a_symbol_is_made_native(given, native):
    """All accepted spellings name the same market."""
    assert symbol(given) == native


@pytest.mark.parametrize(
    "given",
    [
        "",
        "ETH USDC",
        "ETHUSDC",
        "ETH/USDT:USDT",
        "ETH/USDC",
        "PERP",
        "SPOT",
        "PERP_ETH",
        "PERP_ETH_USDC@trade",
        "é",
        None,
        3,
    ],
)
def test_what_is_no_symbol_is_refused(given):
    """The message shows how to write one; nothing is guessed."""
    with pytest.raises(UsageError, match="PERP_ETH_USDC"):
        symbol(given)


@pytest.mark.parametrize("given", ["ETH", "PERP_ETH_USDC", "SPOT_ETH_USDC"])
def test_an_index_has_the_spot_symbol(given):
    """Index prices are published under the index's own name."""
    assert index_symbol(given) == "SPOT_ETH_USDC"
