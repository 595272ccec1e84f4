"""Who is asking: account id and Orderly key, from wherever people keep them."""

from __future__ import annotations

import configparser
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from orderly_sync.errors import UsageError
from orderly_sync.extras import lacking
from orderly_sync.signing import PREFIX, Secret
from orderly_sync.values.printing import printable
from orderly_sync.values.private_files import NotPrivate, open_private

__all__ = ["Credentials", "Secret"]

_ACCOUNT_ID = re.compile(r"[A-Za-z0-9]{1,100}")
_FILE_LIMIT = 4096
_SHOWN = 4


def _short(text: str) -> str:
    return text if len(text) <= 2 * _SHOWN + 3 else f"{text[: _SHOWN + 2]}...{text[-_SHOWN:]}"


class Credentials:
    """An account id with the Orderly key that acts for it.

    Args:
        account_id: ``0x`` and 64 hex digits.
        secret: The Orderly secret, base58, with or without ``ed25519:``; or a Secret.
        key: The public key, if you want it checked; it is derived from the secret.
        broker_id: The builder the account belongs to; only wallet flows and builder topics need it.
        orderly_secret: Another name of ``secret``, as a venue's JSON line and the credentials file have it.
        orderly_key: Another name of ``key``.
        address: Not kept; taken so that ``Credentials(**account)`` works for the accounts of a venue's JSON line.
        wallet_key: Not kept either.

    Raises:
        UsageError: The secret is missing, given twice or malformed, or ``key`` belongs to another secret.
    """

    __slots__ = ("account_id", "broker_id", "secret")

    account_id: str
    secret: Secret
    broker_id: str | None

    def __init__(
        self,
        *,
        account_id: str,
        secret: str | Secret | None = None,
        key: str | None = None,
        broker_id: str | None = None,
        orderly_secret: str | Secret | None = None,
        orderly_key: str | None = None,
        address: str | None = None,
        wallet_key: str | None = None,
    ) -> None:
        # Tracebacks may show the locals of frames, and people mix the texts up: no frame that raises keeps one.
        try:
            own = _one_secret(secret, orderly_secret)
            matches = all(
                given is None or PREFIX + given.strip().removeprefix(PREFIX) == own.public
                for given in (key, orderly_key)
            )
            name = str(account_id or "").strip()
        finally:
            del secret, key, account_id, orderly_secret, orderly_key, wallet_key, address
        if not _ACCOUNT_ID.fullmatch(name):
            missing = not name
            del name
            raise UsageError(
                "account_id is missing; pass it or set ORDERLY_ACCOUNT_ID"
                if missing
                else "account_id must be letters and digits only: 0x and 64 hex digits"
            )
        if not matches:
            raise UsageError(
                "this orderly key does not belong to this secret; leave the key out to derive it"
            )
        object.__setattr__(self, "account_id", name)
        object.__setattr__(self, "secret", own)
        object.__setattr__(self, "broker_id", broker_id)

    @property
    def key(self) -> str:
        """The public key, ``ed25519:…``."""
        return self.secret.public

    @printable
    def __repr__(self) -> str:
        if not hasattr(self, "secret"):
            # Refused while it was being made; a traceback with locals shows it all the same.
            return "Credentials(refused)"
        key = PREFIX + _short(self.key.removeprefix(PREFIX))
        return f"Credentials(account_id={_short(self.account_id)!r}, key={key!r}, secret=***)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Credentials):
            return NotImplemented
        return (self.account_id, self.secret) == (other.account_id, other.secret)

    def __hash__(self) -> int:
        return hash((self.account_id, self.key))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("Credentials do not change; make new ones")

    def __copy__(self) -> Credentials:
        return self

    def __deepcopy__(self, memo: object) -> Credentials:
        return self

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
        try:
            return cls._from_mapping(
                {
                    "orderly_account_id": env.get("ORDERLY_ACCOUNT_ID"),
                    "orderly_secret": env.get("ORDERLY_SECRET"),
                    "orderly_key": env.get("ORDERLY_KEY") or env.get("ORDERLY_API_KEY"),
                    "broker_id": env.get("ORDERLY_BROKER_ID"),
                },
                "the environment (set ORDERLY_ACCOUNT_ID and ORDERLY_SECRET)",
            )
        finally:
            del env, environ

    @classmethod
    def from_file(cls, path: str | Path) -> Credentials:
        """From a private file: JSON, or the ``.ini`` of the official connector with its ``[keys]`` section.

        Keys are ``orderly_account_id`` (or ``account_id``), ``orderly_secret`` (or ``secret``) and, optionally,
        ``orderly_key`` and ``broker_id``.

        Raises:
            UsageError: The file is missing, a link, not yours, readable by others, too long or malformed.
        """
        values = _parse(_read_private(Path(path)))
        if values is None:
            raise UsageError(f"{path}: neither a JSON object nor an .ini file with account id and secret")
        try:
            return cls._from_mapping(values, str(path))
        finally:
            del values

    def to_keyring(self, service: str = "orderly_sync") -> None:
        """Store the secret in the system's keyring, where ``from_keyring`` finds it.

        Raises:
            UsageError: The keyring refuses, or the ``keyring`` extra is not installed.
        """
        ring = _keyring()
        try:
            ring.set_password(service, self.account_id, self.secret.reveal())
        except ring.errors.KeyringError as exc:
            raise UsageError(
                f"the keyring cannot be written: {exc}; keep the key in a file instead"
            ) from None

    @staticmethod
    def forget_in_keyring(account_id: str, service: str = "orderly_sync") -> None:
        """Remove what ``to_keyring`` stored; nothing happens where nothing is.

        Raises:
            UsageError: The keyring refuses, or the ``keyring`` extra is not installed.
        """
        ring = _keyring()
        try:
            if ring.get_password(service, account_id) is not None:
                ring.delete_password(service, account_id)
        except ring.errors.KeyringError as exc:
            raise UsageError(f"the keyring cannot be written: {exc}") from None

    @classmethod
    def from_keyring(cls, account_id: str, service: str = "orderly_sync") -> Credentials:
        """From the system's keyring, where the secret was stored under ``service`` and the account id.

        Raises:
            UsageError: The keyring has no such entry or cannot be opened, or the ``keyring`` extra is not installed.
        """
        ring = _keyring()
        try:
            secret = ring.get_password(service, account_id)
        except ring.errors.KeyringError as exc:
            raise UsageError(f"the keyring cannot be read: {exc}") from None
        if secret is None:
            raise UsageError(f"the keyring has no entry {service!r} for {_short(account_id)!r}")
        try:
            return cls(account_id=account_id, secret=secret)
        finally:
            del secret

    @classmethod
    def _from_mapping(cls, values: Mapping[str, str | None], source: str) -> Credentials:
        account_id = values.get("orderly_account_id") or values.get("account_id")
        secret = values.get("orderly_secret") or values.get("secret")
        key = values.get("orderly_key") or values.get("key") or None
        try:
            if account_id and secret:
                return cls(
                    account_id=account_id, secret=secret, key=key, broker_id=values.get("broker_id") or None
                )
            missing = "secret" if account_id else "account id"
        finally:
            del values, account_id, secret, key
        raise UsageError(f"the Orderly {missing} is missing in {source}")


def _keyring() -> Any:
    try:
        import keyring
    except ImportError:
        raise UsageError(lacking("keyring", "the system's keyring")) from None
    return keyring


def _one_secret(secret: str | Secret | None, other: str | Secret | None) -> Secret:
    try:
        given = other if secret is None else secret
        count = (secret is not None) + (other is not None)
        if count == 1 and given is not None:
            return given if isinstance(given, Secret) else Secret(given)
    finally:
        del secret, other, given
    raise UsageError(
        "the secret is given twice; pass secret= or orderly_secret="
        if count
        else "the secret is missing; pass secret= or set ORDERLY_SECRET"
    )


def _read_private(path: Path) -> str:
    """The text of a regular file that only its owner can read, opened without following links."""
    try:
        handle = open_private(path, os.O_RDONLY)
    except NotPrivate as exc:
        raise UsageError(f"{path} {exc}") from None
    except OSError as exc:
        raise UsageError(f"{path} cannot be opened as a plain file: {exc.strerror}") from None
    try:
        if os.fstat(handle).st_size > _FILE_LIMIT:
            raise UsageError(f"{path} is longer than {_FILE_LIMIT} bytes, so not a credentials file")
        return os.read(handle, _FILE_LIMIT + 1).decode("utf-8-sig", "replace")
    finally:
        os.close(handle)


def _parse(text: str) -> dict[str, str | None] | None:
    return _parse_json(text) if text.lstrip().startswith("{") else _parse_ini(text)


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
