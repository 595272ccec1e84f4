"""What a Ctrl-C left half made is collected in silence."""

from __future__ import annotations

import pytest

from orderly_sync.dialling import connections


@pytest.mark.parametrize("kind", [connections._Timed, connections._Answer])
def test_a_reader_that_was_interrupted_while_it_was_made_is_closed_in_silence(kind: type) -> None:
    """Python closes it when it is collected; an error then would be shown on the user's stderr."""
    half = kind.__new__(kind)
    half.close()
    assert half.closed
