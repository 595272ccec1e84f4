"""Ending a client, whole or half made: every part once, in an order that lets nothing be written afterwards."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Closes", "Stops", "StopsInTime", "stop_all"]

STOP = 2.0
"""Seconds that the threads of the streaming half may take."""


class Closes(Protocol):
    """A part that is closed: the REST half, a recorder."""

    def close(self) -> None:
        """End it; idempotent and bounded."""


class Stops(Protocol):
    """A part with threads or connections: a session, a paper venue."""

    def stop(self) -> None:
        """End it; idempotent and bounded."""


class StopsInTime(Protocol):
    """The streaming half."""

    def stop(self, timeout: float) -> None:
        """End its threads within so many seconds."""


def stop_all(
    hub: StopsInTime, session: Stops | None, rest: Closes, paper: Stops | None, recorder: Closes | None
) -> None:
    """End what makes up a client; each part is there or not."""
    try:
        if session is not None:
            session.stop()
        else:
            hub.stop(STOP)
    finally:
        rest.close()  # nothing is written any more, whatever interrupted the rest
    if recorder is not None:
        recorder.close()
    if paper is not None:
        paper.stop()
