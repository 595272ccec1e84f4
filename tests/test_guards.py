"""The guards of conftest.py catch what they are there for."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
LEAK = """
import socket, threading, warnings
import pytest

def test_thread():
    threading.Thread(target=threading.Event().wait, args=(30,), daemon=True).start()

def test_quick_thread():
    threading.Thread(target=threading.Event().wait, args=(0.05,)).start()

def test_thread_that_raises():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()

def test_warning():
    warnings.warn("old", DeprecationWarning)

def test_socket():
    socket.socket()

def test_outside():
    with socket.socket() as plug:
        plug.connect(("192.0.2.1", 9))
"""


def test_each_leak_fails_its_test(pytester: pytest.Pytester) -> None:
    """A thread left behind, an exception in a thread, a warning, an open socket, a foreign host: five failures."""
    pytester.makeconftest(CONFTEST.replace("PATIENCE = 5.0", "PATIENCE = 0.3"))
    pytester.makeini("[pytest]\nfilterwarnings =\n    error\n")
    pytester.makepyfile(LEAK)

    result = pytester.runpytest_subprocess("-p", "no:xdist", "-p", "no:cacheprovider")

    # The thread is found after its test has passed, so it counts as an error of that test.
    result.assert_outcomes(passed=2, failed=4, errors=1)
    told = {
        line.split("::")[1].split()[0] for line in result.outlines if line.startswith(("FAILED", "ERROR"))
    }

    assert {"test_outside", "test_socket", "test_thread", "test_thread_that_raises", "test_warning"} == told
