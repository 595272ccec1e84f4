"""Order Tag API / Admin and Public."""

from __future__ import annotations

from collections.abc import Mapping

from orderly_sync.models.base import Acknowledged, Rows
from orderly_sync.models.order_tag import OrderTag
from orderly_sync.rest.group import Group
from orderly_sync.rest.markets import by_symbol
from orderly_sync.wire.numbers import Number, number

__all__ = ["OrderTags"]


def _rates(overrides: Mapping[str, Number] | None) -> dict[str, object] | None:
    if overrides is None:
        return None
    return {
        symbol: number(rate, f"pair_overrides[{symbol!r}]") for symbol, rate in by_symbol(overrides).items()
    }


class OrderTags(Group):
    """A builder's own trading fees for orders that carry its tag, ``enum:<owning_broker_id>:<enum_id>``.

    Rates are decimal fractions from 0.00001 to 0.01. The first six calls are for the builder's admin; refusals are
    ``Duplicate`` (-1201), ``NotFound`` (-1202) and ``BadRequest`` (-1203 to -1210).
    """

    def create(
        self,
        *,
        enum_id: str,
        name: str,
        default_fee_rate: Number,
        description: str | None = None,
        pair_overrides: Mapping[str, Number] | None = None,
    ) -> Acknowledged:
        """Create a tag.

        ``POST /v1/broker/order_enum``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/create-order-tag

        Args:
            enum_id: Capitals, digits and underscores, at most 36; it cannot be changed.
            name: For people.
            default_fee_rate: The fee of symbols without a rate of their own.
            description: For people.
            pair_overrides: Symbol to rate.
        """
        return self._signed.post(
            "/v1/broker/order_enum",
            Acknowledged,
            enum_id=enum_id,
            name=name,
            description=description,
            default_fee_rate=number(default_fee_rate, "default_fee_rate"),
            pair_overrides=_rates(pair_overrides),
        )

    def get(self, enum_id: str) -> OrderTag:
        """One tag of this builder with its usage.

        ``GET /v1/broker/order_enum/{enum_id}``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-single-order-tag-with-stats
        """
        return self._signed.get("/v1/broker/order_enum/{enum_id}", OrderTag, at={"enum_id": enum_id})

    def update(
        self,
        enum_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        default_fee_rate: Number | None = None,
        pair_overrides: Mapping[str, Number] | None = None,
    ) -> Acknowledged:
        """Change an active tag; what is absent stays.

        Given overrides replace all there were; an empty mapping removes them.

        ``PUT /v1/broker/order_enum/{enum_id}``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/update-order-tag
        """
        return self._signed.put(
            "/v1/broker/order_enum/{enum_id}",
            Acknowledged,
            at={"enum_id": enum_id},
            name=name,
            description=description,
            default_fee_rate=number(default_fee_rate, "default_fee_rate"),
            pair_overrides=_rates(pair_overrides),
        )

    def tags(
        self, *, symbol: str | None = None, enum_id: str | None = None, include_archived: bool | None = None
    ) -> Rows[OrderTag]:
        """The tags of this builder with their usage; part of an id will do.

        ``GET /v1/broker/order_enums``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/list-all-order-tags-for-a-builder
        """
        return self._signed.get(
            "/v1/broker/order_enums",
            Rows[OrderTag],
            symbol=symbol,
            enum_id=enum_id,
            include_archived=include_archived,
        )

    def archive(self, enum_id: str) -> OrderTag:
        """Take a tag out of use; it can come back for 30 days.

        ``POST /v1/broker/order_enum/archive``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/archive-an-order-tag
        """
        return self._signed.post("/v1/broker/order_enum/archive", OrderTag, enum_id=enum_id)

    def unarchive(self, enum_id: str) -> OrderTag:
        """Bring an archived tag back into use.

        ``POST /v1/broker/order_enum/unarchive``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/unarchive-an-order-tag
        """
        return self._signed.post("/v1/broker/order_enum/unarchive", OrderTag, enum_id=enum_id)

    def public_tags(
        self,
        broker_id: str,
        *,
        symbol: str | None = None,
        enum_id: str | None = None,
        include_archived: bool | None = None,
    ) -> Rows[OrderTag]:
        """The tags of any builder, without usage.

        ``GET /v1/public/broker/order_enums``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/list-order-tags-for-a-broker
        """
        return self._public.get(
            "/v1/public/broker/order_enums",
            Rows[OrderTag],
            broker_id=broker_id,
            symbol=symbol,
            enum_id=enum_id,
            include_archived=include_archived,
        )

    def public_tag(self, broker_id: str, enum_id: str) -> OrderTag:
        """One tag of any builder, without usage.

        ``GET /v1/public/broker/order_enum``, public; limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-one-order-tag-for-a-broker
        """
        return self._public.get(
            "/v1/public/broker/order_enum", OrderTag, broker_id=broker_id, enum_id=enum_id
        )
