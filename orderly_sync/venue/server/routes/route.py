"""What is known of an operation besides its handler."""

from __future__ import annotations

import attrs

from orderly_sync.venue.server.call import Handler

__all__ = ["ANY_SCOPE", "HttpRoute", "asset", "public", "read", "signed", "trading"]

ANY_SCOPE = "any"
"""What an operation needs that every key of the account may call."""


@attrs.frozen
class HttpRoute:
    """One operation: what carries it out and which scope its key needs; None for public ones."""

    handler: Handler
    scope: str | None = None

    @property
    def writes(self) -> bool:
        """Whether it may place or change orders."""
        return self.scope == "trading"


def public(handler: Handler) -> HttpRoute:
    """Anyone may ask."""
    return HttpRoute(handler)


def read(handler: Handler) -> HttpRoute:
    """The key needs the scope ``read``."""
    return HttpRoute(handler, "read")


def asset(handler: Handler) -> HttpRoute:
    """The key needs the scope ``asset``."""
    return HttpRoute(handler, "asset")


def signed(handler: Handler) -> HttpRoute:
    """Every key of the account may."""
    return HttpRoute(handler, ANY_SCOPE)


def trading(handler: Handler) -> HttpRoute:
    """The key needs the scope ``trading``."""
    return HttpRoute(handler, "trading")
