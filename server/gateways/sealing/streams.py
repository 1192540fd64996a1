"""Sealed streams: a head with the file's own wrapped key, then numbered frames, the last of which is marked.

    head   "SEAL" version suite len(key_id) key_id frame_bytes | nonce wrapped_key tag
    frame  ciphertext tag          nonce = 11 bytes of frame number, 1 byte "is this the last?"

The frames are STREAM of Hoang, Reyhanitabar, Rogaway and Vizár ("Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", CRYPTO 2015), with an empty nonce prefix, because every stream has its own key. The number in the
nonce detects frames that were reordered, repeated or dropped; the mark detects a cut end. Our own code, because no
maintained Python library has it (age is another format, without SM4). Fixed vectors:
tests/server/gateways/test_stream_vectors.py.
"""

import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from os import urandom

from server.gateways.sealing.ring import KeyRing
from server.gateways.sealing.suites import NONCE_BYTES, SUITES, TAG_BYTES, Aead, SealBroken, Suite, opened

FRAME_BYTES = 64 * 1024
MAGIC = b"SEAL\x01"
LONGEST_HEAD = 128
NUMBERED = {suite.number: suite for suite in SUITES.values()}


@dataclass(frozen=True, slots=True)
class Head:
    """What precedes the frames, and its length."""

    suite: Suite
    file_key: bytes
    length: int


class Sealer:
    """Seals bytes as they come: write `head`, then what `feed` returns, then what `finish` returns."""

    def __init__(self, ring: KeyRing, *, bound_to: str) -> None:
        file_key = urandom(ring.suite.key_bytes)
        self.head = _written_head(ring, ring.suite, file_key=file_key, bound_to=bound_to)
        self._aead = ring.suite.cipher(file_key)
        self._pending = bytearray()
        self._number = 0

    def feed(self, chunk: bytes) -> bytes:
        self._pending += chunk
        frames = []
        while len(self._pending) > FRAME_BYTES:  # a full frame waits until we know that it is not the last
            frames.append(self._frame(bytes(self._pending[:FRAME_BYTES]), last=False))
            del self._pending[:FRAME_BYTES]
        return b"".join(frames)

    def finish(self) -> bytes:
        return self._frame(bytes(self._pending), last=True)

    def _frame(self, plain: bytes, *, last: bool) -> bytes:
        frame = self._aead.encrypt(_nonce(self._number, last=last), plain, None)
        self._number += 1
        return frame


class Unsealer:
    """Opens bytes as they come. The stream is proven complete only once `finish` has returned."""

    def __init__(self, ring: KeyRing, *, bound_to: str) -> None:
        self._ring = ring
        self._bound_to = bound_to
        self._aead: Aead | None = None
        self._pending = bytearray()
        self._number = 0

    def feed(self, chunk: bytes) -> bytes:
        self._pending += chunk
        if self._aead is None:
            if len(self._pending) < LONGEST_HEAD:
                return b""
            self._aead = self._behead()
        frames = []
        size = FRAME_BYTES + TAG_BYTES
        while len(self._pending) > size:
            frames.append(self._opened(self._aead, bytes(self._pending[:size]), last=False))
            del self._pending[:size]
        return b"".join(frames)

    def finish(self) -> bytes:
        aead = self._aead or self._behead()
        return self._opened(aead, bytes(self._pending), last=True)

    def _behead(self) -> Aead:
        head = _read_head(self._ring, bytes(self._pending[:LONGEST_HEAD]), bound_to=self._bound_to)
        del self._pending[: head.length]
        return head.suite.cipher(head.file_key)

    def _opened(self, aead: Aead, frame: bytes, *, last: bool) -> bytes:
        plain = opened(aead, _nonce(self._number, last=last), box=frame, bound_to=b"")
        self._number += 1
        return plain


async def seal_chunks(chunks: AsyncIterator[bytes], *, ring: KeyRing, bound_to: str) -> AsyncIterator[bytes]:
    """Seal a stream with its own key; `bound_to` is its future address."""
    sealer = Sealer(ring, bound_to=bound_to)
    yield sealer.head
    async for chunk in chunks:
        if sealed := sealer.feed(chunk):
            yield sealed
    yield sealer.finish()


async def unseal_chunks(
    chunks: AsyncIterator[bytes], *, ring: KeyRing, bound_to: str
) -> AsyncIterator[bytes]:
    """Open a sealed stream; raises SealBroken at the first altered frame, or at the end."""
    unsealer = Unsealer(ring, bound_to=bound_to)
    async for chunk in chunks:
        if plain := unsealer.feed(chunk):
            yield plain
    if rest := unsealer.finish():
        yield rest


async def rewrap_chunks(
    chunks: AsyncIterator[bytes], *, ring: KeyRing, bound_to: str
) -> AsyncIterator[bytes]:
    """Yield the same sealed stream with its key wrapped by the current master key; the frames are unchanged."""
    start = b""
    async for chunk in chunks:
        start += chunk
        if len(start) >= LONGEST_HEAD:
            break
    yield _rewrapped(ring, start, bound_to=bound_to)
    async for chunk in chunks:
        yield chunk


def _rewrapped(ring: KeyRing, start: bytes, *, bound_to: str) -> bytes:
    head = _read_head(ring, start[:LONGEST_HEAD], bound_to=bound_to)
    fresh = _written_head(ring, head.suite, file_key=head.file_key, bound_to=bound_to)
    return fresh + start[head.length :]


def _written_head(ring: KeyRing, suite: Suite, *, file_key: bytes, bound_to: str) -> bytes:
    key_id = ring.current.encode()
    plain = MAGIC + struct.pack(">BB", suite.number, len(key_id)) + key_id + struct.pack(">I", FRAME_BYTES)
    return plain + ring.wrap(file_key, suite=suite, bound_to=plain + bound_to.encode())


def head_length(start: bytes) -> int:
    """Return the length of a sealed stream's head, from its beginning and without keys; raises SealBroken."""
    suite, plain, _ = _head_of(start)
    return len(plain) + NONCE_BYTES + suite.key_bytes + TAG_BYTES


def _read_head(ring: KeyRing, start: bytes, *, bound_to: str) -> Head:
    suite, plain, name = _head_of(start)
    length = head_length(start)
    file_key = ring.unwrap(
        start[len(plain) : length], suite=suite, key_id=name, bound_to=plain + bound_to.encode()
    )
    return Head(suite, file_key, length)


def _head_of(start: bytes) -> tuple[Suite, bytes, str]:
    """Return suite, the head's plain part, and the name of the key."""
    try:
        magic, number, id_length = struct.unpack_from(">5sBB", start)
        key_id, frame_bytes = struct.unpack_from(f">{id_length}sI", start, 7)
        suite = NUMBERED[number]
        name = key_id.decode()
    except (struct.error, KeyError, UnicodeDecodeError) as error:
        raise SealBroken("not a sealed stream") from error
    if magic != MAGIC or frame_bytes != FRAME_BYTES:
        raise SealBroken("not a sealed stream")
    return suite, start[: 7 + id_length + 4], name


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1, "big") + (b"\1" if last else b"\0")
