"""Arithmetic of the curve secp256k1, on which wallets sign: y^2 = x^3 + 7 over a prime field.

What is computed here is public, or opens nothing of worth, so no care is taken to run in constant time.
"""

from __future__ import annotations

__all__ = ["GENERATOR", "ORDER", "Point", "add", "lift", "multiply"]

_P = 2**256 - 2**32 - 977
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""How many multiples the generator has."""

Point = tuple[int, int]
"""A point by its coordinates; the point at infinity is None."""

GENERATOR: Point = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)

_Jacobian = tuple[int, int, int]
_INFINITY: _Jacobian = (0, 1, 0)


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    square = y * y % _P
    s = 4 * x * square % _P
    m = 3 * x * x % _P
    x_out = (m * m - 2 * s) % _P
    return x_out, (m * (s - x_out) - 8 * square * square) % _P, 2 * y * z % _P


def _plus(point: _Jacobian, other: Point) -> _Jacobian:
    """A point plus one that is given by its coordinates."""
    x, y, z = point
    if z == 0:
        return other[0], other[1], 1
    square = z * z % _P
    h = (other[0] * square - x) % _P
    r = (other[1] * square * z - y) % _P
    if h == 0:
        return _double(point) if r == 0 else _INFINITY
    h2 = h * h % _P
    h3 = h2 * h % _P
    x_out = (r * r - h3 - 2 * x * h2) % _P
    return x_out, (r * (x * h2 - x_out) - y * h3) % _P, h * z % _P


def _coordinates(point: _Jacobian) -> Point | None:
    x, y, z = point
    if z == 0:
        return None
    inverse = pow(z, -1, _P)
    square = inverse * inverse % _P
    return x * square % _P, y * square * inverse % _P


def multiply(point: Point, times: int) -> Point | None:
    """The point added to itself so many times."""
    total = _INFINITY
    for bit in f"{times % ORDER:b}":
        total = _double(total)
        if bit == "1":
            total = _plus(total, point)
    return _coordinates(total)


def add(first: Point | None, second: Point | None) -> Point | None:
    """The sum of two points."""
    if first is None or second is None:
        return first or second
    return _coordinates(_plus((first[0], first[1], 1), second))


def lift(x: int, *, odd: bool) -> Point | None:
    """The point with that x whose y is odd, or even; None where the curve has none."""
    square = (pow(x, 3, _P) + 7) % _P
    y = pow(square, (_P + 1) // 4, _P)
    if not 0 < x < _P or y * y % _P != square:
        return None
    return x, y if y % 2 == odd else _P - y
