"""Figures a venue must show and that nothing here depends on."""

from __future__ import annotations

from decimal import Decimal

__all__ = [
    "BROKERS",
    "CHAINS",
    "FAUCET_CLAIMS",
    "FAUCET_USDC",
    "FUND_RATIOS",
    "LEAST_DEPOSIT",
    "LEAST_WITHDRAWAL",
    "LEDGER_CONTRACT",
    "WITHDRAWAL_FEE",
]

CHAINS: tuple[dict[str, object], ...] = (
    {"chain_id": 421614, "name": "Arbitrum Sepolia", "usdc": "0x75faf114eafb1BDbe2F0316DF893fd58CE46AA4d"},
)
"""The chains that deposits could come from; a test chain, so that nobody sends money to it."""
FUND_RATIOS = (Decimal("0.3"), Decimal("0.25"))
"""Initial and maintenance margin ratio of the insurance fund."""
LEAST_WITHDRAWAL = Decimal("0.000001")
LEAST_DEPOSIT = Decimal(1)
WITHDRAWAL_FEE = Decimal(1)
"""USDC that a withdrawal costs, kept back from it."""
FAUCET_USDC, FAUCET_CLAIMS = Decimal(1000), 5
"""What a claim from the faucet brings, and how many an account has."""
LEDGER_CONTRACT = "0x1826B75e2ef249173FC735149AE4B8e9ea10abff"
"""The contract that wallets name when they move money: the test network's, worth nothing elsewhere."""
BROKERS = {
    "paper": "Paper",
    "orderly": "Orderly Network",
    "woofi_pro": "WOOFi Pro",
    "woofi_dex": "WOOFi DEX",
}
"""The builders that accounts may be registered with, by id."""
