"""Marks and boxes: what is stored with a report reveals nothing without a key, and everything with it."""

import secrets
from uuid import uuid4

import pytest

from server.gateways.sealing import AES, SM4, Inside, MarkKeys, SealBroken, new_salt

K1, K2 = secrets.token_bytes(32), secrets.token_bytes(32)
OLD = MarkKeys({"k1": K1}, current="k1")
BOTH = MarkKeys({"k2": K2, "k1": K1}, current="k2")
NEW = MarkKeys({"k2": K2}, current="k2")
NOVEMBER = 2026 * 12 + 10


def test_every_report_of_a_person_has_another_mark():
    salt = new_salt()
    marks = {OLD.mark(salt, month=NOVEMBER + month, number=n) for month in range(3) for n in range(40)}
    assert len(marks) == 120
    assert {len(one) for one in marks} == {32}


def test_a_mark_is_found_by_who_holds_key_and_salt_and_by_nobody_else():
    salt = new_salt()
    mark = OLD.mark(salt, month=NOVEMBER, number=3)
    assert OLD.marks(salt, months=[NOVEMBER], numbers=range(5))[mark] == (NOVEMBER, 3)
    assert mark not in OLD.marks(new_salt(), months=[NOVEMBER], numbers=range(5))
    assert mark not in NEW.marks(salt, months=[NOVEMBER], numbers=range(5))
    assert mark in BOTH.marks(salt, months=[NOVEMBER], numbers=range(5))


@pytest.mark.parametrize("suite", [AES, SM4])
def test_a_box_opens_beside_its_own_report_alone(suite):
    keys, inside, report = (
        MarkKeys({"k1": K1}, current="k1", suite=suite),
        Inside(uuid4(), NOVEMBER, 7),
        uuid4(),
    )
    box = keys.box(inside, bound_to=report)
    assert keys.open(box, key_id="k1", bound_to=report) == inside
    assert OLD.open(box, key_id="k1", bound_to=report) == inside, "whichever suite is chosen today"
    with pytest.raises(SealBroken):
        keys.open(box, key_id="k1", bound_to=uuid4())


@pytest.mark.parametrize("at", range(51))
def test_no_byte_of_a_box_can_be_changed(at):
    report = uuid4()
    box = bytearray(OLD.box(Inside(uuid4(), NOVEMBER, 0), bound_to=report))
    box[at] ^= 3
    with pytest.raises(SealBroken):
        OLD.open(bytes(box), key_id="k1", bound_to=report)


@pytest.mark.parametrize("box", [b"", b"\1", b"\1" * 12, b"\1" * 30])
def test_what_is_cut_short_is_no_box(box):
    with pytest.raises(SealBroken):
        OLD.open(box, key_id="k1", bound_to=uuid4())


def test_boxes_are_of_one_length_and_never_alike():
    inside, report = Inside(uuid4(), NOVEMBER, 0), uuid4()
    boxes = [OLD.box(inside, bound_to=report), OLD.box(inside, bound_to=report)]
    boxes.append(OLD.box(Inside(uuid4(), 65535, 2**32 - 1), bound_to=report))
    assert ({len(one) for one in boxes}, len(set(boxes))) == ({51}, 3)


def test_a_box_of_a_key_that_is_not_here_does_not_open():
    report = uuid4()
    box = OLD.box(Inside(uuid4(), NOVEMBER, 0), bound_to=report)
    for key_id in ("k1", "k2"):
        with pytest.raises(SealBroken):
            NEW.open(box, key_id=key_id, bound_to=report)


def test_processes_that_share_a_key_share_a_place_in_line():
    person = uuid4()
    assert set(OLD.lines(person)) & set(BOTH.lines(person))
    assert set(BOTH.lines(person)) & set(NEW.lines(person))
    assert not set(OLD.lines(person)) & set(OLD.lines(uuid4()))
    assert BOTH.lines(person) == sorted(BOTH.lines(person))
    assert all(-(2**63) <= one < 2**63 for one in BOTH.lines(person))


@pytest.mark.parametrize(
    ("keys", "current"),
    [({"k1": b"short"}, "k1"), ({"not an id!": K1}, "not an id!"), ({"k1": K1}, "k2"), ({}, "")],
)
def test_no_ring_is_made_of_malformed_or_missing_keys(keys, current):
    with pytest.raises(ValueError, match="key"):
        MarkKeys(keys, current=current)


def test_a_ring_shows_no_key():
    assert K1.hex() not in repr(OLD)
    assert str(K1) not in repr(OLD)
