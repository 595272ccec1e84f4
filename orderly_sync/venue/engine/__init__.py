"""The exchange, pure: book, matching, ledger, margin, algo orders, liquidation. No I/O, no clock, no random."""
