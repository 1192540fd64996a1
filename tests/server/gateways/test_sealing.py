import secrets
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.gateways.sealing import (
    AES,
    SM4,
    KeyRing,
    SealBroken,
    rewrap_chunks,
    seal_chunks,
    unseal_chunks,
)

OLD, NEW, LOOKUP = (secrets.token_bytes(32) for _ in range(3))
FRAME = 64 * 1024
PHOTO = secrets.token_bytes(3 * FRAME + 1234)

suites = pytest.mark.parametrize("suite", [AES, SM4], ids=["aes", "sm4"])


def a_ring(*, current="2026", suite=AES, **keys):
    return KeyRing({"2026": OLD, "2027": NEW} | keys, current=current, lookup_key=LOOKUP, suite=suite)


async def sent(data, *, size=50_000):
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def gathered(chunks):
    return b"".join([chunk async for chunk in chunks])


async def sealed(data, *, ring=None, bound_to="originals/ab/cd"):
    return await gathered(seal_chunks(sent(data), ring=ring or a_ring(), bound_to=bound_to))


async def unsealed(data, *, ring=None, bound_to="originals/ab/cd", size=50_000):
    return await gathered(unseal_chunks(sent(data, size=size), ring=ring or a_ring(), bound_to=bound_to))


@suites
@pytest.mark.parametrize("text", ["", "13912345678", "马建国", "𠮷" * 500])
def test_a_sealed_field_opens_in_its_own_row(suite, text):
    ring = a_ring(suite=suite)
    value = ring.seal(text, bound_to="identity:1:phone")
    assert not text or text not in value
    assert ring.unseal(value, bound_to="identity:1:phone") == text


def test_the_same_text_never_seals_to_the_same_value():
    ring = a_ring()
    assert ring.seal("马建国", bound_to="1") != ring.seal("马建国", bound_to="1")


@suites
def test_a_value_moved_to_another_row_does_not_open(suite):
    ring = a_ring(suite=suite)
    mine = ring.seal("13912345678", bound_to="identity:1:phone")
    for elsewhere in ("identity:2:phone", "identity:1:name", ""):
        with pytest.raises(SealBroken):
            ring.unseal(mine, bound_to=elsewhere)


@suites
def test_every_altered_character_breaks_the_seal(suite):
    ring = a_ring(suite=suite)
    value = ring.seal("13912345678", bound_to="1")
    for place in range(len(value)):
        other = "B" if value[place] == "A" else "A"
        altered = value[:place] + other + value[place + 1 :]
        if place == len(value) - 1 or altered == value:
            continue  # the last base64 character may carry unused bits
        with pytest.raises(SealBroken):
            ring.unseal(altered, bound_to="1")


@given(st.text())
def test_what_was_never_sealed_is_called_broken(text):
    with pytest.raises(SealBroken):
        a_ring().unseal(text, bound_to="1")


def test_what_is_sealed_alike_is_alike_for_the_same_text_in_the_same_place_only():
    ring = a_ring()
    value = ring.seal("给老马", bound_to="link:1", alike=True)
    assert ring.seal("给老马", bound_to="link:1", alike=True) == value
    assert ring.unseal(value, bound_to="link:1") == "给老马"
    nonces = {value.split(".")[2][:16]}
    for text, place in (("给老周", "link:1"), ("给老马", "link:2")):
        nonces.add(ring.seal(text, bound_to=place, alike=True).split(".")[2][:16])
    assert len(nonces) == 3


@pytest.mark.parametrize(
    "value", ["aes256gcm.2026.", "aes256gcm.2026.AAAA", "aes256gcm.2026.!!!!", "des.2026.AAAA"]
)
def test_a_stump_is_called_broken(value):
    with pytest.raises(SealBroken):
        a_ring().unseal(value, bound_to="1")


def test_an_unknown_key_is_named_but_nothing_opens():
    value = a_ring().seal("马建国", bound_to="1")
    other = KeyRing({"2030": NEW}, current="2030", lookup_key=LOOKUP)
    with pytest.raises(SealBroken, match="no key '2026'"):
        other.unseal(value, bound_to="1")


def test_after_a_rotation_the_old_key_still_reads_and_the_new_one_seals():
    before, after = a_ring(current="2026"), a_ring(current="2027")
    value = before.seal("马建国", bound_to="1")

    assert after.unseal(value, bound_to="1") == "马建国"
    resealed = after.reseal(value, bound_to="1")

    assert (after.key_id(value), after.key_id(resealed)) == ("2026", "2027")
    assert (
        KeyRing({"2027": NEW}, current="2027", lookup_key=LOOKUP).unseal(resealed, bound_to="1") == "马建国"
    )
    assert after.reseal(resealed, bound_to="1") == resealed


def test_a_change_of_suite_reads_old_values_and_reseals_them():
    value = a_ring(suite=AES).seal("马建国", bound_to="1")
    chinese = a_ring(suite=SM4)
    assert chinese.unseal(value, bound_to="1") == "马建国"
    assert chinese.reseal(value, bound_to="1").startswith("sm4gcm.2026.")


def test_a_lookup_finds_equal_texts_of_one_kind_and_only_with_its_key():
    ring = a_ring()
    assert ring.lookup("13912345678", kind="phone") == a_ring(current="2027").lookup(
        "13912345678", kind="phone"
    )
    assert ring.lookup("13912345678", kind="phone") != ring.lookup("13912345678", kind="openid")
    stranger = KeyRing({"2026": OLD}, current="2026", lookup_key=NEW)
    assert ring.lookup("13912345678", kind="phone") != stranger.lookup("13912345678", kind="phone")


@pytest.mark.parametrize(
    ("keys", "current", "lookup"),
    [
        ({"a": OLD}, "b", LOOKUP),
        ({}, "a", LOOKUP),
        ({"a": OLD[:31]}, "a", LOOKUP),
        ({"a": OLD}, "a", LOOKUP[:16]),
        ({"a.b": OLD}, "a.b", LOOKUP),
    ],
    ids=["no current", "no keys", "short key", "short lookup", "malformed id"],
)
def test_a_ring_with_weak_or_missing_keys_is_not_made(keys, current, lookup):
    with pytest.raises(ValueError, match="key"):
        KeyRing(keys, current=current, lookup_key=lookup)


def test_a_ring_shows_no_key_when_printed():
    assert OLD.hex() not in repr(a_ring())
    assert repr(a_ring()) == "<KeyRing current=2026 suite=aes256gcm>"


@suites
@pytest.mark.parametrize("length", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME])
async def test_a_sealed_stream_opens_whatever_its_length(suite, length):
    ring = a_ring(suite=suite)
    box = await sealed(PHOTO[:length], ring=ring)
    for size in (1_000_000, 1000, 88):
        assert await unsealed(box, ring=ring, size=size) == PHOTO[:length]


@suites
async def test_a_sealed_photo_shows_nothing_and_costs_little(suite):
    box = await sealed(b"\xff\xd8" + bytes(FRAME * 3), ring=a_ring(suite=suite))
    assert bytes(64) not in box
    assert len(box) - 3 * FRAME < 200


async def test_a_stream_cut_anywhere_does_not_pass_for_whole():
    box = await sealed(PHOTO)
    head = len(box) - len(PHOTO) - 4 * 16
    ends = [0, 1, 50, head, head + 1, *(head + n * (FRAME + 16) for n in (1, 2, 3)), len(box) - 1]
    for end in ends:
        with pytest.raises(SealBroken):
            await unsealed(box[:end])


async def test_frames_that_are_swapped_repeated_dropped_or_added_are_noticed():
    box = await sealed(PHOTO)
    head = len(box) - len(PHOTO) - 4 * 16
    edges = [head + n * (FRAME + 16) for n in range(4)]
    first, second, third = (box[start:end] for start, end in pairwise(edges))
    start, last = box[:head], box[edges[3] :]
    for frames in (
        [second, first, third],
        [first, first, second, third],
        [first, third],
        [first, second, third, third],
    ):
        with pytest.raises(SealBroken):
            await unsealed(start + b"".join(frames) + last)
    with pytest.raises(SealBroken):
        await unsealed(box + b"x")


async def test_one_flipped_bit_anywhere_is_noticed():
    box = await sealed(PHOTO)
    for place in [*range(110), FRAME, 2 * FRAME + 7, len(box) - 1]:
        altered = bytearray(box)
        altered[place] ^= 1
        with pytest.raises(SealBroken):
            await unsealed(bytes(altered))


async def test_a_sealed_photo_moved_to_another_address_does_not_open():
    box = await sealed(PHOTO, bound_to="originals/ab/one")
    with pytest.raises(SealBroken):
        await unsealed(box, bound_to="originals/ab/two")


@suites
async def test_a_rewrapped_stream_needs_only_the_new_key(suite):
    box = await sealed(PHOTO, ring=a_ring(current="2026", suite=suite))
    fresh = a_ring(current="2027")
    rewrapped = await gathered(rewrap_chunks(sent(box, size=37), ring=fresh, bound_to="originals/ab/cd"))

    only_new = KeyRing({"2027": NEW}, current="2027", lookup_key=LOOKUP)
    assert await unsealed(rewrapped, ring=only_new) == PHOTO
    with pytest.raises(SealBroken):
        await unsealed(box, ring=only_new)


async def test_a_short_stream_can_be_rewrapped_too():
    box = await sealed(b"")
    rewrapped = await gathered(
        rewrap_chunks(sent(box), ring=a_ring(current="2027"), bound_to="originals/ab/cd")
    )
    assert await unsealed(rewrapped) == b""
