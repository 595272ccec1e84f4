"""The command line around the venue."""

from __future__ import annotations

import builtins
import sys

import pytest
from click.testing import CliRunner

from orderly_sync import cli
from orderly_sync.cli.venue import venue


def run(*arguments: str):
    return CliRunner().invoke(cli._group(), list(arguments))


def test_the_commands_are_listed():
    """Each with its first sentence."""
    result = run("--help")

    assert result.exit_code == 0
    assert "venue" in result.output
    assert "Serve a paper venue" in result.output


def test_a_command_that_does_not_exist_is_named():
    """With status 2."""
    result = run("dance")

    assert (result.exit_code, "dance" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--market", "wild"], "wild"),
        (["--host", "0.0.0.0"], "loopback"),
        (["--speed", "0"], "speed 0"),
        (["--clock-skew", "1e12"], "--clock-skew"),
        (["--clock-skew", "nan"], "--clock-skew"),
        (["--clock-skew", "late"], "--clock-skew"),
        (["--fault", '{"kind": "explode"}'], "no kind 'explode'"),
        (["--fault", "drop it"], "--fault"),
    ],
)
def test_senseless_options_are_one_sentence(arguments, words):
    """And no traceback."""
    result = CliRunner().invoke(venue, arguments)

    assert result.exit_code in {1, 2}
    assert words in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("missing", "command"), [("click", ["api", "list"]), ("aiohttp", ["venue"]), ("rich", ["demo"])]
)
def test_a_missing_extra_is_named(monkeypatch, missing, command):
    """The message says what to install, whichever command lacks it, and at whatever depth."""
    monkeypatch.setattr(sys, "argv", ["orderly-sync", *command])
    monkeypatch.delitem(sys.modules, "orderly_sync.cli.demo", raising=False)
    found = builtins.__import__

    def importing(name, *args, **kwargs):
        if name.partition(".")[0] == missing or (
            missing == "aiohttp" and name.startswith("orderly_sync.venue.server")
        ):
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return found(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", importing)

    with pytest.raises(SystemExit, match=rf'python -m pip install .*"{missing}>='):
        cli.main()
