"""What is known of an operation besides its handler."""

from __future__ import annotations

import attrs

from orderly_sync.venue.server.call import Handler

__all__ = ["Route", "public", "read", "trading"]


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


def trading(handler: Handler) -> Route:
    """The key needs the scope ``trading``."""
    return Route(handler, "trading")
