"""The guards of conftest.py catch what they are there for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[1]
CONFTEST = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
LEAK = """
import socket, sys, threading, warnings
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

def test_deeper():
    sys.setrecursionlimit(sys.getrecursionlimit() + 1)

def test_deeper_for_a_while():
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before * 2)
    sys.setrecursionlimit(before)

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

    # The thread and the recursion limit are found after their test has passed, so each is an error of that test.
    result.assert_outcomes(passed=5, failed=7, errors=2)
    told = {
        line.split("::")[1].split()[0] for line in result.outlines if line.startswith(("FAILED", "ERROR"))
    }

    assert told == set(re.findall(r"def (test_\w+)", LEAK)) - {
        "test_quick_thread",
        "test_secret_hidden",
        "test_deeper_for_a_while",
    }
    assert (
        result.outlines.count("a secret was shown in what this test printed or logged, or in its failure")
        == 3
    )


@pytest.mark.parametrize("limit", [700, 100_000])
def test_a_file_that_changes_the_recursion_limit_when_imported_is_no_test(
    pytester: pytest.Pytester, limit: int
) -> None:
    """It fails, and the files after it have the limit that was before."""
    pytester.makeconftest(CONFTEST)
    pytester.makeini(f"[pytest]\npythonpath = {ROOT}\n")
    pytester.makepyfile(
        test_a=f"import sys\nsys.setrecursionlimit({limit})\ndef test_it(): pass\n",
        test_b=f"import sys\ndef test_it(): assert sys.getrecursionlimit() != {limit}\n",
    )

    result = pytester.runpytest_subprocess(
        "-p", "no:xdist", "-p", "no:cacheprovider", "--continue-on-collection-errors"
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*importing this file changed the recursion limit*"])
