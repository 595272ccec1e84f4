"""The ended rewards of traders and market makers, with their routes."""
