"""What a stream says to logging of its connections, in one line each."""

from __future__ import annotations

from orderly_sync.errors import SubscriptionRefused
from orderly_sync.logs import log_of
from orderly_sync.stream.connection import Connection
from orderly_sync.stream.effects import Lost
from orderly_sync.stream.events import Resynced

__all__ = ["log_lost", "log_ready", "log_refused", "log_resynced"]

log = log_of("orderly_sync.stream")


def log_ready(connection: Connection, now: float) -> None:
    """A connection is logged in and every subscription acknowledged; how long it was down."""
    since, connection.down_since = connection.down_since, None
    down = "" if since is None else f" after {now - since:.2f} s down"
    log.info(
        "the %s stream is connected%s: dial %d, %d topics acknowledged",
        connection.name,
        down,
        connection.driver.dials,
        len(connection.protocol.wanted),
    )


def log_lost(connection: Connection, lost: Lost) -> None:
    """A connection is lost, or did not come about."""
    if lost.was_ready:
        log.warning("the %s stream is down: %s; dialling in %.2f s", connection.name, lost.reason, lost.delay)
    else:
        log.info(
            "the %s stream is not up yet: %s; dialling in %.2f s", connection.name, lost.reason, lost.delay
        )


def log_refused(error: SubscriptionRefused) -> None:
    """A topic was refused; that it will be asked for again means that it is missing now."""
    if error.retry_in is None:
        log.info("%s", error)
    else:
        log.warning("%s; nothing of it is heard meanwhile", error)


def log_resynced(event: Resynced) -> None:
    """A gap was read over, or REST looked at once more."""
    if event.since is None or event.until is None:
        span = ""
    else:
        span = f" of the {max(0, event.until - event.since) / 1000:.2f} s of the venue's time since {event.since}"
    log.info("resynced (%s): %d reports recovered%s", event.reason or "looked again", event.recovered, span)
