"""Strategy vaults: shares, periods, and their routes."""
