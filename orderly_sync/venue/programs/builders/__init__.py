"""Builders: their users, the fees they set, their order tags, and their routes."""
