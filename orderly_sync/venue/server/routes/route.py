"""What is known of an operation besides its handler."""

from __future__ import annotations

import attrs

from orderly_sync.venue.server.call import Handler

__all__ = ["ANY_SCOPE", "Route", "asset", "public", "read", "signed", "trading"]

ANY_SCOPE = "any"
"""What an operation needs that every key of the account may call."""


@attrs.frozen
class Route:
    """One operation: what carries it out and which scope its key needs; None for public ones."""

    handler: Handler
    scope: str | None = None

    @property
    def writes(self) -> bool:
        """Whether it may place or change orders."""
        return self.scope == "trading"


def public(handler: Handler) -> Route:
    """Anyone may ask."""
    return Route(handler)


def read(handler: Handler) -> Route:
    """The key needs the scope ``read``."""
    return Route(handler, "read")


def asset(handler: Handler) -> Route:
    """The key needs the scope ``asset``."""
    return Route(handler, "asset")


def signed(handler: Handler) -> Route:
    """Every key of the account may."""
    return Route(handler, ANY_SCOPE)


def trading(handler: Handler) -> Route:
    """The key needs the scope ``trading``."""
    return Route(handler, "trading")
