"""The guards of conftest.py catch what they are there for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[1]
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

def test_secret_printed():
    from orderly_sync.signing import Secret
    print("made", Secret.generate().reveal()[8:34])

def test_secret_logged():
    import logging
    from orderly_sync.signing import Secret
    secret = Secret.generate()
    logging.getLogger("x").debug("key=%s, %s", secret, secret.reveal().encode())

def test_secret_in_a_failure():
    from orderly_sync.signing import Secret
    assert Secret.generate().reveal() == ""

def test_secret_hidden():
    from orderly_sync.signing import Secret
    secret = Secret.generate()
    print(secret, secret.public, secret.sign(b"x"))

def test_outside():
    with socket.socket() as plug:
        plug.connect(("192.0.2.1", 9))
"""


def test_each_leak_fails_its_test(pytester: pytest.Pytester) -> None:
    """A thread left behind, an exception in one, a warning, an open socket, a foreign host, a secret shown: each fails."""
    pytester.makeconftest(CONFTEST.replace("PATIENCE = 5.0", "PATIENCE = 0.3"))
    pytester.makeini(f"[pytest]\nfilterwarnings =\n    error\nlog_level = DEBUG\npythonpath = {ROOT}\n")
    pytester.makepyfile(LEAK)

    result = pytester.runpytest_subprocess("-p", "no:xdist", "-p", "no:cacheprovider")

    # The thread is found after its test has passed, so it counts as an error of that test.
    result.assert_outcomes(passed=3, failed=7, errors=1)
    told = {
        line.split("::")[1].split()[0] for line in result.outlines if line.startswith(("FAILED", "ERROR"))
    }

    assert told == set(re.findall(r"def (test_\w+)", LEAK)) - {"test_quick_thread", "test_secret_hidden"}
    assert (
        result.outlines.count("a secret was shown in what this test printed or logged, or in its failure")
        == 3
    )
