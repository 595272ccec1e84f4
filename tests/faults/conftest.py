"""What tests of faults share with others."""

from __future__ import annotations

from tests.support.journals import journal_path, lasting_venue

__all__ = ["journal_path", "lasting_venue"]
