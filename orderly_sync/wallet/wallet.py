"""Wallets: who owns accounts, and signs what a key may not do. The only importer of eth-account, when first needed.

An Orderly key trades. Everything beyond that (making the account, adding keys, withdrawing, settling, sending money to
other accounts) is typed data (EIP-712) that the wallet signs; ``onboarding`` and ``wallet_flows`` walk through each.
Hardware wallets, browsers and custodians take part as a function from typed data to a signature: ExternalWallet.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Mapping
from typing import Any, Generic, NoReturn, TypeVar

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.extras import lacking
from orderly_sync.models.message import Message
from orderly_sync.wire.typed_data import address, typed_data

__all__ = [
    "ExternalWallet",
    "SignedMessage",
    "Signer",
    "Wallet",
    "account_id",
    "broker_hash",
    "token_hash",
]

M = TypeVar("M", bound=Message)

Signer = Callable[[dict[str, Any]], "str | bytes"]
"""Signs complete typed data and returns the signature: 65 bytes, or their hex text."""

_KEY_BYTES = 32
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""Private keys are numbers from 1 up to below this."""
_SIGNATURE_BYTES = 65
_PARITY = 27
_MISSING = lacking("wallet", "signing for a wallet")


@attrs.frozen(kw_only=True)
class SignedMessage(Generic[M]):
    """A message with the signature over it, as the venue wants both."""

    message: M
    signature: str = attrs.field(repr=False)
    """``0x`` and 130 hex digits; its last byte is 27 or 28."""
    user_address: str
    verifying_contract: str
    """The contract of the domain it was signed for."""


def _keccak(data: bytes) -> bytes:
    try:
        from eth_utils.crypto import keccak
    except ImportError:
        raise UsageError(_MISSING) from None
    return bytes(keccak(data))


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def broker_hash(broker_id: str) -> str:
    """The hash by which contracts know a builder."""
    return _hex(_keccak(broker_id.encode()))


def token_hash(token: str) -> str:
    """The hash by which contracts know a token, from its symbol."""
    return _hex(_keccak(token.encode()))


def account_id(wallet_address: str, broker_id: str) -> str:
    """The id of the account that a wallet has with a builder, registered or not.

    Sub-accounts are not derived; the venue issues their ids.

    Raises:
        UsageError: The address is malformed, or the ``wallet`` extra is not installed.
    """
    owner = bytes.fromhex(address(wallet_address, "wallet_address")[2:])
    return _hex(_keccak(bytes(12) + owner + _keccak(broker_id.encode())))


def _raw_key(value: object) -> bytes | None:
    if isinstance(value, str):
        try:
            value = bytes.fromhex(value.strip().removeprefix("0x"))
        except ValueError:
            return None
    if not isinstance(value, bytes) or len(value) != _KEY_BYTES:
        return None
    return value if 0 < int.from_bytes(value, "big") < _ORDER else None


def _eth_account() -> Any:
    """The library, or None where it is not installed."""
    # One of its dependencies (py_ecc) raises the recursion limit of the process to 100,000, which is more than a stack
    # holds: from then on a recursion without end would be no RecursionError but the end of the program.
    limit = sys.getrecursionlimit()
    try:
        import eth_account
        import eth_account.messages
    except ImportError:
        return None
    finally:
        if sys.getrecursionlimit() != limit:
            sys.setrecursionlimit(limit)
    return eth_account


def _signature(value: object) -> str:
    """A signature in the one form that is sent."""
    raw = value
    if isinstance(value, str):
        try:
            raw = bytes.fromhex(value.strip().removeprefix("0x"))
        except ValueError:
            raw = None
    if not isinstance(raw, bytes) or len(raw) != _SIGNATURE_BYTES:
        raise UsageError("the signer must return 65 bytes or their hex text")
    last = raw[-1] + _PARITY if raw[-1] in {0, 1} else raw[-1]
    if last not in {_PARITY, _PARITY + 1}:
        raise UsageError(f"the signature ends with {last}; it must end with 27 or 28")
    return _hex(raw[:-1] + bytes([last]))


class Wallet:
    """A wallet that signs messages and never shows its key.

    Neither repr, str, format, pickle, copy nor attrs.asdict reveals it; ``reveal()`` is the only way out.

    Args:
        private_key: 32 bytes, or 64 hex digits with or without ``0x``.

    Raises:
        UsageError: It is no private key, or the ``wallet`` extra is not installed.
    """

    __slots__ = ("__account", "__library", "__weakref__", "address")

    address: str
    """``0x`` and 40 hex digits."""

    def __init__(self, private_key: str | bytes) -> None:
        # No error is raised while a frame of ours still knows the key: tracebacks are logged and pasted into chats.
        raw = _raw_key(private_key)
        del private_key
        library = _eth_account()
        account: Any = library.Account.from_key(raw) if library is not None and raw is not None else None
        valid = raw is not None
        del raw
        if library is None:
            raise UsageError(_MISSING)
        if not valid:
            raise UsageError("the private key must be 32 bytes or 64 hex digits, with or without '0x'")
        self.__library = library
        self.__account = account
        self.address = str(account.address)

    @classmethod
    def generate(cls) -> Wallet:
        """A new random wallet."""
        return cls((secrets.randbelow(_ORDER - 1) + 1).to_bytes(_KEY_BYTES, "big"))

    @classmethod
    def from_env(
        cls, name: str = "ORDERLY_WALLET_PRIVATE_KEY", environ: Mapping[str, str] | None = None
    ) -> Wallet:
        """The wallet whose private key stands in that environment variable.

        Raises:
            UsageError: It is not set or holds no private key.
        """
        env = os.environ if environ is None else environ
        if not env.get(name):
            raise UsageError(f"the wallet's private key is missing; set {name}")
        return cls(env[name])

    def sign(self, message: M, verifying_contract: str | None = None) -> SignedMessage[M]:
        """The message with this wallet's signature.

        Args:
            message: What to sign.
            verifying_contract: The network's ledger contract, for the messages that it verifies.

        Raises:
            UsageError: The contract is missing, a value does not fit its field, or an external signer returned no
                signature.
        """
        data = typed_data(message, verifying_contract)
        return SignedMessage(
            message=message,
            signature=_signature(self._sign(data)),
            user_address=self.address,
            verifying_contract=data["domain"]["verifyingContract"],
        )

    def _sign(self, data: dict[str, Any]) -> str | bytes:
        signable = self.__library.messages.encode_typed_data(full_message=data)
        return bytes(self.__account.sign_message(signable).signature)

    def reveal(self) -> str:
        """The private key itself, ``0x…``, to store it. Never log the result.

        Raises:
            UsageError: The key is elsewhere.
        """
        return _hex(bytes(self.__account.key))

    def __repr__(self) -> str:
        # A debugger may show it half made.
        return f"{type(self).__name__}({getattr(self, 'address', None)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wallet) and other.address.lower() == self.address.lower()

    def __hash__(self) -> int:
        return hash(self.address.lower())

    def __copy__(self) -> Wallet:
        return self

    def __deepcopy__(self, memo: object) -> Wallet:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a wallet is never pickled; build it where it is used")

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, "address"):
            raise AttributeError("a wallet does not change")
        object.__setattr__(self, name, value)


class ExternalWallet(Wallet):
    """A wallet whose key is elsewhere; it needs no eth-account.

    Args:
        wallet_address: ``0x`` and 40 hex digits.
        signer: Gets complete typed data, with ``0x`` hex and plain ints as values, and returns the signature.

    Raises:
        UsageError: The address is malformed.
    """

    __slots__ = ("__signer",)

    def __init__(self, wallet_address: str, signer: Signer) -> None:
        self.__signer = signer
        self.address = address(wallet_address, "wallet_address")

    def _sign(self, data: dict[str, Any]) -> str | bytes:
        return self.__signer(data)

    def reveal(self) -> str:
        """Refuses: the key is with the signer."""
        raise UsageError("this wallet's key is with its signer")
