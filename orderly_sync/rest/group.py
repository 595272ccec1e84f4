"""What every group of operations is: its methods, over one caller for public and one for signed requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

__all__ = ["Calls", "Group"]

T = TypeVar("T")


class Calls(Protocol):
    """What operations ask of whoever sends their requests; ``ApiClient`` says what each means."""

    def get(
        self,
        path: str,
        result: type[T],
        /,
        *,
        at: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        bare: bool = False,
        **more: object,
    ) -> T:
        """Read."""

    def delete(
        self,
        path: str,
        result: type[T],
        /,
        *,
        at: Mapping[str, object] | None = None,
        client_order_id_asked: str | None = None,
        **query: object,
    ) -> T:
        """Delete."""

    def post(
        self,
        path: str,
        result: type[T],
        /,
        *,
        at: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        client_order_id_asked: str | None = None,
        weight: int = 1,
        **body: object,
    ) -> T:
        """Write."""

    def put(
        self,
        path: str,
        result: type[T],
        /,
        *,
        at: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        client_order_id_asked: str | None = None,
        **body: object,
    ) -> T:
        """Edit."""


class Group:
    """Operations that the venue's menu lists together, each a method.

    Args:
        public: Sends what anybody may ask.
        signed: Sends what the account asks, signed.
    """

    def __init__(self, public: Calls, signed: Calls) -> None:
        self._public = public
        self._signed = signed
