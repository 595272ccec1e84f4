"""What every group of operations is: its methods, over one caller for public and one for signed requests."""

from __future__ import annotations

from orderly_sync.rest.api_client import ApiClient

__all__ = ["Group"]


class Group:
    """Operations that the venue's menu lists together, each a method.

    Args:
        public: Sends what anybody may ask.
        signed: Sends what the account asks, signed.
    """

    def __init__(self, public: ApiClient, signed: ApiClient) -> None:
        self._public = public
        self._signed = signed
