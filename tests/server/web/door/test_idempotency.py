"""A command with a key is carried out once, and what is stored for that names nobody."""

from datetime import timedelta
from uuid import uuid4

import pytest

from models import IdempotencyKey
from server.kernel.clock import business_date
from server.web.door import idempotency
from tests.conftest import a_report


@pytest.fixture
async def said(office):
    """老马 adds a line to a report under a key; yields who, which report, which key and what words."""
    laoma = await office.phone_of("老马")
    client_id, key, words = str(uuid4()), str(uuid4()), "路灯又坏了，在北京路"
    assert (await laoma.submit(a_report(), client_id)).status_code == 201
    path = f"/observations/{client_id}/messages"
    answer = await laoma.post(path, json={"text": words}, headers={"idempotency-key": key})
    assert answer.status_code == 201, answer.text
    return laoma, path, key, words, answer


async def test_a_retry_gets_the_answer_of_the_first(said):
    laoma, path, key, words, first = said
    again = await laoma.post(path, json={"text": words}, headers={"idempotency-key": key})
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert await IdempotencyKey.all().count() == 1


async def test_the_key_of_another_person_or_for_another_thing_is_another_key(office, said):
    laoma, _, key, words, _ = said
    other = str(uuid4())
    await laoma.submit(a_report(), other)
    path = f"/observations/{other}/messages"
    assert (await laoma.post(path, json={"text": words}, headers={"idempotency-key": key})).status_code == 201
    stranger = await office.phone_of("老李")
    refused = await stranger.post(path, json={"text": words}, headers={"idempotency-key": key})
    assert refused.status_code == 404


async def test_what_is_kept_names_no_person_no_route_no_key_and_no_word(said):
    laoma, path, key, words, answer = said
    kept = str(dict(await IdempotencyKey.get()))
    report = path.split("/")[2]
    told = [str(laoma.person.id), laoma.person.id.hex, report, key, words, "observations", answer.text]
    assert [one for one in told if one in kept] == []


async def test_the_same_words_twice_look_different_in_the_table(said):
    laoma, path, _, words, _ = said
    await laoma.post(path, json={"text": words}, headers={"idempotency-key": str(uuid4())})
    one, other = await IdempotencyKey.all()
    assert one.print != other.print


async def test_an_answer_put_into_another_row_does_not_open(said):
    laoma, path, _, words, _ = said
    key = str(uuid4())
    moved = (await IdempotencyKey.get()).answer_sealed
    await laoma.post(path, json={"text": words}, headers={"idempotency-key": key})
    await IdempotencyKey.all().update(answer_sealed=moved)
    answers = [
        await laoma.post(path, json={"text": words}, headers={"idempotency-key": one})
        for one in (said[2], key)
    ]
    assert [answer.status_code for answer in answers] == [201, 500]


@pytest.mark.parametrize(("days", "kept"), [(7, 1), (8, 0)])
async def test_answers_are_kept_for_seven_days(office, said, days, kept):
    await IdempotencyKey.all().update(made_on=business_date(office.watch.now()) - timedelta(days=days))
    await idempotency.forget_answers(now=office.watch.now())
    assert await IdempotencyKey.all().count() == kept
