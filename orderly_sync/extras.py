"""What the extras of this package need, and the sentence for whoever lacks one of them."""

from __future__ import annotations

__all__ = ["REQUIREMENTS", "extra_of", "install_command", "lacking"]

REQUIREMENTS: dict[str, dict[str, str]] = {
    "paper": {"aiohttp": "aiohttp>=3.10"},
    "cli": {"click": "click>=8.1", "rich": "rich>=13.7"},
    "wallet": {"eth_account": "eth-account>=0.13", "eth_utils": "eth-utils>=2"},
    "keyring": {"keyring": "keyring>=25"},
    "notebook": {
        "pandas": "pandas>=2",
        "plotly": "plotly>=6",
        "tqdm": "tqdm>=4.66",
        "IPython": "ipython>=8.18",
    },
    "redis": {"redis": "redis>=5"},
    "arrow": {"pyarrow": "pyarrow>=15"},
    "polars": {"polars": "polars>=1"},
}
"""By extra: the modules it brings and the requirements that setup.cfg writes for them."""


def extra_of(module: str | None) -> str | None:
    """The extra that brings a module, by its dotted name; None for any other module."""
    top = (module or "").partition(".")[0]
    return next((extra for extra, brought in REQUIREMENTS.items() if top in brought), None)


def install_command(extra: str) -> str:
    """What to type. It names what is missing, not this package: that works however this package was installed."""
    wanted = " ".join(f'"{requirement}"' for requirement in REQUIREMENTS[extra].values())
    return f"python -m pip install {wanted}"


def lacking(extra: str, what: str) -> str:
    """One sentence for somebody who wanted ``what`` without having the extra."""
    return f"{what} needs the extra {extra!r}; install it with: {install_command(extra)}"
