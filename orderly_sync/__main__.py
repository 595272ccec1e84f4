"""``python -m orderly_sync``: the command ``orderly-sync``, also where scripts are not on the path."""

from __future__ import annotations

from orderly_sync.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
