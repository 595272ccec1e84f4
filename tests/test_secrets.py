"""Nothing shows a secret: no display, no copy, no log, no error, no traceback, not even one with the locals of its frames."""

from __future__ import annotations

import base64
import copy
import dataclasses
import inspect
import io
import json
import logging
import os
import pickle
import pprint
import reprlib
import string
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import base58
import cattrs
import msgspec
import pytest

import orderly_sync
from orderly_sync.credentials import Credentials
from orderly_sync.errors import UsageError
from orderly_sync.rest.request import build
from orderly_sync.signing import PREFIX, Secret
from orderly_sync.wire.converter import to_wire
from orderly_sync.wire.json import encode

SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
TEXT = base58.b58encode(SEED).decode()
ACCOUNT = "0x" + "ab" * 32
PACKAGE = str(Path(orderly_sync.__file__).parent)


def canaries(text: str, seed: bytes = b"") -> set[str]:
    """A secret in the spellings it could leak in, whole and in halves."""
    bare = text.removeprefix(PREFIX)
    spellings = {bare}
    if seed:
        plain = [seed, seed + bytes(32)]
        spellings |= {
            seed.hex(),
            seed.hex().upper(),
            repr(seed)[2:-1],
            str(list(seed))[1:-1],
            str(int.from_bytes(seed, "big")),
        }
        spellings |= {
            encoded(raw).decode()[:43]
            for raw in plain
            for encoded in (base64.b64encode, base64.urlsafe_b64encode)
        }
        spellings |= {repr(bytearray(seed))[12:-2], seed.decode("latin-1"), seed.decode("utf-8", "replace")}
    return {part for one in spellings for part in (one[: len(one) // 2], one[len(one) // 2 :])}


SEED_CANARIES = canaries(TEXT, SEED)


def assert_silent(shown: str) -> None:
    assert not [canary for canary in SEED_CANARIES if canary in shown]


def secret() -> Secret:
    return Secret(TEXT)


def credentials() -> Credentials:
    return Credentials(account_id=ACCOUNT, secret=TEXT)


@attrs.frozen
class Settings:
    """What a user's own program may hold."""

    inner: object


@dataclasses.dataclass
class Options:
    """The same as a dataclass."""

    inner: object


def logged(value: object) -> str:
    """All ways of logging it, with a formatter that shows everything."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("canary")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    logger.debug("%s %r %a", value, value, value)
    logger.info(value)
    logger.error("in a dict: %(x)s", {"x": value})
    try:
        raise RuntimeError(value)
    except RuntimeError:
        logger.exception("raised with %s", [value])
    logger.removeHandler(handler)
    return stream.getvalue()


def traced(value: object) -> str:
    """A traceback with the locals of its frames, and the value in an exception's arguments."""
    try:
        raise LookupError(value)
    except LookupError as exc:
        return "".join(traceback.TracebackException.from_exception(exc, capture_locals=True).format()) + repr(
            exc
        )


def hooked(value: object) -> str:
    """What the interpreter's own hook prints."""
    stream = io.StringIO()
    try:
        raise LookupError(value)
    except LookupError:
        traceback.print_exc(file=stream)
    return stream.getvalue()


def rich_displays(value: object) -> str:
    """What notebooks and pretty printers look for."""
    names = [
        "_repr_html_",
        "_repr_mimebundle_",
        "_repr_pretty_",
        "_repr_json_",
        "__rich_repr__",
        "__pretty__",
        "_ipython_display_",
    ]
    return "".join(repr(getattr(value, name)()) for name in names if hasattr(value, name))


DISPLAYS: dict[str, Callable[[Any], Any]] = {
    "repr": repr,
    "str": str,
    "ascii": ascii,
    "format": format,
    "f-string": lambda value: f"{value} {value!r} {value!s} {value!a} {value=}",
    "percent": lambda value: "%s %r %a" % (value, value, value),  # noqa: UP031
    "str.format": lambda value: f"{value} {[value]} {(value,)}",
    "template": lambda value: string.Template("$x").substitute(x=value),
    "pprint": lambda value: pprint.pformat({"x": [value]}, width=1),
    "reprlib": reprlib.repr,
    "containers": lambda value: repr([value, (value,), {"a": value}, {value}]),
    "attrs.asdict": lambda value: (
        repr(attrs.asdict(Settings(value))) + repr(attrs.astuple(Settings(value))) + repr(Settings(value))
    ),
    "dataclasses.asdict": lambda value: repr(dataclasses.asdict(Options(value))) + repr(Options(value)),
    "cattrs": lambda value: repr(cattrs.unstructure(Settings(value))),
    "to_wire": lambda value: repr(to_wire({"x": value})),
    "copy": lambda value: repr(copy.copy(value)),
    "deepcopy": lambda value: repr(copy.deepcopy([value])),
    "members": lambda value: repr([item for item in inspect.getmembers(value) if item[0] != "reveal"]),
    "logging": logged,
    "traceback": traced,
    "excepthook": hooked,
    "notebooks": rich_displays,
    "doc": inspect.getdoc,
    "sizeof": sys.getsizeof,
    "json default": lambda value: json.dumps({"x": value}, default=str),
    "msgspec enc_hook": lambda value: msgspec.json.encode({"x": value}, enc_hook=repr),
}

REFUSALS: dict[str, Callable[[Any], Any]] = {
    "width": lambda value: f"{value:>20}",
    "json": lambda value: json.dumps({"x": value}),
    "msgspec": lambda value: msgspec.json.encode({"x": value}),
    "wire": lambda value: encode({"x": value}),
    "body": lambda value: build("POST", "/v1/order", body={"x": value}),
    "query": lambda value: build("GET", "/v1/orders", query={"x": value}),
    "path": lambda value: build("GET", "/v1/order/{x}", at={"x": value}),
    "header": lambda value: build("GET", "/v1/orders", headers={"x": value}),
    "vars": vars,
    "getstate": lambda value: value.__getstate__() if isinstance(value, Secret) else vars(value),
    **{
        f"pickle {number}": lambda value, number=number: pickle.dumps(value, number)
        for number in range(pickle.HIGHEST_PROTOCOL + 1)
    },
    "pickle inside": lambda value: pickle.dumps({"settings": Options(value)}),
    "bytes": bytes,
    "int": int,
}


@pytest.mark.parametrize("show", DISPLAYS.values(), ids=DISPLAYS)
@pytest.mark.parametrize("make", [secret, credentials])
def test_no_display_shows_it(make: Callable[[], object], show: Callable[[object], object]) -> None:
    """Every way of turning it into text shows stars or nothing."""
    assert_silent(str(show(make())))


@pytest.mark.parametrize("take", REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize("make", [secret, credentials])
def test_what_cannot_hide_it_refuses_it(make: Callable[[], object], take: Callable[[object], object]) -> None:
    """No serialiser takes it, and the refusal does not show it either, whatever frames are captured."""
    with pytest.raises((TypeError, ValueError)) as caught:
        take(make())

    assert_silent(frames_of(caught.value))


def test_only_reveal_reveals() -> None:
    """The one way out gives the text that makes the same secret again; the canaries are the right ones."""
    revealed = secret().reveal()

    assert revealed == PREFIX + TEXT
    assert any(canary in revealed for canary in SEED_CANARIES)
    assert_silent(repr([getattr(Secret, name) for name in dir(Secret)]))


def test_the_account_is_shown_shortened() -> None:
    """Credentials show enough to tell two apart, and no more."""
    shown = repr(credentials())

    assert shown == "Credentials(account_id='0xabab...abab', key='ed25519:FVen3X...S96Z', secret=***)"
    assert ACCOUNT not in shown


def test_signing_badly_shows_nothing() -> None:
    """A message of the wrong type is refused before any frame holds the key."""
    for message in ("text", None, bytearray(b"x"), 5):
        with pytest.raises(TypeError) as caught:
            secret().sign(message)  # type: ignore[arg-type]
        assert_silent(frames_of(caught.value))


# What people paste by mistake: cut short, with a typing error, in the wrong alphabet, the wrong way round.
MALFORMED = [
    TEXT[:-5],
    PREFIX + TEXT[:20] + "0" + TEXT[21:],
    "0x" + SEED.hex(),
    PREFIX + TEXT + TEXT,
    "ED25519:" + TEXT,
    TEXT + "é",
]


def frames_of(error: BaseException) -> str:
    """Everything a reporter of errors could print: messages, arguments, and the locals of all frames but this file's."""
    shown = []
    seen: BaseException | None = error
    while seen is not None:
        told = traceback.TracebackException.from_exception(seen, capture_locals=True)
        frames = [frame for frame in told.stack if Path(frame.filename) != Path(__file__)]
        shown += [
            f"{seen} {seen!r} {seen.args!r} {vars(seen)!r}",
            *(f"{frame.name} {frame.locals}" for frame in frames),
        ]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(shown)


def assert_hidden(error: BaseException, text: str) -> None:
    shown = frames_of(error)
    assert f"{PACKAGE}{os.sep}" in "".join(traceback.format_exception(error))
    assert not [canary for canary in canaries(text) | SEED_CANARIES if canary in shown]


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_secret_is_never_quoted(text: str) -> None:
    """Not by the error, not by its arguments, not by the locals of any frame that raised it."""
    with pytest.raises(UsageError) as caught:
        Secret(text)
    assert_hidden(caught.value, text)

    with pytest.raises(UsageError) as caught:
        Credentials(account_id=ACCOUNT, secret=text)
    assert_hidden(caught.value, text)


def test_a_secret_in_the_wrong_place_is_never_quoted() -> None:
    """Account id, key and secret mixed up, or a key of another secret."""
    mixed: list[dict[str, Any]] = [
        {"account_id": PREFIX + TEXT, "secret": PREFIX + TEXT},
        {"account_id": "", "secret": TEXT},
        {"account_id": ACCOUNT, "secret": Secret.generate().reveal(), "key": TEXT},
        {"account_id": TEXT, "secret": ACCOUNT},
    ]
    for arguments in mixed:
        with pytest.raises(UsageError) as caught:
            Credentials(**arguments)
        assert_hidden(caught.value, TEXT)


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_secret_in_the_environment_is_never_quoted(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frames do not keep the environment either, of which the secret is a part."""
    monkeypatch.setenv("ORDERLY_SECRET", text)
    for account in ("", ACCOUNT, "no/account"):
        monkeypatch.setenv("ORDERLY_ACCOUNT_ID", account)
        with pytest.raises(UsageError) as caught:
            Credentials.from_env()
        assert_hidden(caught.value, text)


@pytest.mark.parametrize("text", [*MALFORMED, TEXT])
def test_a_broken_file_is_never_quoted(text: str, tmp_path: Path) -> None:
    """Whichever way it is broken: as .ini, as JSON, in its secret, or by its rights."""
    broken = {
        "cut.json": f'{{"account_id": "{ACCOUNT}", "secret": "{text}"',
        "no-account.json": json.dumps({"secret": text}),
        "bad-account.json": json.dumps({"account_id": "a/b", "secret": text}),
        "nested.json": json.dumps({"account_id": {"secret": text}, "secret": [text]}),
        "twice.ini": f"[keys]\nsecret = {text}\nsecret = {text}\n",
        "no-section.ini": f"orderly_secret = {text}\n",
        "no-value.ini": f"[keys]\naccount_id = {ACCOUNT}\n{text}\n",
        "no-account.ini": f"[keys]\norderly_secret = {text}\n",
        "foreign-key.ini": f"[keys]\naccount_id = {ACCOUNT}\nsecret = {text}\nkey = {Secret.generate().public}\n",
        "open.ini": f"[keys]\naccount_id = {ACCOUNT}\nsecret = {text}\n",
        "plain.txt": text,
    }
    for name, content in broken.items():
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        path.chmod(0o644 if name == "open.ini" else 0o600)
        with pytest.raises(UsageError) as caught:
            Credentials.from_file(path)
        assert_hidden(caught.value, text)


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_secret_in_the_keyring_is_never_quoted(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came out of the keyring stays out of the traceback."""
    ring = types.SimpleNamespace(
        get_password=lambda _service, _name: text, errors=types.SimpleNamespace(KeyringError=OSError)
    )
    monkeypatch.setitem(sys.modules, "keyring", ring)

    with pytest.raises(UsageError) as caught:
        Credentials.from_keyring(ACCOUNT)
    assert_hidden(caught.value, text)


def test_requests_do_not_show_their_body() -> None:
    """A body may hold what is not for logs; a request shows its verb and its path."""
    request = build("POST", "/v1/order", body={"order_tag": TEXT})

    assert TEXT not in repr(request)
    assert request.name == "POST /v1/order"
