"""Signing, pure: what is signed, by whom, and how it is checked. The only module that touches key material.

A REST request signs ``timestamp + METHOD + path?query + body`` with exactly the bytes that are sent; a WebSocket login
signs the timestamp alone. Both are ed25519, and signatures travel as base64url.
"""

from __future__ import annotations

import base64
import binascii
from typing import NoReturn

import base58
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from orderly_sync.errors import UsageError

__all__ = ["PREFIX", "Secret", "login_message", "request_message", "verify"]

PREFIX = "ed25519:"
_SEED_BYTES = 32
_MAX_TEXT = 200
"""Decoding base58 costs the square of its length, and no secret is longer."""


def request_message(timestamp: int, method: str, target: str, body: bytes = b"") -> bytes:
    """The bytes a REST signature covers; ``target`` is the path with its query, exactly as sent."""
    return f"{timestamp}{method}{target}".encode() + body


def login_message(timestamp: int) -> bytes:
    """The bytes a WebSocket login signature covers."""
    return str(timestamp).encode()


class Secret:
    """An Orderly secret: it signs and it never shows itself.

    Neither repr, str, format, pickle, copy nor attrs.asdict reveals it; ``reveal()`` is the only way out.

    Args:
        text: The base58 seed, with or without the ``ed25519:`` prefix.

    Raises:
        UsageError: It is not a base58 text of 32 bytes (or of the 64 bytes seed and its public key together).
    """

    __slots__ = ("__key", "__weakref__", "public")

    public: str
    """The public key that belongs to it, ``ed25519:…``."""

    def __init__(self, text: str) -> None:
        # No exception below is chained or quotes the text: tracebacks are logged and pasted into chats.
        seed = _decode_seed(text)
        del text
        if seed is None:
            raise UsageError(
                "the Orderly secret must be the base58 text of a 32-byte seed, with or without 'ed25519:'"
            )
        self.__key = SigningKey(seed)
        self.public = PREFIX + base58.b58encode(bytes(self.__key.verify_key)).decode()

    @classmethod
    def generate(cls) -> Secret:
        """A new random secret."""
        return cls(base58.b58encode(bytes(SigningKey.generate())).decode())

    def sign(self, message: bytes) -> str:
        """The signature of ``message``, base64url with padding."""
        if not isinstance(message, bytes):
            # Refused here: further down a frame holds the key, and tracebacks may show the locals of frames.
            raise TypeError(f"bytes are signed, not {type(message).__name__}")
        return base64.urlsafe_b64encode(self.__key.sign(message).signature).decode()

    def reveal(self) -> str:
        """The secret itself, ``ed25519:…``, to store it. Never log the result."""
        return PREFIX + base58.b58encode(bytes(self.__key)).decode()

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.public == self.public

    def __hash__(self) -> int:
        return hash(self.public)

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("an Orderly secret is never pickled; build the credentials where they are used")

    def __getstate__(self) -> NoReturn:
        raise TypeError("an Orderly secret is never pickled; build the credentials where they are used")

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, "public"):
            raise AttributeError("a Secret does not change")
        object.__setattr__(self, name, value)


def _decode_seed(text: object) -> bytes | None:
    if not isinstance(text, str) or len(text) > _MAX_TEXT:
        return None
    try:
        raw = base58.b58decode(text.strip().removeprefix(PREFIX))
    except ValueError:
        return None
    seed, public = raw[:_SEED_BYTES], raw[_SEED_BYTES:]
    if len(seed) < _SEED_BYTES or public not in {b"", bytes(SigningKey(seed).verify_key)}:
        return None
    return seed


def verify(public: str, message: bytes, signature: str) -> bool:
    """Whether ``signature`` is that of ``message`` under the public key ``ed25519:…``.

    base64url and standard base64 count alike, padded or not: live clients send all four.
    """
    try:
        key = VerifyKey(base58.b58decode(public.removeprefix(PREFIX)))
        text = signature.replace("-", "+").replace("_", "/").rstrip("=")
        raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        key.verify(message, raw)
    except (BadSignatureError, ValueError, TypeError, binascii.Error):
        return False
    return True
