"""Sentences that the client and the paper venue say alike."""

from __future__ import annotations

__all__ = ["PAPER_STOPPED"]

PAPER_STOPPED = "this paper venue has stopped"
"""What asks a venue of this process after its end is told."""
