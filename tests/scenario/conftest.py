"""A paper venue and a client connected to it over loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orderly_sync import Orderly, connect
from tests.support.journals import journal_path, lasting_venue

__all__ = ["ex", "journal_path", "lasting_venue"]


@pytest.fixture
def ex() -> Iterator[Orderly]:
    """A client on a frozen market of its own."""
    with connect("paper", seed=7, market="frozen", rate_limits=False) as client:
        yield client
