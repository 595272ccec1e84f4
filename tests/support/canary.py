"""Whether a secret stands in a text, whole or in half: every secret that is made while tests run counts."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import base58

__all__ = ["SecretScanner"]

_PROBE = 18
"""Letters that two texts do not share by chance: over 100 bits in base58, 72 in hex."""
_PLAIN = 5
"""Different letters that a made-up key may have, such as all zeros; what looks like it is found everywhere."""
_WORD = re.compile(rf"[A-Za-z0-9+/_-]{{{_PROBE},}}")


class SecretScanner:
    """Knows secrets, and finds them in what was printed or logged."""

    def __init__(self) -> None:
        self._probes: set[str] = set()

    def note(self, text: str) -> None:
        """Look for this secret from now on: as base58, hex and both kinds of base64."""
        bare = text.rpartition(":")[2]
        self._probes.update(_probes(bare, base58.b58decode(bare)[:32]))

    def is_in(self, text: str) -> bool:
        """Whether half of any secret stands there."""
        return any(
            word[start : start + _PROBE] in self._probes
            for word in _WORD.findall(text)
            for start in range(len(word) - _PROBE + 1)
        )


def _probes(bare: str, seed: bytes) -> Iterator[str]:
    """The beginning of each half of each spelling."""
    spellings = [bare, seed.hex(), seed.hex().upper()]
    spellings += [encode(seed).decode() for encode in (base64.b64encode, base64.urlsafe_b64encode)]
    for one in spellings:
        for half in (one, one[len(one) // 2 :]):
            if len(set(half[:_PROBE])) > _PLAIN:
                yield half[:_PROBE]
