"""User API / Key Management."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orderly_sync.models.account_enums import IpRestrictionStatus, KeyStatus
from orderly_sync.models.base import Acknowledged, Rows
from orderly_sync.models.key import AddedKey, IpRestriction, IpRestrictionList, OrderlyKey, OrderlyKeyInfo
from orderly_sync.models.message import AddOrderlyKeyMessage
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import IpRestrictionStatusLike, KeyStatusLike
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.typed_data import body

__all__ = ["Keys"]


class Keys(Group):
    """Orderly keys of an account: add, remove, restrict.

    https://orderly.network/docs/build-on-omnichain/user-flows/wallet-authentication
    """

    def get(self, *, account_id: str, orderly_key: str) -> OrderlyKey:
        """A key of any account, with its scope and expiry.

        ``GET /v1/get_orderly_key``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-orderly-key
        """
        return self._public.get(
            "/v1/get_orderly_key", OrderlyKey, account_id=account_id, orderly_key=orderly_key
        )

    def add(
        self, *, message: AddOrderlyKeyMessage | Mapping[str, object], signature: str, user_address: str
    ) -> AddedKey:
        """Add the key that the wallet signed in ``message``, for at most 365 days.

        ``POST /v1/orderly_key``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/add-orderly-key
        """
        return self._public.post(
            "/v1/orderly_key", AddedKey, message=body(message), signature=signature, userAddress=user_address
        )

    def remove(self, *, orderly_key: str) -> Acknowledged:
        """Remove a key of this account; its own too.

        ``POST /v1/client/remove_orderly_key``, signed, scope not documented; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/remove-orderly-key
        """
        return self._signed.post("/v1/client/remove_orderly_key", Acknowledged, orderly_key=orderly_key)

    def info(self, *, key_status: KeyStatusLike | None = None) -> Rows[OrderlyKeyInfo]:
        """The keys of this account.

        ``GET /v1/client/key_info``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-current-orderly-key-info
        """
        status = one_of(KeyStatus, key_status, "key_status")
        return self._signed.get("/v1/client/key_info", Rows[OrderlyKeyInfo], key_status=status)

    def ip_restriction(self, *, orderly_key: str) -> IpRestriction:
        """Where a key may be used from.

        ``GET /v1/client/orderly_key_ip_restriction``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-orderly-key-ip-restriction
        """
        return self._signed.get(
            "/v1/client/orderly_key_ip_restriction", IpRestriction, orderly_key=orderly_key
        )

    def set_ip_restriction(
        self, *, orderly_key: str, ip_restriction_list: str | Sequence[str]
    ) -> IpRestrictionList:
        """Allow a key these addresses and ranges only.

        Several are joined by commas; a range is written ``192.168.0.1-192.168.0.10``.

        ``POST /v1/client/set_orderly_key_ip_restriction``, signed, scope not documented;
        10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/set-orderly-key-ip-restriction
        """
        query = {"orderly_key": orderly_key, "ip_restriction_list": ip_restriction_list}
        return self._signed.post("/v1/client/set_orderly_key_ip_restriction", IpRestrictionList, query=query)

    def reset_ip_restriction(self, *, orderly_key: str, reset_mode: IpRestrictionStatusLike) -> Acknowledged:
        """Allow a key everywhere or nowhere.

        ``POST /v1/client/reset_orderly_key_ip_restriction``, signed, scope not documented;
        10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/reset-orderly-key-ip-restriction
        """
        query = {
            "orderly_key": orderly_key,
            "reset_mode": one_of(IpRestrictionStatus, reset_mode, "reset_mode"),
        }
        return self._signed.post("/v1/client/reset_orderly_key_ip_restriction", Acknowledged, query=query)
