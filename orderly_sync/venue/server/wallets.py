"""Addresses, account ids and wallet signatures (EIP-712), as a chain would work them out, without a chain library.

The venue must start in a blink, must not stand still while a large library loads, and neither its ids nor what it
accepts may depend on what else is installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderly_sync.venue.server import curve

__all__ = ["account_id", "address", "digest", "keccak", "recover"]

_SIGNATURE_BYTES = 65
_PARITY = 27
_MASK = (1 << 64) - 1
_RATE = 136
_ROTATIONS = (
    (0, 36, 3, 41, 18),
    (1, 44, 10, 45, 2),
    (62, 6, 43, 15, 61),
    (28, 55, 25, 21, 56),
    (27, 20, 39, 8, 14),
)


def _round_constants() -> list[int]:
    """The 24 constants of keccak-f, from its shift register."""
    constants, register = [], 1
    for _ in range(24):
        value = 0
        for power in range(7):
            if register & 1:
                value |= 1 << ((1 << power) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        constants.append(value)
    return constants


_CONSTANTS = _round_constants()


def _rotate(value: int, by: int) -> int:
    return ((value << by) | (value >> (64 - by))) & _MASK


def _permute(lanes: list[list[int]]) -> list[list[int]]:
    """keccak-f[1600] on 5 by 5 lanes."""
    for constant in _CONSTANTS:
        parity = [row[0] ^ row[1] ^ row[2] ^ row[3] ^ row[4] for row in lanes]
        mixed = [parity[(x - 1) % 5] ^ _rotate(parity[(x + 1) % 5], 1) for x in range(5)]
        lanes = [[lanes[x][y] ^ mixed[x] for y in range(5)] for x in range(5)]
        moved = [[0] * 5 for _ in range(5)]
        for x in range(5):
            for y in range(5):
                moved[y][(2 * x + 3 * y) % 5] = _rotate(lanes[x][y], _ROTATIONS[x][y])
        lanes = [
            [moved[x][y] ^ (~moved[(x + 1) % 5][y] & moved[(x + 2) % 5][y] & _MASK) for y in range(5)]
            for x in range(5)
        ]
        lanes[0][0] ^= constant
    return lanes


def keccak(data: bytes) -> bytes:
    """Keccak-256 of ``data``, with the padding that Ethereum uses."""
    gap = _RATE - len(data) % _RATE
    padded = bytearray(data + bytes(gap))
    padded[len(data)] ^= 0x01
    padded[-1] ^= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), _RATE):
        block = padded[start : start + _RATE]
        for index in range(_RATE // 8):
            lanes[index % 5][index // 5] ^= int.from_bytes(block[8 * index : 8 * index + 8], "little")
        lanes = _permute(lanes)
    return b"".join(lanes[index % 5][index // 5].to_bytes(8, "little") for index in range(4))


def address(wallet_key: str) -> str:
    """The checksummed address of a private key, ``0x`` and 64 hex digits.

    Raises:
        ValueError: The text is no key of the curve.
    """
    key = int(wallet_key, 16)
    if not 0 < key < curve.ORDER:
        raise ValueError("a wallet key is a number between 1 and the order of the curve")
    point = curve.multiply(curve.GENERATOR, key)
    assert point is not None
    return _address(point)


def _address(point: curve.Point) -> str:
    x, y = point
    digits = keccak(x.to_bytes(32, "big") + y.to_bytes(32, "big"))[12:].hex()
    checksum = keccak(digits.encode()).hex()
    return "0x" + "".join(char.upper() if int(mark, 16) > 7 else char for char, mark in zip(digits, checksum))  # noqa: B905, PLR2004


def account_id(wallet: str, broker_id: str) -> str:
    """The account a wallet has with a broker: keccak of both, ABI-encoded."""
    return "0x" + keccak(bytes(12) + bytes.fromhex(wallet[2:]) + keccak(broker_id.encode())).hex()


def digest(data: Mapping[str, Any]) -> bytes:
    """The 32 bytes that a wallet signs for typed data whose structs hold plain values only."""
    domain = _struct("EIP712Domain", data["types"], data["domain"])
    message = _struct(data["primaryType"], data["types"], data["message"])
    return keccak(b"\x19\x01" + domain + message)


def _struct(name: str, types: Mapping[str, Any], values: Mapping[str, Any]) -> bytes:
    fields = types[name]
    written = f"{name}({','.join(field['type'] + ' ' + field['name'] for field in fields)})"
    words = (_word(field["type"], values[field["name"]]) for field in fields)
    return keccak(keccak(written.encode()) + b"".join(words))


def _word(kind: str, value: Any) -> bytes:
    """One value as 32 bytes; it fits its type, the maker of the typed data sees to that."""
    if kind == "string":
        return keccak(value.encode())
    if kind in {"address", "bytes32"}:
        return bytes.fromhex(value[2:]).rjust(32, b"\x00")
    return int(value).to_bytes(32, "big")


def recover(signed: bytes, signature: str) -> str | None:
    """The checksummed address of the wallet that signed 32 bytes; None if nobody can have signed so.

    Args:
        signed: The digest.
        signature: ``0x`` and 130 hex digits: r, s, and 27 or 28 (or 0 or 1).
    """
    try:
        raw = bytes.fromhex(signature.removeprefix("0x"))
    except ValueError:
        return None
    if len(raw) != _SIGNATURE_BYTES:
        return None
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big")
    parity = raw[64] - _PARITY if raw[64] >= _PARITY else raw[64]
    # Of the two s that fit, contracts accept the lower one only.
    if parity not in {0, 1} or not 0 < r < curve.ORDER or not 0 < s <= curve.ORDER // 2:
        return None
    point = curve.lift(r, odd=bool(parity))
    if point is None:
        return None
    inverse, number = pow(r, -1, curve.ORDER), int.from_bytes(signed, "big")
    public = curve.add(curve.multiply(curve.GENERATOR, -number * inverse), curve.multiply(point, s * inverse))
    return None if public is None else _address(public)
