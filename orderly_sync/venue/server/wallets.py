"""Addresses and account ids of paper accounts, as a chain would derive them, without a chain library.

The venue must start in a blink, and its ids must not depend on what else is installed. Keys here open nothing of worth,
so this arithmetic takes no care to run in constant time.
"""

from __future__ import annotations

__all__ = ["account_id", "address", "keccak"]

_MASK = (1 << 64) - 1
_RATE = 136
_ROTATIONS = (
    (0, 36, 3, 41, 18),
    (1, 44, 10, 45, 2),
    (62, 6, 43, 15, 61),
    (28, 55, 25, 21, 56),
    (27, 20, 39, 8, 14),
)

# secp256k1: y^2 = x^3 + 7 over the prime field.
_P = 2**256 - 2**32 - 977
_N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)

_Jacobian = tuple[int, int, int]


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


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    square = y * y % _P
    s = 4 * x * square % _P
    m = 3 * x * x % _P
    x_out = (m * m - 2 * s) % _P
    return x_out, (m * (s - x_out) - 8 * square * square) % _P, 2 * y * z % _P


def _add(point: _Jacobian, x2: int, y2: int) -> _Jacobian:
    """A point plus an affine one; the two are never equal or opposite on the way up a key's bits."""
    x, y, z = point
    if z == 0:
        return x2, y2, 1
    square = z * z % _P
    h = (x2 * square - x) % _P
    r = (y2 * square * z - y) % _P
    h2 = h * h % _P
    h3 = h2 * h % _P
    x_out = (r * r - h3 - 2 * x * h2) % _P
    return x_out, (r * (x * h2 - x_out) - y * h3) % _P, h * z % _P


def _public_point(key: int) -> bytes:
    point: _Jacobian = (0, 1, 0)
    for bit in f"{key:b}":
        point = _double(point)
        if bit == "1":
            point = _add(point, *_G)
    x, y, z = point
    inverse = pow(z, -1, _P)
    square = inverse * inverse % _P
    return (x * square % _P).to_bytes(32, "big") + (y * square * inverse % _P).to_bytes(32, "big")


def address(wallet_key: str) -> str:
    """The checksummed address of a private key, ``0x`` and 64 hex digits.

    Raises:
        ValueError: The text is no key of the curve.
    """
    key = int(wallet_key, 16)
    if not 0 < key < _N:
        raise ValueError("a wallet key is a number between 1 and the order of the curve")
    digits = keccak(_public_point(key))[12:].hex()
    checksum = keccak(digits.encode()).hex()
    return "0x" + "".join(char.upper() if int(mark, 16) > 7 else char for char, mark in zip(digits, checksum))  # noqa: B905, PLR2004


def account_id(wallet: str, broker_id: str) -> str:
    """The account a wallet has with a broker: keccak of both, ABI-encoded."""
    return "0x" + keccak(bytes(12) + bytes.fromhex(wallet[2:]) + keccak(broker_id.encode())).hex()
