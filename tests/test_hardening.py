"""What the source may not hold: ways to run a stranger's text, to skip a check, to speak to anybody else, or a secret."""

from __future__ import annotations

import ast
import inspect
import re
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import base58
import pytest

from orderly_sync import Rest, Stream, connect
from orderly_sync.dialling.trust import tls_context

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_constants
    import sre_parse

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "orderly_sync"
TREES = {
    file.relative_to(PACKAGE).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
    for file in PACKAGE.rglob("*.py")
}


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Every call of the package: its file, itself, and the name of what is called."""
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func
                yield (
                    name,
                    node,
                    called.id if isinstance(called, ast.Name) else getattr(called, "attr", ""),
                )


RUNS_TEXT = {"eval", "exec", "__import__", "loads_pickle", "system", "popen", "unsafe_load", "literal_eval"}
RUNNING_MODULES = {
    *("pickle", "marshal", "shelve", "yaml", "dill", "cloudpickle", "joblib", "jsonpickle", "webbrowser"),
    *("xml", "ctypes", "telnetlib", "ftplib", "smtplib", "xmlrpc"),
}


def test_no_text_of_a_stranger_is_run() -> None:
    """No eval, no pickle, no browser; the one ``exec`` compiles readers from the names of this package's own models."""
    assert {(name, called) for name, _, called in calls() if called in RUNS_TEXT} == {
        ("wire/shapes.py", "exec")
    }
    imported = {
        (name, module.split(".")[0])
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        for module in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert {pair for pair in imported if pair[1] in RUNNING_MODULES} == set()


PARTS = {"table", "TABLES", "VERSION", "_COLUMNS", "_ENDED", "_LAST", "where", "values", "marks"}
"""Constants of the journal; ``values`` and ``marks`` are question marks."""


def test_no_statement_of_sql_is_made_of_values() -> None:
    """Values are parameters: a statement is a constant, or names a table out of a tuple of constants."""
    made = {
        (name, ast.unparse(node.args[0]))
        for name, node, called in calls()
        if called in {"execute", "executemany", "executescript"} and node.args
        if not isinstance(node.args[0], (ast.Constant, ast.Name))
    }
    for _, text in made:
        assert set(re.findall(r"{(\w+)}", text)) <= PARTS, text


def test_no_check_can_be_switched_off() -> None:
    """Nothing in the package turns certificates, names or redirects off or the environment on."""
    turned = {
        (name, keyword.arg, ast.unparse(keyword.value))
        for name, node, _ in calls()
        for keyword in node.keywords
        if keyword.arg
        in {
            "verify",
            "check_hostname",
            "verify_mode",
            "cert_reqs",
            "trust_env",
            "redirect",
            "allow_redirects",
        }
    }
    assert {
        one for one in turned if one[2] not in {"False", "0"} or one[1] not in {"redirect", "allow_redirects"}
    } == set()
    words = [
        f"{name}: {word}"
        for name in TREES
        for word in ("CERT_NONE", "_create_unverified_context", "check_hostname =", "verify_mode =")
        if word in (PACKAGE / name).read_text(encoding="utf-8")
    ]
    assert words == []


def test_nobody_is_offered_to_skip_the_certificate() -> None:
    """Only other authorities can be named."""
    for opened in (connect, Rest, Stream):
        names = set(inspect.signature(opened).parameters)
        assert {name for name in names if re.search("verify|insecure|ssl|tls", name)} == set()
        assert "ca_file" in names
    context = tls_context()
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_no_other_host_is_named() -> None:
    """Nothing is told to anybody but the venue: every address in the code is the venue's or this machine's."""
    hosts = set()
    for tree in TREES.values():
        texts = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts:
                hosts |= {
                    urlsplit(url).hostname for url in re.findall(r"(?:https?|wss?)://[\w.\-]+", node.value)
                }

    assert {host for host in hosts if host and not _is_known(host)} == set()
    assert "api.orderly.org" in hosts


def _is_known(host: str) -> bool:
    if set(host) == {"."}:
        return True
    return (
        host.endswith(".orderly.org")
        or host in {"127.0.0.1", "localhost", "name", "host", "user"}
        or host in SHOWN
    )


SHOWN = {"orderly.network"}
"""Named for people to read: the venue's pages."""


# Regular expressions ---------------------------------------------------------------------------------------------


def expressions() -> dict[str, str | bytes]:
    """Each regular expression of the package, by its place."""
    return {
        f"{name}:{node.lineno}": node.args[0].value
        for name, node, called in calls()
        if called in {"compile", "match", "fullmatch", "search", "sub", "findall", "finditer", "split"}
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "re"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, (str, bytes))
    }


MANY = 1000
REPEATS = {sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT}


def letters(items: Any) -> set[int]:
    """The characters of Latin-1 that a part may consist of; all of them where that cannot be told."""
    found: set[int] = set()
    for op, argument in items:
        name = str(op)
        if name == "LITERAL":
            found.add(argument)
        elif name == "RANGE":
            found |= set(range(argument[0], min(argument[1], 255) + 1))
        elif name == "IN":
            inner = [one for one in argument if str(one[0]) != "NEGATE"]
            chosen = letters(inner)
            found |= set(range(256)) - chosen if len(inner) < len(argument) else chosen
        elif name == "CATEGORY":
            pattern = {"CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w", "CATEGORY_SPACE": r"\s"}.get(
                str(argument)
            )
            found |= {code for code in range(256) if pattern is None or re.match(pattern, chr(code))}
        elif name == "SUBPATTERN":
            found |= letters(argument[-1])
        elif name == "BRANCH":
            for branch in argument[1]:
                found |= letters(branch)
        elif op in REPEATS:
            found |= letters(argument[2])
        elif name != "AT":
            return set(range(256))
    return found


def ambiguous(items: Any) -> list[str]:
    """What makes matching cost more than the text is long: a repeat within a repeat, or one beside one of like letters."""
    wrong: list[str] = []
    before: set[int] = set()
    for op, argument in items:
        if op in REPEATS:
            least, most, inner = argument
            if most > MANY and any(one[0] in REPEATS and one[1][1] > MANY for one in _within(inner)):
                wrong.append(f"a repeat within a repeat: {inner}")
            own = letters(inner)
            if most > MANY and before & own:
                wrong.append(f"two repeats that share letters: {inner}")
            before = own if most > MANY else before if least == 0 else set()
        elif str(op) != "AT":
            before = set()
        if str(op) == "BRANCH":
            wrong += [text for branch in argument[1] for text in ambiguous(branch)]
        elif str(op) == "SUBPATTERN":
            wrong += ambiguous(argument[-1])
        elif op in REPEATS:
            wrong += ambiguous(argument[2])
            wrong += _overlapping(argument)
    return wrong


def _overlapping(repeat: Any) -> list[str]:
    """Alternatives of a repeat that begin alike, or of which one is empty, can be chosen in two ways, again and again."""
    _, most, inner = repeat
    found = []
    for op, argument in _within(inner):
        if str(op) == "BRANCH" and most > MANY:
            first = [letters(branch[:1]) for branch in argument[1]]
            found += [
                f"alternatives that begin alike: {argument[1]}"
                for i, one in enumerate(first)
                for other in first[i + 1 :]
                if one & other or not one or not other
            ]
    return found


def _within(items: Any) -> Iterator[tuple[Any, Any]]:
    for op, argument in items:
        yield op, argument
        if str(op) == "SUBPATTERN":
            yield from _within(argument[-1])
        elif op in REPEATS:
            yield from _within(argument[2])
        elif str(op) == "BRANCH":
            for branch in argument[1]:
                yield from _within(branch)


@pytest.mark.parametrize("place", expressions())
def test_no_regular_expression_backtracks_without_end(place: str) -> None:
    """No part that may repeat stands in another, or beside one of the same letters."""
    pattern = expressions()[place]
    flags = re.VERBOSE if "\n" in str(pattern) else 0
    assert ambiguous(sre_parse.parse(pattern, flags)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "bad", ["(a+)+b", "(a|a)*b", "(?:a*)*", r"\d+\w+x", r"(\w+\d*)+$", "(a|ab)*c", r"[a-z]*[a-c]+!"]
)
def test_expressions_that_backtrack_are_noticed(bad: str) -> None:
    """The well-known shapes."""
    assert ambiguous(sre_parse.parse(bad)) != []


# Secrets in the repository ---------------------------------------------------------------------------------------

TOKENS = re.compile(
    r"AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abpr]-[A-Za-z0-9-]{10,}|sk_live_[A-Za-z0-9]{20,}|AIza[0-9A-Za-z_-]{35}"
)
KEY_OF_TESTS = {
    "tests/support/tls/authority.pem",
    "tests/support/tls/client.pem",
    "tests/support/tls/host.pem",
    "tests/support/tls/locked.pem",
    "tests/support/tls/stranger.pem",
}
"""Certificates for 127.0.0.1 that were made for the tests."""
NAMED = re.compile(
    r"(?i)(?:secret|seed|private_?key|wallet_key)\w*[\"']?\s*[:=]\s*[\"'](?:ed25519:)?([1-9A-HJ-NP-Za-km-z]{43,44})[\"']"
)


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode or not done.stdout:
        pytest.skip("not a checkout of git")
    return done.stdout.splitlines()


def test_no_file_of_the_repository_holds_a_secret() -> None:
    """No token of a service, no private key but those of the tests' own hosts, no Orderly secret outside the tests."""
    found = []
    for name in tracked():
        path = ROOT / name
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if TOKENS.search(text) or (
            "PRIVATE KEY-----" in text and name not in KEY_OF_TESTS | {"tests/test_hardening.py"}
        ):
            found.append(name)
        if not name.startswith("tests/") and any(
            len(base58.b58decode(key)) == 32 for key in NAMED.findall(text)
        ):
            found.append(name)
    assert found == []
    assert [
        name for name in tracked() if Path(name).name in {".env", ".netrc", ".pypirc", "id_rsa", "id_ed25519"}
    ] == []
