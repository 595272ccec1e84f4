"""What users' tests may stand on: a transport that answers as a function says, and a paper venue of a test's own.

``orderly_sync.testing.plugin`` has the fixtures of pytest: ``venue``, ``ex``, ``frozen_market``, ``faults``, ``clock``.
It is loaded by every run of pytest where this package is installed; so the names here are imported when asked for.
"""

from __future__ import annotations

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orderly_sync.rest.transport import AnswerLate, ConnectionBroken, HttpRequest, HttpResponse, NotSent
    from orderly_sync.testing.transport import MockTransport, ok, refusal
    from orderly_sync.testing.venue import FrozenMarket, PaperVenue, VenueClock, until
else:
    _PLACES = {
        "rest.transport": "AnswerLate ConnectionBroken HttpRequest HttpResponse NotSent",
        "testing.transport": "MockTransport ok refusal",
        "testing.venue": "FrozenMarket PaperVenue VenueClock until",
    }
    _PLACE_OF = {name: place for place, names in _PLACES.items() for name in names.split()}

    def __getattr__(name: str) -> object:
        """A name of ``__all__`` when it is first asked for."""
        if name not in _PLACE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(_import_module(f"orderly_sync.{_PLACE_OF[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "AnswerLate",
    "ConnectionBroken",
    "FrozenMarket",
    "HttpRequest",
    "HttpResponse",
    "MockTransport",
    "NotSent",
    "PaperVenue",
    "VenueClock",
    "ok",
    "refusal",
    "until",
]
