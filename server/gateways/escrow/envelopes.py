"""Envelopes: an identity locked so that any two of three key-holders can open it and none of them alone.

The identity is encrypted under a fresh key. For each pair of holders that key is split in two, and each half is
sealed (HPKE) to one of them. `info` names set, pair, holder and box, so a share fits only one envelope and place.
HPKE comes from the library; splitting by pairs makes a secret-sharing library unnecessary.
"""

import hashlib
from collections.abc import Mapping
from itertools import combinations
from os import urandom

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey
from msgspec import Struct

from server.gateways.escrow.keys import SUITE, private_key, public_key

HOLDERS = ("A", "B", "C")
IDENTITY_BYTES = 512  # all envelopes have the same length
KEY_BYTES, NONCE_BYTES = 32, 12


class EnvelopeBroken(Exception):
    """The envelope does not open: altered, a share of another envelope, or not the key it was sealed to."""


class Envelope(Struct, frozen=True):
    """A locked identity; `shares` is by pair and holder: shares["AB"]["A"]."""

    set_id: str
    box: bytes
    shares: dict[str, dict[str, bytes]]

    def packed(self) -> bytes:
        """Return its bytes, always the same for the same envelope."""
        return msgspec.msgpack.encode(self, order="sorted")

    def digest(self) -> str:
        """Return what the journal keeps of it, so that swapping in another report's envelope is detected."""
        return hashlib.sha256(self.packed()).hexdigest()


class Halves(Struct, frozen=True):
    """A holder's own sealed halves of one envelope, without the box, which `tag` names; `shares` is by pair."""

    set_id: str
    holder: str
    tag: bytes
    digest: str  # of the envelope
    shares: dict[str, bytes]


class Answer(Struct, frozen=True):
    """What a holder hands in: their halves, readable only by the named reader."""

    holder: str
    digest: str  # of the envelope
    halves: dict[str, bytes]  # by pair


def unpacked(data: bytes) -> Envelope:
    """Return the envelope in packed bytes; raises EnvelopeBroken."""
    try:
        return msgspec.msgpack.decode(data, type=Envelope)
    except msgspec.MsgspecError as error:
        raise EnvelopeBroken from error


def seal_identity(identity: str, *, holders: Mapping[str, str], set_id: str) -> Envelope:
    """Lock an identity for three holders, given by letter and public key."""
    return _sealed(identity, holders=holders, set_id=set_id)[0]


def _sealed(
    identity: str, *, holders: Mapping[str, str], set_id: str
) -> tuple[Envelope, dict[str, dict[str, bytes]]]:
    """Return the envelope and its plain halves by pair and holder."""
    key, nonce = urandom(KEY_BYTES), urandom(NONCE_BYTES)
    box = nonce + AESGCM(key).encrypt(nonce, _padded(identity), set_id.encode())
    public = {letter: public_key(text) for letter, text in holders.items()}
    plain: dict[str, dict[str, bytes]] = {}
    for one, other in combinations(sorted(holders), 2):
        half = urandom(KEY_BYTES)
        plain[one + other] = {one: half, other: _xor(key, half)}
    shares = {
        pair: {
            letter: SUITE.encrypt(half, public[letter], _info(set_id, pair, letter, box))
            for letter, half in halves.items()
        }
        for pair, halves in plain.items()
    }
    return Envelope(set_id, box, shares), plain


def answer(envelope: Envelope, *, holder: str, private: str, reader: str) -> Answer:
    """Seal a holder's halves to the reader's public key; runs on the holder's own machine."""
    key, to = private_key(private), public_key(reader)
    tied = _to_reader(envelope)
    halves = {
        pair: SUITE.encrypt(_opened(envelope, pair, holder, key), to, tied)
        for pair in envelope.shares
        if holder in pair
    }
    return Answer(holder, envelope.digest(), halves)


def read_identity(envelope: Envelope, *, answers: tuple[Answer, Answer], private: str) -> str:
    """Return the identity from two holders' answers and the reader's private key; raises EnvelopeBroken."""
    pair = "".join(sorted(one.holder for one in answers))
    if pair not in envelope.shares or any(one.digest != envelope.digest() for one in answers):
        raise EnvelopeBroken
    key, tied = private_key(private), _to_reader(envelope)
    try:
        one, other = (SUITE.decrypt(part.halves[pair], key, tied) for part in answers)
        nonce, box = envelope.box[:NONCE_BYTES], envelope.box[NONCE_BYTES:]
        return AESGCM(_xor(one, other)).decrypt(nonce, box, envelope.set_id.encode()).rstrip(b"\0").decode()
    except (InvalidTag, KeyError, ValueError) as error:
        raise EnvelopeBroken from error


def halves_of(envelope: Envelope, *, holder: str) -> Halves:
    """Return what a holder needs for handing on their halves: without the box, so not even two holders can open it."""
    shares = {pair: of_pair[holder] for pair, of_pair in envelope.shares.items() if holder in pair}
    return Halves(envelope.set_id, holder, _tag(envelope.box), envelope.digest(), shares)


def hand_on(halves: Halves, *, private: str, successor: str) -> Halves:
    """Seal a holder's halves to the successor, on the holder's own machine; nothing about the identity is revealed."""
    to = public_key(successor)
    plain = _plain(halves, private)
    sealed = {
        pair: SUITE.encrypt(half, to, _share_info(halves.set_id, pair, halves.holder, halves.tag))
        for pair, half in plain.items()
    }
    return Halves(halves.set_id, halves.holder, halves.tag, halves.digest, sealed)


def with_halves(envelope: Envelope, handed: Halves) -> Envelope:
    """Return the envelope with a holder's handed-on halves; raises EnvelopeBroken if they belong to another."""
    own = halves_of(envelope, holder=handed.holder)
    is_same = (own.set_id, own.tag, own.digest) == (handed.set_id, handed.tag, handed.digest)
    if not is_same or own.shares.keys() != handed.shares.keys():
        raise EnvelopeBroken
    if any(len(handed.shares[pair]) != len(share) for pair, share in own.shares.items()):
        raise EnvelopeBroken
    shares = {pair: dict(of_pair) for pair, of_pair in envelope.shares.items()}
    for pair, share in handed.shares.items():
        shares[pair][handed.holder] = share
    return Envelope(envelope.set_id, envelope.box, shares)


def proof(halves: Halves, *, private: str) -> str:
    """Prove that a holder's key opens their halves; the proof is useless to others. Raises EnvelopeBroken."""
    return _proof(_plain(halves, private))


def drill(*, holders: Mapping[str, str], set_id: str) -> tuple[dict[str, Halves], dict[str, str]]:
    """Seal an envelope of nobody like any other; return each holder's halves and the proof their key must give."""
    envelope, plain = _sealed("演练", holders=holders, set_id=set_id)
    halves = {letter: halves_of(envelope, holder=letter) for letter in holders}
    expected = {
        letter: _proof({pair: of_pair[letter] for pair, of_pair in plain.items() if letter in pair})
        for letter in holders
    }
    return halves, expected


def _proof(plain: Mapping[str, bytes]) -> str:
    return hashlib.sha256(b"drill\0" + b"".join(plain[pair] for pair in sorted(plain))).hexdigest()


def _plain(halves: Halves, private: str) -> dict[str, bytes]:
    key = private_key(private)
    try:
        return {
            pair: SUITE.decrypt(share, key, _share_info(halves.set_id, pair, halves.holder, halves.tag))
            for pair, share in halves.shares.items()
        }
    except (InvalidTag, ValueError) as error:
        raise EnvelopeBroken from error


def _opened(envelope: Envelope, pair: str, holder: str, key: MLKEM768X25519PrivateKey) -> bytes:
    try:
        share = envelope.shares[pair][holder]
        return SUITE.decrypt(share, key, _info(envelope.set_id, pair, holder, envelope.box))
    except (InvalidTag, KeyError, ValueError) as error:
        raise EnvelopeBroken from error


def _info(set_id: str, pair: str, holder: str, box: bytes) -> bytes:
    return _share_info(set_id, pair, holder, _tag(box))


def _share_info(set_id: str, pair: str, holder: str, tag: bytes) -> bytes:
    return b"\0".join([b"share", set_id.encode(), pair.encode(), holder.encode(), tag])


def _to_reader(envelope: Envelope) -> bytes:
    return b"to reader\0" + _tag(envelope.box)


def _tag(box: bytes) -> bytes:
    return hashlib.sha256(box).digest()


def _padded(identity: str) -> bytes:
    data = identity.encode()
    if len(data) > IDENTITY_BYTES:
        raise ValueError(f"an identity has at most {IDENTITY_BYTES} bytes")
    return data.ljust(IDENTITY_BYTES, b"\0")


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
