"""System Info: is the venue up, what does it announce, what does it hold. All public."""

from __future__ import annotations

from orderly_sync.models.base import Rows
from orderly_sync.models.system import Announcement, InsuranceFund, IpInfo, SystemInfo, VaultBalance
from orderly_sync.rest.caller import Caller

__all__ = ["System"]


class System:
    """The venue itself; public."""

    def __init__(self, public: Caller, signed: Caller) -> None:
        self._public = public
        self._signed = signed

    def info(self) -> SystemInfo:
        """Whether the venue is up, and its clock (``GET /v1/public/system_info``)."""
        return self._public.get("/v1/public/system_info", SystemInfo)

    def ip_info(self) -> IpInfo:
        """Where the venue sees this machine (``GET /v1/ip_info``)."""
        return self._public.get("/v1/ip_info", IpInfo)

    def insurance_fund(self) -> InsuranceFund:
        """The insurance fund with its positions (``GET /v1/public/insurancefund``)."""
        return self._public.get("/v1/public/insurancefund", InsuranceFund)

    def vault_balances(
        self, *, chain_id: str | int | None = None, token: str | None = None
    ) -> Rows[VaultBalance]:
        """What the vaults of the chains hold (``GET /v1/public/vault_balance``)."""
        return self._public.get(
            "/v1/public/vault_balance", Rows[VaultBalance], chain_id=chain_id, token=token
        )

    def announcements(self) -> Rows[Announcement]:
        """What the venue announces (``GET /v1/public/announcement``)."""
        return self._public.get("/v1/public/announcement", Rows[Announcement])
