"""Exact arithmetic in a context of the package's own, and how values print."""
