"""The services of one venue, each by its own name: what its operations work with."""

from __future__ import annotations

import attrs

from orderly_sync.venue.programs.programs import Programs
from orderly_sync.venue.programs.vaults.vault_service import VaultService
from orderly_sync.venue.server.account_service import Accounts
from orderly_sync.venue.server.faults import Faults
from orderly_sync.venue.server.market_data import MarketData
from orderly_sync.venue.server.notices import Notices
from orderly_sync.venue.server.ports import CommandSubmitter, ExchangeReader
from orderly_sync.venue.server.publisher import Publisher
from orderly_sync.venue.server.reports import Reports

__all__ = ["Services"]


@attrs.frozen(kw_only=True)
class Services:
    """Narrow services; a handler takes those it needs from its ``Call``."""

    exchange: ExchangeReader
    """Orders, fills, positions, prices: to read."""
    trading: CommandSubmitter
    """Commands of accounts."""
    markets: MarketData
    accounts: Accounts
    reports: Reports
    """What accounts are told, and what they were."""
    notices: Notices
    """The venue's own words: maintenance and announcements."""
    programs: Programs
    vaults: VaultService
    faults: Faults
    publisher: Publisher
