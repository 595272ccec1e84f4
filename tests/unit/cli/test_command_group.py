"""What holds for every command: its help, its exit codes, its schema, and how it ends."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

from orderly_sync import cli
from orderly_sync.cli.command_group import make_group
from orderly_sync.cli.exits import EXIT_CODES
from orderly_sync.cli.layouts import LAYOUTS
from orderly_sync.errors import (
    ConnectFailed,
    DecodingError,
    Disconnected,
    InsufficientMargin,
    LoginRefused,
    OrderOutcomeUnknown,
    StaleBook,
    UsageError,
)
from tests.support.journals import filled_file
from tests.unit.cli.conftest import runner

Run = Callable[..., Result]


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Each command with its words, groups among them."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = dict(commands(cli._group()))
ENDS = {" ".join(words): command for words, command in ALL.items() if not isinstance(command, click.Group)}


def test_the_commands_are_all_there() -> None:
    """As many as are promised."""
    promised = (
        "demo venue doctor conformance keys balance positions orders place cancel algo market book watch history record replay "
        "journal relay api schema completion"
    )
    assert [words[0] for words in ALL if len(words) == 1] == promised.split()


@pytest.mark.parametrize("words", list(ALL), ids=" ".join)
def test_each_help_has_an_example_and_exit_codes(run: Run, words: tuple[str, ...]) -> None:
    """The example is of the command itself, and each code is explained."""
    result = run(*words, "--help")
    assert result.exit_code == 0
    _, _, examples = result.output.partition("Examples:")
    assert f"orderly-sync {' '.join(words)}" in examples
    _, _, codes = examples.partition("Exit codes:")
    assert f"0    {EXIT_CODES[0]}" in codes
    assert f"2    {EXIT_CODES[2]}" in codes


@pytest.mark.parametrize("name", list(ENDS))
def test_each_example_can_be_parsed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options and arguments exist; nothing is run."""
    monkeypatch.chdir(tmp_path)
    for file in ("bot.db", "openapi.json"):
        (tmp_path / file).touch()
    for line in (ENDS[name].epilog or "").splitlines():
        head, _, rest = line.strip().partition(f"orderly-sync {name}")
        if head or not line.startswith("  orderly-sync"):
            continue
        words = rest.partition(">")[0].split()
        ENDS[name].make_context(name, words)


@pytest.mark.parametrize("name", list(ENDS))
def test_each_json_has_a_schema_and_each_schema_a_command(name: str) -> None:
    """Of the same name."""
    has_json = any("--json" in one.opts for one in ENDS[name].params)
    names = {f"market{more}" for more in ("", " rules", " trades")} if name == "market" else {name}
    assert has_json is (names <= set(LAYOUTS))
    assert {one for one in LAYOUTS if one not in ENDS} == {"market rules", "market trades"}


@pytest.mark.parametrize("name", list(LAYOUTS))
def test_each_schema_is_one(run: Run, name: str) -> None:
    """By the rules of JSON Schema, and each field says what it is."""
    told = json.loads(run("schema", *name.split()).stdout)
    Draft202012Validator.check_schema(told)
    fields = (told["items"] if told["type"] == "array" else told)["properties"]
    assert all(one["description"] for one in fields.values())


def test_the_page_has_every_exit_code() -> None:
    """In the words of the help."""
    page = (Path(__file__).parents[3] / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert [
        line for line in page.splitlines() if line.startswith(("| 0", "| 1", "| 2", "| 3", "| 4", "| 5"))
    ] == [f"| {code} | {about} |" for code, about in EXIT_CODES.items()]


def test_all_schemas_at_once(run: Run) -> None:
    """In one object; one that is not there is named beside those that are."""
    assert set(json.loads(run("schema").stdout)) == set(LAYOUTS)
    result = run("schema", "dance")
    assert (result.exit_code, "positions" in result.stderr) == (2, True)


def test_names_and_types_of_fields_stay() -> None:
    """Programs read them: whoever changes this table breaks them, and says so in the change log."""
    kept = json.loads((Path(__file__).parents[2] / "data" / "command_line.json").read_text(encoding="utf-8"))
    now = {name: {one.name: one.kind for one in layout.columns} for name, layout in LAYOUTS.items()}
    for name, fields in kept.items():
        assert {field: now[name].get(field) for field in fields} == fields, name
    assert set(kept) == set(now)


def test_what_is_printed_without_a_venue_answers_its_schema(run: Run, tmp_path: Path) -> None:
    """The list of operations and a journal."""
    Draft202012Validator(LAYOUTS["api list"].schema()).validate(
        json.loads(run("api", "list", "--json").stdout)
    )
    filled_file(tmp_path / "bot.db", count=4)
    for line in run("journal", "show", tmp_path / "bot.db", "--json").stdout.splitlines():
        Draft202012Validator(LAYOUTS["journal show"].schema()).validate(json.loads(line))


@pytest.mark.parametrize("options", [("--rules",), ("ETH", "--trades")])
def test_market_has_three_schemas(run: Run, place: str, options: tuple[str, ...]) -> None:
    """By its options."""
    rows = json.loads(run("market", *options, "--json", "--network", place).stdout)
    Draft202012Validator(LAYOUTS[f"market {options[-1][2:]}"].schema()).validate(rows)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dance",), "dance"),
        (("place", "hold", "ETH"), "hold"),
        (("book",), "SYMBOL"),
        (("orders", "--limit", "0"), "--limit"),
        (("orders", "--frobnicate"), "--frobnicate"),
        (("history", "candles", "ETH", "7m"), "7m"),
        (("keys", "add"), "--network"),
    ],
)
def test_a_command_that_cannot_be_parsed_is_one_line(run: Run, words: tuple[str, ...], said: str) -> None:
    """It names what is wrong and whose help to read."""
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert said in line
    assert "--help" in line


@pytest.mark.parametrize("group", ["algo", "keys", "history", "journal", "api"])
def test_a_group_without_a_command_shows_its_help(run: Run, group: str) -> None:
    """As somebody who looks around wants."""
    assert "Commands:" in run(group).output


def ended_by(error: BaseException) -> Result:
    """How a command ends that raises this."""

    @click.command()
    def fail() -> None:
        raise error

    return runner().invoke(make_group(["fail"], lambda _: fail), ["fail"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InsufficientMargin(-1101, "not enough\n\x1b[31mmargin \u20ac", 400), 1),
        (LoginRefused("no"), 1),
        (UsageError("give another"), 2),
        (ConnectFailed("GET /v1/x", "nobody there"), 3),
        (Disconnected("gone", final=True), 3),
        (StaleBook("PERP_ETH_USDC"), 3),
        (TimeoutError("too late"), 3),
        (OrderOutcomeUnknown("POST /v1/order", "abc"), 4),
        (DecodingError("GET /v1/x", "<html>"), 5),
        (OSError(errno.ENOSPC, "No space left on device"), 5),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (BrokenPipeError(errno.EPIPE, "gone"), 141),
    ],
)
def test_each_end_has_its_code_and_at_most_one_line(error: BaseException, code: int) -> None:
    """ASCII, nothing that a terminal obeys, and no traceback."""
    result = ended_by(error)
    assert result.exit_code == code
    assert len(result.stderr.splitlines()) == (0 if code == 141 else 1)
    assert result.stderr.isascii()
    assert "\x1b" not in result.stderr
    assert result.stdout == ""
