"""Builder API / Fee Setting."""

from __future__ import annotations

from collections.abc import Sequence

from orderly_sync.models.base import Acknowledged, Page
from orderly_sync.models.fee import DefaultFeeRate, UserFeeRate
from orderly_sync.rest.arguments import account_list
from orderly_sync.rest.group import Group
from orderly_sync.wire.numbers import Number, number

__all__ = ["Fees"]


class Fees(Group):
    """The fee rates of a builder's users, for the builder's admin.

    Rates are decimal fractions in steps of 0.00001: 0.0001 is one basis point.

    https://orderly.network/docs/build-on-omnichain/user-flows/custom-fees
    """

    def user_info(
        self, *, account_id: str | None = None, address: str | None = None, page: int = 1, size: int = 25
    ) -> Page[UserFeeRate]:
        """Fee rates of a user, by account or wallet; the venue may refuse without.

        ``GET /v1/broker/user_info``, signed, scope ``read``; 60 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-user-fee-rates
        """
        return self._signed.get(
            "/v1/broker/user_info",
            Page[UserFeeRate],
            account_id=account_id,
            address=address,
            page=page,
            size=size,
        )

    def set(
        self,
        *,
        account_ids: Sequence[str],
        maker_fee_rate: Number,
        taker_fee_rate: Number,
        rwa_maker_fee_rate: Number | None = None,
        rwa_taker_fee_rate: Number | None = None,
    ) -> Acknowledged:
        """Give up to 500 accounts fee rates of their own.

        ``POST /v1/broker/fee_rate/set``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/update-user-fee-rate
        """
        return self._signed.post(
            "/v1/broker/fee_rate/set",
            Acknowledged,
            maker_fee_rate=number(maker_fee_rate, "maker_fee_rate"),
            taker_fee_rate=number(taker_fee_rate, "taker_fee_rate"),
            rwa_taker_fee_rate=number(rwa_taker_fee_rate, "rwa_taker_fee_rate"),
            rwa_maker_fee_rate=number(rwa_maker_fee_rate, "rwa_maker_fee_rate"),
            account_ids=account_list(account_ids),
        )

    def set_default(self, account_ids: Sequence[str]) -> Acknowledged:
        """Give up to 500 accounts the default fee rates again.

        ``POST /v1/broker/fee_rate/set_default``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/reset-user-fee-rate
        """
        return self._signed.post(
            "/v1/broker/fee_rate/set_default", Acknowledged, account_ids=account_list(account_ids)
        )

    def default(self) -> DefaultFeeRate:
        """The fee rates of users without rates of their own.

        ``GET /v1/broker/fee_rate/default``, signed, scope ``read``; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-default-builder-fee
        """
        return self._signed.get("/v1/broker/fee_rate/default", DefaultFeeRate)

    def update_default(
        self,
        *,
        maker_fee_rate: Number,
        taker_fee_rate: Number,
        rwa_maker_fee_rate: Number | None = None,
        rwa_taker_fee_rate: Number | None = None,
    ) -> Acknowledged:
        """Set the fee rates of users without rates of their own.

        ``POST /v1/broker/fee_rate/default``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/update-default-builder-fee
        """
        return self._signed.post(
            "/v1/broker/fee_rate/default",
            Acknowledged,
            maker_fee_rate=number(maker_fee_rate, "maker_fee_rate"),
            taker_fee_rate=number(taker_fee_rate, "taker_fee_rate"),
            rwa_taker_fee_rate=number(rwa_taker_fee_rate, "rwa_taker_fee_rate"),
            rwa_maker_fee_rate=number(rwa_maker_fee_rate, "rwa_maker_fee_rate"),
        )
