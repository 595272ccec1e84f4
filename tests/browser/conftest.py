"""One headless Chromium for all tests of a process; where there is none, they are skipped with a word on what to install."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.kit import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser; ``browser.open(url)`` and ``browser.open_file(path)`` begin anew in it."""
    pytest.importorskip("selenium", reason="selenium is missing: pip install 'orderly_sync[browser]'")
    from tests.browser.kit import Browser, missing

    if (what := missing()) is not None:
        pytest.skip(what)
    logging.getLogger("selenium").setLevel(logging.WARNING)  # it would write down all that a page holds
    with pytest.MonkeyPatch.context() as patch:  # a proxy of the environment is not on the way to the driver
        for name in ("no_proxy", "NO_PROXY"):
            patch.setenv(name, "localhost,127.0.0.1")
        running = Browser()
    try:
        yield running
    finally:
        running.close()
