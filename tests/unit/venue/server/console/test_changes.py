"""Waiting for the next thing that happens."""

from __future__ import annotations

import asyncio

from orderly_sync.venue.server.console.changes import Changes


def test_who_is_behind_does_not_wait():
    """What happened before the question counts."""
    changes = Changes()
    known = changes.count
    changes.note()

    asyncio.run(asyncio.wait_for(changes.after(known, 60), 1))
    assert changes.count == known + 1


def test_all_who_wait_are_woken_by_one_thing():
    """And those who gave up before are no hindrance."""

    async def run() -> int:
        changes = Changes()
        waiting = [asyncio.ensure_future(changes.after(changes.count, 60)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        changes.note()
        await asyncio.wait_for(asyncio.gather(*waiting[1:]), 1)
        return len(changes._waiting)

    assert asyncio.run(run()) == 0


def test_nobody_waits_for_ever():
    """The time that was given is the longest."""
    changes = Changes()

    asyncio.run(asyncio.wait_for(changes.after(changes.count, 0.01), 1))
    assert changes._waiting == set()
