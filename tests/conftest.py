"""What holds for every test: nothing leaks, nothing leaves this machine, nothing is read from the environment."""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
import time
from collections.abc import Generator, Iterator
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from orderly_sync.signing import Secret
from tests.support.canary import SecretScanner

pytest_plugins = ["orderly_sync.testing.plugin"]
"""Its fixtures, also where the package is not installed; those of a test file or folder go before them."""

PATIENCE = 5.0
"""Seconds that threads get to end after their test."""

_COMMON: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("here", max_examples=60, **_COMMON)
settings.register_profile("ci", max_examples=60, derandomize=True, print_blob=True, **_COMMON)
settings.register_profile("thorough", max_examples=5_000, **_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "here"))


_SECRETS = SecretScanner()
_SHOWN = pytest.StashKey[bool]()


@pytest.fixture(autouse=True, scope="session")
def _known_secrets() -> Iterator[None]:
    """Note every secret that is made, so that each test can be told for showing one."""
    made = Secret.__init__

    def noted(self: Secret, text: str) -> None:
        try:
            made(self, text)
        finally:
            del text  # tests look at the locals of the frames of what it raises
        _SECRETS.note(self.reveal())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Secret, "__init__", noted)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that printed or logged a secret, or whose failure shows one."""
    report = yield
    shown = "\n".join([report.longreprtext, *(text for _, text in report.sections)])
    if not item.stash.get(_SHOWN, False) and _SECRETS.is_in(shown):
        item.stash[_SHOWN] = True  # what a test printed stands in the reports of its later phases too
        report.outcome = "failed"
        report.longrepr = "a secret was shown in what this test printed or logged, or in its failure"
        report.sections = []
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail a file that changes the recursion limit when it is imported; other files would pay for it."""
    before = sys.getrecursionlimit()
    report = yield
    if changed := _recursion_limit_changed(before):
        report.outcome = "failed"
        report.longrepr = f"importing this file {changed}"
    return report


@pytest.fixture(autouse=True)
def _no_changed_recursion_limit() -> Iterator[None]:
    """Fail a test that leaves another recursion limit: a later one that recurses without end would end the process."""
    before = sys.getrecursionlimit()
    yield
    if changed := _recursion_limit_changed(before):
        pytest.fail(f"this test {changed}")


def _recursion_limit_changed(before: int) -> str:
    """What was done to the recursion limit, or nothing; it is put back."""
    after = sys.getrecursionlimit()
    if after == before:
        return ""
    sys.setrecursionlimit(before)
    return f"changed the recursion limit of the process from {before} to {after}"


@pytest.fixture(autouse=True)
def _no_leaked_thread() -> Iterator[None]:
    """Fail a test whose threads outlive it. Fixtures of a wider scope start theirs before the census."""
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + PATIENCE
    # Dummies stand for threads that threading did not start and cannot join; it keeps them whether they run or not.
    dummy = threading._DummyThread
    started = [one for one in threading.enumerate() if one not in before and not isinstance(one, dummy)]
    for thread in started:
        thread.join(max(0.0, end - time.monotonic()))
    left = sorted(thread.name for thread in started if thread.is_alive())
    if left:
        pytest.fail(f"threads outlive this test: {', '.join(left)}")


@pytest.fixture(autouse=True, scope="module")
def _no_leaked_socket() -> Iterator[None]:
    """Let what is in cycles be collected with the module that left it, so that its ResourceWarning fails there."""
    yield
    gc.collect()


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_local(address[0]):
            raise AssertionError(f"a test tried to reach {address[0]!r}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True, scope="session")
def _no_environment() -> Iterator[None]:
    """Hide the credentials of whoever runs the tests; proxies stay, for nothing here may ask for them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("ORDERLY_"):
                patch.delenv(name)
        yield
