"""The oracles are proven before they are believed: each tells what is wrong, and is content with what is right."""

from __future__ import annotations

import os
import threading
from typing import Any

import pytest

from tests.faults.oracles import Auditor, census
from tests.support.reports import fill_report, report


class _Options:
    class credentials:  # noqa: N801 - as the client names it
        account_id = "0xa"


class _Client:
    """A client and its venue, of which the oracle sees the ledger and its own hooks only."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.hooks: list[Any] = []
        self.paper = self
        self._stream = self.hub = self
        self.options = _Options

    def on(self, topic: Any, hook: Any) -> None:
        if topic.name == "executionreport":
            self.hooks.append(hook)

    def ledger(self, _account: str, after: int = 0) -> list[dict[str, Any]]:
        return [one for one in self.entries if one["seq"] > after]

    def told(self, status: str, trade: int = 0, order: int = 1) -> None:
        data = {"orderId": order, "status": status, "tradeId": trade}
        self.entries.append({"seq": len(self.entries) + 1, "topic": "executionreport", "data": data})

    def heard(self, *reports: Any) -> None:
        for one in reports:
            self.hooks[0](one)


NEW = report("NEW")
FIRST, LAST = fill_report("0.4", "0.4", 7), fill_report("1", "0.6", 8, "FILLED")


def audited(*heard: Any) -> Auditor:
    client: Any = _Client()
    auditor = Auditor(client)
    client.told("NEW")
    client.told("PARTIAL_FILLED", 7)
    client.told("FILLED", 8)
    client.heard(*heard)
    return auditor


def test_what_is_right_is_clean():
    """Four events of one order: its beginning, two fills, its end."""
    auditor = audited(NEW, FIRST, LAST)
    assert auditor.settled()
    verdict = auditor.conclude()
    assert verdict.is_clean
    assert (verdict.events, verdict.orders) == (4, 1)


@pytest.mark.parametrize(
    ("heard", "lost", "repeated", "is_disordered"),
    [
        ((), 4, 0, False),
        ((NEW, FIRST), 2, 0, False),
        ((FIRST, LAST), 0, 0, False),
        ((NEW, LAST), 1, 0, True),
        ((NEW, FIRST, FIRST, LAST), 0, 1, True),
        ((NEW, FIRST, LAST, LAST), 0, 2, True),
        ((NEW, LAST, FIRST), 0, 0, True),
        ((NEW, FIRST, LAST, report("CANCELLED", "1")), 0, 1, True),
        ((NEW, FIRST, LAST, report("NEW", order_id=2)), 0, 1, False),
    ],
)
def test_what_is_wrong_is_told(heard: Any, lost: int, repeated: int, is_disordered: bool):
    """Lost, repeated, out of order, never told at all; a fill may stand for the beginning of its order."""
    auditor = audited(*heard)
    verdict = auditor.conclude()
    assert (len(verdict.lost), len(verdict.repeated)) == (lost, repeated)
    assert bool(verdict.disordered) is is_disordered


def test_a_verdict_on_one_piece_does_not_excuse_the_next():
    """What was missing once stays counted, though it comes later."""
    auditor = audited(NEW, FIRST)
    assert not auditor.settled()
    assert len(auditor.conclude().lost) == 2
    auditor._ex.heard(LAST)
    assert not auditor.conclude().is_clean


def _run(thread: threading.Thread) -> None:
    thread.start()
    thread.join()


def test_the_census_tells_threads_descriptors_and_exceptions():
    """Each by itself."""
    go, (reader, writer) = threading.Event(), os.pipe()
    kept = threading.Thread(target=go.wait, name="left-over")
    try:
        with pytest.raises(AssertionError, match="left-over"), census(patience=0.1):
            kept.start()
    finally:
        go.set()
        kept.join()
    more: list[int] = []
    with pytest.raises(AssertionError, match="1 descriptors"), census(patience=0.1):
        more.append(os.dup(reader))
    for descriptor in (reader, writer, *more):
        os.close(descriptor)
    broken = threading.Thread(target=lambda: 1 / 0)
    with pytest.raises(AssertionError, match="division"), census(patience=0.1):
        _run(broken)
    with census(patience=0.1):
        pass
