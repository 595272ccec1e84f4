"""What a contender is told about the stub: where it listens, what to subscribe, who it is."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from frames import PRIVATE, SYMBOL, TOPICS

ACCOUNT_ID = "0x" + "5c" * 32


@dataclass(frozen=True)
class Feed:
    """One stub and one kind of frame."""

    ws: str
    """``ws://127.0.0.1:PORT``"""
    http: str
    """``http://127.0.0.1:PORT``"""
    kind: str
    secret: str
    """A throw-away Orderly secret, ``ed25519:…``."""
    key: str
    account_id: str = ACCOUNT_ID
    symbol: str = SYMBOL

    @property
    def base(self) -> str:
        """The kind without what is special about its numbers."""
        return self.kind.partition("_")[0]

    @property
    def topic(self) -> str:
        """The wire topic of the kind."""
        return TOPICS[self.kind]

    @property
    def private(self) -> bool:
        """Whether the topic asks for a login."""
        return self.kind in PRIVATE

    @property
    def bare_url(self) -> str:
        """The URL a client written by hand dials."""
        return f"{self.ws}/ws/stream/{self.account_id}"

    @property
    def subscription(self) -> str:
        """The subscribe frame of a client written by hand."""
        return json.dumps({"id": "1", "event": "subscribe", "topic": self.topic})

    def point_connector_here(self) -> None:
        """Give the official connector these base URLs; it reads them from its environment at import."""
        os.environ["ORDERLY_TEST_URL"] = self.http
        os.environ["ORDERLY_TEST_PUBLIC_WS_URL"] = f"{self.ws}/ws/stream"
        os.environ["ORDERLY_TEST_PRIVATE_WS_URL"] = f"{self.ws}/v2/ws/private/stream"


def throw_away_key() -> tuple[str, str]:
    """A new Orderly secret and its public key."""
    import base58
    from nacl.signing import SigningKey

    key = SigningKey.generate()
    return tuple("ed25519:" + base58.b58encode(bytes(part)).decode() for part in (key, key.verify_key))
