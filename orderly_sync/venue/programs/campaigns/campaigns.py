"""Trading campaigns: one that is over when the venue opens, one under way, one to come. Only sign-ups change.

The campaigns themselves are invented; what their users did in them is computed from the venue's own trades.
"""

from __future__ import annotations

import attrs

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.wire.error_codes import DUPLICATE_REQUEST, INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = ["CampaignService", "CampaignTerms"]

_DAY = 86_400_000
_PLAN = (
    ("paper_autumn_cup", -40, -10, -50, -20),
    ("paper_winter_cup", -1, 30, -7, 25),
    ("paper_spring_cup", 35, 65, 25, 40),
)
"""Name, then start, end, first and last day of the sign-up, in days from the opening."""


@attrs.frozen(kw_only=True)
class CampaignTerms:
    """One campaign; times in ms."""

    id: int
    name: str
    start_time: int
    end_time: int
    signup_start_time: int
    signup_end_time: int


class CampaignService:
    """All campaigns and who signed up.

    Args:
        opening: When the venue opened, ms.
    """

    def __init__(self, opening: int) -> None:
        self._campaigns = {
            number: CampaignTerms(
                id=number,
                name=name,
                start_time=opening + start * _DAY,
                end_time=opening + end * _DAY,
                signup_start_time=opening + first * _DAY,
                signup_end_time=opening + last * _DAY,
            )
            for number, (name, start, end, first, last) in enumerate(_PLAN, start=1)
        }
        self._signed: dict[int, dict[str, int]] = {number: {} for number in self._campaigns}

    def all(self) -> list[CampaignTerms]:
        """The campaigns, newest first."""
        return sorted(self._campaigns.values(), key=lambda each: each.start_time, reverse=True)

    def get(self, campaign_id: int) -> CampaignTerms:
        """One campaign; raises Refused -1006."""
        found = self._campaigns.get(campaign_id)
        if found is None:
            raise Refused(RESOURCE_NOT_FOUND, f"campaign {campaign_id} does not exist")
        return found

    def users(self, campaign_id: int) -> dict[str, int]:
        """The accounts that signed up, with when they did."""
        self.get(campaign_id)
        return dict(self._signed[campaign_id])

    def sign_up(self, campaign_id: int, account_id: str, now: int) -> None:
        """Sign an account up.

        Raises:
            Refused: -1006 no such campaign, -1005 its sign-up is not open, -1007 the account did so before.
        """
        campaign = self.get(campaign_id)
        if not campaign.signup_start_time <= now <= campaign.signup_end_time:
            raise Refused(INVALID_PARAM, f"the sign-up of campaign {campaign_id} is not open")
        if account_id in self._signed[campaign_id]:
            raise Refused(DUPLICATE_REQUEST, f"this account has signed up for campaign {campaign_id} already")
        self._signed[campaign_id][account_id] = now
