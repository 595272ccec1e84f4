"""Tools that print the locals of every frame print no secret: pytest --showlocals, IPython's Verbose mode, faulthandler."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import base58
import pytest

from orderly_sync.signing import PREFIX, Secret
from tests.test_secrets import canaries

ROOT = Path(__file__).parents[2]
PROGRAM = """
import pathlib
from orderly_sync import Credentials, Network, Rest, Timeouts, connect
from orderly_sync.rest import Retries

NOWHERE = Network(name="x", rest="http://127.0.0.1:1", ws_public="ws://127.0.0.1:1", ws_private="ws://127.0.0.1:1")
HERE = pathlib.Path(__file__).parent

def in_a_request():
    credentials = Credentials.from_file(HERE / "key.json")
    rest = Rest(NOWHERE, credentials, retries=Retries(tries=1))
    secret = credentials.secret
    rest.orders.create(symbol="PERP_ETH_USDC", order_type="MARKET", side="BUY", order_quantity="1")

def in_a_connect():
    credentials = Credentials.from_file(HERE / "key.json")
    connect(NOWHERE, credentials=credentials, timeouts=Timeouts(ready=0.3))

def in_signing():
    credentials = Credentials.from_file(HERE / "key.json")
    signers = [credentials.secret, {"a": credentials}, (credentials.secret.sign,)]
    credentials.secret.sign("no bytes")

def in_a_broken_file():
    Credentials.from_file(HERE / "broken.json")

def in_the_wrong_place():
    credentials = Credentials.from_file(HERE / "key.json")
    connect(credentials)
"""
NAMES = ["in_a_request", "in_a_connect", "in_signing", "in_a_broken_file", "in_the_wrong_place"]
PYTEST = PROGRAM + "".join(f"\ndef test_{name}():\n    {name}()\n" for name in NAMES)
IPYTHON = (
    PROGRAM
    + f"""
import sys
from IPython.core.ultratb import VerboseTB
for call in ({", ".join(NAMES)}):
    try:
        call()
    except BaseException:
        print("RAISED", VerboseTB({{}}).text(*sys.exc_info()))
"""
)
FAULTHANDLER = (
    PROGRAM
    + """
import faulthandler, os
from orderly_sync.signing import Secret
def die(*_):
    faulthandler.dump_traceback()
    os.abort()
Secret.sign = die
print("RAISED", flush=True)
in_a_request()
"""
)


def spoken(place: Path, command: list[str]) -> str:
    """All that such a program prints, with the secret in its files alone."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "250"}
    limited = (
        "import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n" if os.name == "posix" else ""
    )
    program = place / command[-1]
    program.write_text(limited + program.read_text(encoding="utf-8"), encoding="utf-8")
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=place, env=environment, timeout=100
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "command", "mark"),
    [
        (PYTEST, ["-m", "pytest", "-p", "no:cacheprovider", "--showlocals", "-vv", "-s"], "5 failed"),
        (IPYTHON, [], "RAISED"),
        (FAULTHANDLER, ["-X", "faulthandler", "-X", "dev"], "Fatal Python error: Aborted"),
    ],
    ids=["pytest --showlocals", "IPython Verbose", "faulthandler"],
)
def test_no_tool_that_shows_frames_shows_the_secret(
    tmp_path: Path, text: str, command: list[str], mark: str
) -> None:
    """Whichever call failed: a request, a connect, signing, a broken file of credentials."""
    if "IPython" in text:
        pytest.importorskip("IPython")
    secret = Secret.generate()
    bare = secret.reveal().removeprefix(PREFIX)
    for name, key in (("key.json", bare), ("broken.json", bare[:-4])):
        path = tmp_path / name
        path.write_text(json.dumps({"account_id": "0x" + "ab" * 32, "secret": key}), encoding="utf-8")
        path.chmod(0o600)
    (tmp_path / "test_program.py").write_text(text, encoding="utf-8")

    told = spoken(tmp_path, [sys.executable, *command, "test_program.py"])

    assert mark in told, told[-2000:]
    assert "credentials.py" in told or "sender.py" in told
    assert [part for part in canaries(bare, base58.b58decode(bare)[:32]) if part in told] == []
    assert [part for part in canaries(bare[:-4]) if part in told] == []
