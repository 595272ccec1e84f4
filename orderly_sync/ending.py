"""Ending a client, whole or half made: every part once, in an order that lets nothing be written afterwards."""

from __future__ import annotations

from orderly_sync.control.paper_control import PaperControl
from orderly_sync.live.session import Session
from orderly_sync.recording.record import Recorder
from orderly_sync.rest import Rest
from orderly_sync.stream.hub import Hub

__all__ = ["stop_all"]

STOP = 2.0
"""Seconds that the threads of the streaming half may take."""


def stop_all(
    hub: Hub, session: Session | None, rest: Rest, paper: PaperControl | None, recorder: Recorder | None
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
