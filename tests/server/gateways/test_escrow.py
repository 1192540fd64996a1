"""Envelopes: any two of three key-holders open one, none alone, and no share fits another envelope."""

from dataclasses import dataclass
from itertools import permutations

import pytest

from server.gateways import escrow

WHO = '{"name": "马拾光", "openid": "openid-demo-老马"}'


@dataclass
class Holder:
    private: str
    public: str


@pytest.fixture(scope="module")
def holders():
    return {letter: Holder(*escrow.new_key()) for letter in escrow.HOLDERS}


@pytest.fixture(scope="module")
def reader():
    return Holder(*escrow.new_key())


def sealed(holders, identity=WHO, set_id="2026"):
    public = {letter: holder.public for letter, holder in holders.items()}
    return escrow.seal_identity(identity, holders=public, set_id=set_id)


def answered(envelope, letter, holders, reader):
    return escrow.answer(envelope, holder=letter, private=holders[letter].private, reader=reader.public)


@pytest.mark.parametrize(("one", "other"), list(permutations("ABC", 2)))
def test_any_two_of_three_open_it_in_any_order(one, other, holders, reader):
    envelope = escrow.unpacked(sealed(holders).packed())
    answers = answered(envelope, one, holders, reader), answered(envelope, other, holders, reader)
    assert escrow.read_identity(envelope, answers=answers, private=reader.private) == WHO


def test_one_holder_or_one_twice_opens_nothing(holders, reader):
    envelope = sealed(holders)
    mine = answered(envelope, "A", holders, reader)
    forged = escrow.Answer("B", mine.digest, mine.halves)
    for answers in ((mine, mine), (mine, forged)):
        with pytest.raises(escrow.EnvelopeBroken):
            escrow.read_identity(envelope, answers=answers, private=reader.private)


def test_nobody_but_the_named_reader_reads_the_answers(holders, reader):
    envelope, other = sealed(holders), Holder(*escrow.new_key())
    answers = answered(envelope, "A", holders, reader), answered(envelope, "B", holders, reader)
    with pytest.raises(escrow.EnvelopeBroken):
        escrow.read_identity(envelope, answers=answers, private=other.private)


def test_shares_beside_another_box_give_nothing(holders, reader):
    mine, other = sealed(holders), sealed(holders)
    mixed = escrow.Envelope(mine.set_id, other.box, mine.shares)
    with pytest.raises(escrow.EnvelopeBroken):
        answered(mixed, "A", holders, reader)
    renamed = escrow.Envelope("2027", mine.box, mine.shares)
    with pytest.raises(escrow.EnvelopeBroken):
        answered(renamed, "A", holders, reader)


def test_answers_to_another_envelope_are_refused(holders, reader):
    mine, other = sealed(holders), sealed(holders)
    answers = answered(mine, "A", holders, reader), answered(other, "B", holders, reader)
    with pytest.raises(escrow.EnvelopeBroken):
        escrow.read_identity(mine, answers=answers, private=reader.private)


def test_a_holders_place_is_not_taken_by_another_key(holders, reader):
    envelope, stranger = sealed(holders), Holder(*escrow.new_key())
    with pytest.raises(escrow.EnvelopeBroken):
        escrow.answer(envelope, holder="A", private=stranger.private, reader=reader.public)


def test_a_successor_opens_and_handing_on_needs_no_opening(holders, reader):
    envelope, heir = sealed(holders), Holder(*escrow.new_key())
    halves = escrow.halves_of(envelope, holder="B")
    given = escrow.hand_on(halves, private=holders["B"].private, successor=heir.public)
    handed = escrow.with_halves(envelope, given)
    now = holders | {"B": heir}
    answers = answered(handed, "B", now, reader), answered(handed, "C", now, reader)
    assert escrow.read_identity(handed, answers=answers, private=reader.private) == WHO
    with pytest.raises(escrow.EnvelopeBroken):  # the holder who left can't open it any more
        answered(handed, "B", holders, reader)


def test_all_envelopes_are_of_one_length(holders):
    lengths = {len(sealed(holders, who).packed()) for who in ("", "甲", WHO, "x" * 512)}
    assert len(lengths) == 1
    with pytest.raises(ValueError, match="512 bytes"):
        sealed(holders, "x" * 513)


def test_keys_are_read_as_pasted_and_nothing_else_is_one(holders):
    public = holders["A"].public
    assert escrow.fingerprint(f"{public[:60]}\n  {public[60:]}\n") == escrow.fingerprint(public)
    for text in (
        "",
        holders["A"].private,
        public[:-4],
        public.replace(":", ":!"),
        "duchatong-public-1:" + "A" * 1624,
    ):
        with pytest.raises(escrow.NotAKey):
            escrow.public_key(text)
