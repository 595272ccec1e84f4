"""Who is asking: account id and Orderly key, from wherever people keep them."""

from __future__ import annotations

import configparser
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from orderly_sync.errors import UsageError
from orderly_sync.signing import PREFIX, Secret

__all__ = ["Credentials", "Secret"]

_FILE_LIMIT = 4096
_SHOWN = 4


def _short(text: str) -> str:
    return text if len(text) <= 2 * _SHOWN + 3 else f"{text[: _SHOWN + 2]}…{text[-_SHOWN:]}"


class Credentials:
    """An account id with the Orderly key that acts for it.

    Args:
        account_id: ``0x`` and 64 hex digits.
        secret: The Orderly secret, base58, with or without ``ed25519:``; or a Secret.
        key: The public key, if you want it checked; it is derived from the secret.
        broker_id: The builder the account belongs to; only wallet flows and builder topics need it.

    Raises:
        UsageError: The secret is malformed, or ``key`` belongs to another secret.
    """

    __slots__ = ("account_id", "broker_id", "secret")

    def __init__(
        self, *, account_id: str, secret: str | Secret, key: str | None = None, broker_id: str | None = None
    ) -> None:
        if not isinstance(account_id, str) or not account_id.strip():
            raise UsageError("account_id is missing; pass it or set ORDERLY_ACCOUNT_ID")
        if any(not char.isalnum() for char in account_id.strip()):
            raise UsageError("account_id must be letters and digits only: 0x and 64 hex digits")
        self.account_id = account_id.strip()
        self.secret = secret if isinstance(secret, Secret) else Secret(secret)
        self.broker_id = broker_id
        if key is not None and PREFIX + key.strip().removeprefix(PREFIX) != self.secret.public:
            raise UsageError("this orderly key does not belong to this secret; leave the key out to derive it")

    @property
    def key(self) -> str:
        """The public key, ``ed25519:…``."""
        return self.secret.public

    def __repr__(self) -> str:
        return f"Credentials(account_id={_short(self.account_id)!r}, key={PREFIX + _short(self.key[len(PREFIX) :])!r}, secret=***)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Credentials):
            return NotImplemented
        return (self.account_id, self.secret) == (other.account_id, other.secret)

    def __hash__(self) -> int:
        return hash((self.account_id, self.key))

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("credentials are never pickled; build them where they are used")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Credentials:
        """From ``ORDERLY_ACCOUNT_ID``, ``ORDERLY_SECRET`` and, optionally, ``ORDERLY_KEY`` and ``ORDERLY_BROKER_ID``.

        ``ORDERLY_API_KEY`` stands in for ``ORDERLY_KEY``.

        Raises:
            UsageError: One of the first two is missing.
        """
        env = os.environ if environ is None else environ
        return cls._from_mapping(
            {
                "orderly_account_id": env.get("ORDERLY_ACCOUNT_ID"),
                "orderly_secret": env.get("ORDERLY_SECRET"),
                "orderly_key": env.get("ORDERLY_KEY") or env.get("ORDERLY_API_KEY"),
                "broker_id": env.get("ORDERLY_BROKER_ID"),
            },
            "the environment (set ORDERLY_ACCOUNT_ID and ORDERLY_SECRET)",
        )

    @classmethod
    def from_file(cls, path: str | Path) -> Credentials:
        """From a private file: JSON, or the ``.ini`` of the official connector with its ``[keys]`` section.

        Keys are ``orderly_account_id`` (or ``account_id``), ``orderly_secret`` (or ``secret``) and, optionally,
        ``orderly_key`` and ``broker_id``.

        Raises:
            UsageError: The file is missing, a link, not yours, readable by others, too long or malformed.
        """
        text = _read_private(Path(path))
        values = _parse_json(text) if text.lstrip().startswith("{") else _parse_ini(text)
        if values is None:
            raise UsageError(f"{path}: neither a JSON object nor an .ini file with account id and secret")
        return cls._from_mapping(values, str(path))

    @classmethod
    def from_keyring(cls, account_id: str, service: str = "orderly_sync") -> Credentials:
        """From the system's keyring, where the secret was stored under ``service`` and the account id.

        Raises:
            UsageError: The keyring has no such entry, or the ``keyring`` extra is not installed.
        """
        try:
            import keyring  # noqa: PLC0415
        except ImportError:
            raise UsageError("keyring is not installed; pip install 'orderly_sync[keyring]'") from None
        secret = keyring.get_password(service, account_id)
        if secret is None:
            raise UsageError(f"the keyring has no entry {service!r} for {_short(account_id)!r}")
        return cls(account_id=account_id, secret=secret)

    @classmethod
    def _from_mapping(cls, values: Mapping[str, str | None], source: str) -> Credentials:
        account_id = values.get("orderly_account_id") or values.get("account_id")
        secret = values.get("orderly_secret") or values.get("secret")
        if not account_id or not secret:
            missing = "account id" if not account_id else "secret"
            raise UsageError(f"the Orderly {missing} is missing in {source}")
        key = values.get("orderly_key") or values.get("key")
        return cls(account_id=account_id, secret=secret, key=key or None, broker_id=values.get("broker_id") or None)


def _read_private(path: Path) -> str:
    """The text of a regular file that only its owner can read, opened without following links."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as exc:
        raise UsageError(f"{path}: cannot be opened as a plain file: {exc.strerror}") from None
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise UsageError(f"{path}: not a regular file")
        if hasattr(os, "getuid"):
            if state.st_mode & 0o077:
                raise UsageError(f"{path}: others may read it; run: chmod 600 {path}")
            if state.st_uid != os.getuid():
                raise UsageError(f"{path}: it belongs to another user")
        if state.st_size > _FILE_LIMIT:
            raise UsageError(f"{path}: longer than {_FILE_LIMIT} bytes, so not a credentials file")
        return os.read(handle, _FILE_LIMIT + 1).decode("utf-8", "replace")
    finally:
        os.close(handle)


def _parse_json(text: str) -> dict[str, str | None] | None:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return {str(key): str(value) for key, value in values.items() if value is not None}


def _parse_ini(text: str) -> dict[str, str | None] | None:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        # Its message quotes the line, which may be the secret.
        return None
    sections = [parser[name] for name in parser.sections()]
    return {key: value.strip("\"' ") for section in sections for key, value in section.items()} or None
