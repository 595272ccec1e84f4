"""The defects that are sown: what each does, where, and which tests must then fail.

Each is one replacement in one file of the package, as a hurried hand might make it. ``tests/test_selftest.py`` holds
that every text that is replaced is still there, so a change of the code that moves one is noticed at once.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DEFECTS", "Defect"]


class Defect(NamedTuple):
    """One defect."""

    name: str
    """What the package does wrong then."""
    file: str
    """Below ``orderly_sync/``."""
    old: str
    new: str
    tests: str
    """What pytest is given; at least one of these tests must fail."""


REPORTS = "tests/unit/reports"
STREAM = "tests/unit/stream"

DEFECTS: tuple[Defect, ...] = (
    # Dialling again ----------------------------------------------------------------------------------------------
    Defect(
        "subscribes without logging in when it is dialled again",
        "stream/protocol.py",
        "        if self._login:\n            request_id",
        "        if self._login and not self._was_ready:\n            request_id",
        f"{STREAM}/test_protocol.py tests/faults/test_reconnect.py",
    ),
    # Reading over a gap ------------------------------------------------------------------------------------------
    Defect(
        "reads REST from the very end of what was heard, without an overlap",
        "reports/delivered.py",
        "OVERLAP_MS = 60_000",
        "OVERLAP_MS = 0",
        f"{REPORTS} tests/scenario/test_recovery.py",
    ),
    Defect(
        "looks for orders by when they were created, not by when they changed last",
        "reports/reading.py",
        "            if (row.updated_time or 0) < start:\n                return",
        "            if (row.created_time or 0) < start:\n                continue",
        f"{REPORTS} tests/scenario/test_recovery.py",
    ),
    Defect(
        "takes the time of this machine for the time until which it heard the venue",
        "reports/watermark.py",
        "        return self._greatest\n",
        "        import time\n\n        return time.time_ns() // 1_000_000\n",
        f"{REPORTS} tests/scenario/test_recovery.py",
    ),
    Defect(
        "believes whatever time a push bears",
        "reports/watermark.py",
        "            if ts <= (LATEST if limit is None else limit + now * 1000):",
        "            if ts <= LATEST:",
        f"{REPORTS}/test_watermark.py",
    ),
    Defect(
        "reads REST once after a gap, however much it lags",
        "reports/schedule.py",
        "LATER = (2.0, 10.0, 60.0)",
        "LATER = ()",
        f"{REPORTS} tests/scenario/test_recovery.py",
    ),
    Defect(
        "reads REST a second time before it can have caught up",
        "reports/schedule.py",
        "LATER = (2.0, 10.0, 60.0)",
        "LATER = (2.0,)",
        f"{REPORTS} tests/scenario/test_recovery.py",
    ),
    Defect(
        "reads one page of the fills of a gap and no more",
        "reports/reading.py",
        "            if not rows or (len(rows) < PAGE and page.meta.total <= len(rows)):\n                return",
        "            if True:\n                return",
        f"{REPORTS} tests/scenario/test_recovery.py",
    ),
    Defect(
        "calls a gap closed that belongs to an earlier connection",
        "reports/recovery.py",
        "        is_current = self.gaps == gaps and self._since is None",
        "        is_current = True",
        f"{REPORTS} tests/faults/test_reconnect.py tests/scenario/test_recovery.py",
    ),
    Defect(
        "recovers version 2 of the algo reports only",
        "reports/feed_table.py",
        '        if not topic.startswith("algoexecutionreport"):\n            return None',
        "        if True:\n            return None",
        f"{REPORTS} tests/scenario/test_recovery.py",
    ),
    Defect(
        "never looks for what was dropped while the connection stood",
        "reports/schedule.py",
        "        self._audit_due = None if self._audit is None else now + self._audit",
        "        self._audit_due = None",
        f"{REPORTS} tests/scenario/test_recovery.py",
    ),
    Defect(
        "tells of a deposit once more that was heard",
        "reports/deduplicator.py",
        "            if name not in self._seen and is_news(event):",
        "            if is_news(event):",
        f"{REPORTS}/test_other_rows.py tests/scenario/test_other_topics.py",
    ),
    Defect(
        "reads the lists of other topics from before anybody heard them",
        "reports/other_topics.py",
        "        start = max(0, look.since - OVERLAP_MS, self._floors.get(look.topic, 0))",
        "        start = max(0, look.since - OVERLAP_MS)",
        f"{REPORTS}/test_other_topics.py tests/scenario/test_other_topics.py",
    ),
    Defect(
        "takes one page for all fills of a millisecond",
        "reports/reading.py",
        "                yield from self._read_moment(oldest)\n",
        "",
        f"{REPORTS}/test_reading.py",
    ),
    Defect(
        "takes a state that REST shows late for news",
        "reports/latest_states.py",
        "            return False  # older than what was told",
        "            pass",
        f"{REPORTS}/test_latest_states.py",
    ),
    Defect(
        "hands on reports however far the disk is behind",
        "journal/journal.py",
        "        return len(self._unmarked) >= MOST_UNMARKED and",
        "        return False and",
        "tests/unit/journal/test_journal.py",
    ),
    # Once and in order -------------------------------------------------------------------------------------------
    Defect(
        "forgets what it has delivered after a moment",
        "reports/deduplicator.py",
        "_REMEMBERED = 200_000",
        "_REMEMBERED = 4",
        f"{REPORTS} tests/faults/test_reconnect.py",
    ),
    Defect(
        "lets repeated reports through",
        "reports/deduplicator.py",
        "            if name in seen:\n                self.repeated += 1\n                return ()",
        "            if name in seen:\n                self.repeated += 1",
        f"{REPORTS}/test_deduplicator.py",
    ),
    Defect(
        "lets a later report out before the reading for the one before it has ended",
        "reports/holding.py",
        "        if now < self.latest and hold.is_reading():",
        "        if now < self.latest and False:",
        f"{REPORTS} tests/scenario/test_recovery.py",
    ),
    # Requests ----------------------------------------------------------------------------------------------------
    Defect(
        "sends a write again whose answer was lost",
        "rest/api_client.py",
        "        value = self._read(request, result, bare) if request.is_read else self._write(request, result)",
        "        value = self._read(request, result, bare)",
        "tests/unit/rest/test_retry.py tests/unit/rest/test_sender.py tests/scenario/test_identity.py",
    ),
    Defect(
        "takes an engine that did not answer for a refusal",
        "rest/api_client.py",
        "    if error.status >= _SERVER_FAULT or error.code in _NO_VERDICT:",
        "    if error.status >= _SERVER_FAULT:",
        "tests/unit/rest tests/scenario/test_identity.py tests/scenario/test_outcomes.py",
    ),
    Defect(
        "takes an answered conflict of an edit for a refusal",
        "rest/api_client.py",
        "    is_of_order = request.client_order_id is not None or request.path in _OF_ORDERS",
        '    is_of_order = request.method == "POST" and request.client_order_id is not None',
        "tests/scenario/test_outcomes.py tests/faults/test_lost_writes.py",
    ),
    Defect(
        "signs the path without its query",
        "rest/sender.py",
        "            message = request_message(stamp, request.method, request.target, request.body)",
        '            message = request_message(stamp, request.method, request.target.partition("?")[0], request.body)',
        "tests/unit/rest/test_sender.py tests/scenario/venue_server/test_venue_auth.py",
    ),
    Defect(
        "writes after stop()",
        "rest/write_guard.py",
        "        if self._closed:",
        "        if False:",
        "tests/unit/rest/test_write_guard.py",
    ),
    Defect(
        "takes whatever bears a lost order's id for that order",
        "trading/sending.py",
        "        return same_terms(self.request, found)",
        "        return True",
        "tests/scenario/test_identity.py tests/unit/trading",
    ),
    Defect(
        "is certain that an order was not placed while it may still arrive",
        "rest/unknown_outcome.py",
        "    return window / 1000 + min(ahead, SIGNATURE_AGE) + READ_LAG",
        "    return window / 1000 - READ_LAG",
        "tests/unit/trading/test_outcomes.py",
    ),
    # Users' code -------------------------------------------------------------------------------------------------
    Defect(
        "tells nobody of a hook that raised",
        "stream/hub.py",
        "        if announced:\n            self.announce(error)",
        "        if False:\n            self.announce(error)",
        f"{STREAM} tests/faults/test_guards.py",
    ),
    Defect(
        "waits by a condition variable, whose lock Ctrl-C can leave taken",
        "waiting.py",
        "        self._waiting: deque[Any] = deque()",
        "        self._waiting: deque[Any] = deque()\n        self._condition = threading.Condition()",
        "tests/unit/test_waiting.py",
    ),
    # Numbers and secrets -----------------------------------------------------------------------------------------
    Defect(
        "shows the secret",
        "signing.py",
        '        return "Secret(***)"',
        '        return f"Secret({self.reveal()})"',
        "tests/test_secrets.py",
    ),
    Defect(
        "shows a key to any host",
        "config.py",
        '    if not host.endswith(".orderly.org") or "xn--" in host:',
        '    if not host.endswith("orderly.org"):',
        "tests/unit/test_config.py",
    ),
    Defect(
        "leaves the venue's timer armed after a clean stop",
        "live/cancel_on_silence.py",
        "            if disarm:\n                self._switch_off()",
        "            if False:\n                self._switch_off()",
        "tests/unit/live/test_cancel_on_silence.py",
    ),
    Defect(
        "weighs only the first order of a batch",
        "rest/order_guard.py",
        "    for order in rows if isinstance(rows, list) else [body]:",
        "    for order in rows[:1] if isinstance(rows, list) else [body]:",
        "tests/unit/rest/test_order_guard.py",
    ),
    # The clock ---------------------------------------------------------------------------------------------------
    Defect(
        "takes a login that was refused for its time as refused for good",
        "stream/protocol.py",
        "        if excuse is not None:",
        "        if False:",
        f"{STREAM}/test_login.py",
    ),
    Defect(
        "sends again what was refused for another reason than its time",
        "rest/sender.py",
        "        if code not in _CODES and (code is not None or received.status != _UNSIGNED):",
        "        if False:",
        "tests/unit/rest/test_signed_anew.py",
    ),
    Defect(
        "signs anew what was refused for its key",
        "clock_offset.py",
        "        if min(off.values(), default=0.0) <= OFF_MS:",
        "        if not off:",
        "tests/unit/test_clock_offset.py",
    ),
    Defect(
        "sets its clock by the header Date alone",
        "clock_offset.py",
        "        return dated if self._trusts_date else told if self._trusts_date is False else []",
        "        return dated",
        "tests/unit/test_clock_offset.py",
    ),
    Defect(
        "believes a monotonic clock that stood still while the machine slept",
        "clock_offset.py",
        "        return wall - now * 1000 - self.base <= LEAP_MS + self.slack(now)",
        "        return True",
        "tests/unit/test_clock_offset.py",
    ),
    Defect(
        "takes the time of a late answer for exact",
        "clock_offset.py",
        "        return (self.high - self.low) / 2 + self.slack(now)",
        "        return self.slack(now)",
        "tests/unit/test_clock_offset.py",
    ),
    Defect(
        "signs a wallet's message with the machine's own time",
        "corrected_clock.py",
        "        return self._offset.corrected(self.machine.monotonic(), self.machine.time_ms())",
        "        return self.machine.time_ms()",
        "tests/unit/wallet/test_timely.py",
    ),
)
