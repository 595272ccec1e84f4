"""Wallets: who owns accounts, how they are opened, and the money that only a wallet can move."""
