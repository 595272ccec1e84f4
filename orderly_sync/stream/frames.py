"""Cutting WebSocket frames out of a byte stream, pure.

Bytes go in as the socket gives them, whole messages come out. Lengths are checked before their payload is waited
for, so no peer can make this process hold more than the limits. Text is not validated as UTF-8 here: the JSON
decoder does that.
"""

from __future__ import annotations

import struct

from orderly_sync.errors import StreamError

__all__ = ["CLOSE", "MAX_FRAME", "MAX_MESSAGE", "PING", "PONG", "TEXT", "FrameError", "FrameReader"]

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
MAX_FRAME = 8 * 1024 * 1024
MAX_MESSAGE = 16 * 1024 * 1024
_CONTINUATION = 0x0
_FIN, _RESERVED, _MASKED = 0x80, 0x70, 0x80
_SHORT, _MEDIUM = 126, 127
_FINAL_TEXT = _FIN | TEXT


class FrameError(StreamError):
    """The peer broke RFC 6455 or a limit of this package; the connection must go.

    Args:
        reason: What it did.
        code: The close code that says so.
    """

    def __init__(self, reason: str, code: int = 1002) -> None:
        super().__init__(reason)
        self.code = code
        self.messages: list[tuple[int, bytes]] = []
        """What came whole before the breach, in the same bytes."""


class FrameReader:
    """Turns bytes into messages; one per connection."""

    __slots__ = ("_buffer", "_kind", "_need", "_parts", "_size", "max_frame", "max_message")

    def __init__(self, max_frame: int = MAX_FRAME, max_message: int = MAX_MESSAGE) -> None:
        self.max_frame = max_frame
        self.max_message = max_message
        self._buffer = bytearray()  # the beginning of a frame whose rest has not come
        self._need = 0  # how many bytes that frame takes, as far as is known
        self._kind = 0  # opcode of the fragmented message under way, 0 if none
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """The messages that ``data`` completes, as ``(opcode, payload)``, in order.

        Raises:
            FrameError: The peer broke the protocol; nothing more must be read from it.
        """
        if self._buffer:
            self._buffer += data
            if len(self._buffer) < self._need:
                return []
            data = bytes(self._buffer)
            self._buffer.clear()
        messages: list[tuple[int, bytes]] = []
        try:
            self._cut(data, messages)
        except FrameError as exc:
            exc.messages = messages
            raise
        return messages

    def _cut(self, data: bytes, messages: list[tuple[int, bytes]]) -> None:
        at, end = 0, len(data)
        self._need = 2
        while end - at >= 2:  # noqa: PLR2004 - the shortest header
            length = data[at + 1]
            start = at + 2
            if length >= _SHORT:
                start, length = self._long_length(data, at, end, length)
                if length < 0:
                    break
            if length > self.max_frame:
                raise FrameError(f"a frame of {length} bytes is over the limit of {self.max_frame}", 1009)
            stop = start + length
            if stop > end:
                self._need = stop - at
                self._check_header(data[at], length)
                break
            if data[at] == _FINAL_TEXT and not self._kind:
                messages.append((TEXT, data[start:stop]))
            else:
                self._frame(data[at], data[start:stop], messages)
            at = stop
        if at < end:
            self._buffer += data[at:]

    def _long_length(self, data: bytes, at: int, end: int, marker: int) -> tuple[int, int]:
        """Where the payload starts and how long it is; length -1 while the header is incomplete."""
        if marker & _MASKED:
            raise FrameError("a masked frame from the server")
        size = 2 if marker == _SHORT else 8
        start = at + 2 + size
        if start > end:
            self._need = 2 + size
            return start, -1
        (length,) = struct.unpack_from(">H" if size == 2 else ">Q", data, at + 2)  # noqa: PLR2004
        return start, length

    def _check_header(self, head: int, length: int) -> None:
        """Refuse what cannot become right, before its payload is waited for."""
        opcode = head & 0x0F
        if head & _RESERVED:
            raise FrameError("reserved bits are set though no extension was agreed")
        if opcode >= CLOSE and (not head & _FIN or length >= _SHORT):
            raise FrameError("a control frame that is fragmented or too long")
        if opcode not in {_CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG}:
            raise FrameError(f"the reserved opcode {opcode}")
        if opcode < CLOSE and (opcode == _CONTINUATION) is not bool(self._kind):
            raise FrameError(
                "a continuation without a beginning" if not self._kind else "a message inside a message"
            )
        if opcode < CLOSE and self._size + length > self.max_message:
            raise FrameError(f"a message over the limit of {self.max_message} bytes", 1009)

    def _frame(self, head: int, payload: bytes, messages: list[tuple[int, bytes]]) -> None:
        self._check_header(head, len(payload))
        opcode = head & 0x0F
        if opcode >= CLOSE:
            messages.append((opcode, payload))
            return
        if opcode != _CONTINUATION:
            if head & _FIN:
                messages.append((opcode, payload))
                return
            self._kind = opcode
        if payload:
            # Empty fragments add nothing, however many a peer sends.
            self._parts.append(payload)
            self._size += len(payload)
        if head & _FIN:
            messages.append((self._kind, b"".join(self._parts)))
            self._parts, self._size, self._kind = [], 0, 0
        elif len(self._parts) > 1 and self._size < 64 * len(self._parts):
            # A million one-byte fragments must not cost a million objects.
            self._parts = [b"".join(self._parts)]
