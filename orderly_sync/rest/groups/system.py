"""System Info: is the venue up, what does it announce, what does it hold."""

from __future__ import annotations

from orderly_sync.models.base import Rows
from orderly_sync.models.system import (
    Announcement,
    Announcements,
    FeatureFlag,
    InsuranceFund,
    IpInfo,
    RestrictedAreas,
    SystemInfo,
    VaultBalance,
)
from orderly_sync.rest.group import Group

__all__ = ["System"]


class System(Group):
    """The venue itself; public unless a method says otherwise."""

    def info(self, *, source: str | None = None) -> SystemInfo:
        """Whether the venue is up, and its clock.

        ``source="maintenance"`` is what the venue's own web client sends; what it changes is not documented.

        ``GET /v1/public/system_info``, public; 1 request a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-system-maintenance-status
        """
        return self._public.get("/v1/public/system_info", SystemInfo, source=source)

    def ip_info(self) -> IpInfo:
        """Where the venue sees this machine.

        ``GET /v1/ip_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-ip-info
        """
        return self._public.get("/v1/ip_info", IpInfo)

    def insurance_fund(self) -> InsuranceFund:
        """The insurance fund with its positions.

        ``GET /v1/public/insurancefund``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-insurance-fund-info
        """
        return self._public.get("/v1/public/insurancefund", InsuranceFund)

    def vault_balances(
        self, *, chain_id: str | int | None = None, token: str | None = None
    ) -> Rows[VaultBalance]:
        """What the vaults of the chains hold.

        ``GET /v1/public/vault_balance``, public; limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-vault-balance
        """
        return self._public.get(
            "/v1/public/vault_balance", Rows[VaultBalance], chain_id=chain_id, token=token
        )

    def announcement_board(self) -> Announcements:
        """What the venue announces, with translations and pictures.

        ``GET /v2/public/announcement``, public; limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-announcements-v2
        """
        return self._public.get("/v2/public/announcement", Announcements)

    def feature_flags(self) -> Rows[FeatureFlag]:
        """Features that are switched on for everybody.

        ``GET /v1/public/feature_flags``, public; limit not documented, 10 requests a second kept.
        On no page of the API; the JS SDK 3.2 calls it.
        """
        return self._public.get("/v1/public/feature_flags", Rows[FeatureFlag])

    def account_feature_flags(self) -> Rows[FeatureFlag]:
        """Features that are switched on for this account; needs a key.

        ``GET /v1/feature_flags``, signed, scope not documented; limit not documented, 10 requests a second kept.
        On no page of the API; the JS SDK 3.2 calls it.
        """
        return self._signed.get("/v1/feature_flags", Rows[FeatureFlag])

    def restricted_areas(self) -> RestrictedAreas:
        """Where the venue's web client may not be used.

        ``GET /v1/restricted_areas``, public; limit not documented, 10 requests a second kept.
        On no page of the API; the JS SDK 3.2 calls it.
        """
        return self._public.get("/v1/restricted_areas", RestrictedAreas)

    def announcements(self) -> Rows[Announcement]:
        """What the venue announces.

        ``GET /v1/public/announcement``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-announcements
        """
        return self._public.get("/v1/public/announcement", Rows[Announcement])
