"""A live table where there is no cell to show it in."""

from __future__ import annotations

import pytest

from orderly_sync import UsageError
from orderly_sync.notebook.watch import notebook_cell


@pytest.mark.parametrize(
    ("network", "place"),
    [
        ("testnet", "--network testnet$"),
        ("paper", r"--network venue\.json, a file that holds what ex\.paper\.line\(\) returns$"),
    ],
)
def test_a_terminal_is_told_the_whole_command(network: str, place: str) -> None:
    """With the market, and with the venue that is traded on: without it a paper venue of its own would be shown."""
    with pytest.raises(UsageError, match=f"in a terminal run: orderly-sync watch PERP_ETH_USDC {place}"):
        notebook_cell("PERP_ETH_USDC", network)
