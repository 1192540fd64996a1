"""Rate limits: how often a person may ask, and that the counters name nobody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tortoise import connections

from models.vocabulary import Role
from server.gateways.redis import Limiter, MemoryCache
from server.web.door import admission, pacing


class Listening(Limiter):
    """A limiter that records the names of all counters."""

    def __init__(self):
        super().__init__()
        self.names = []

    async def hit(self, rate, *key):
        self.names += [rate, *key]
        return await super().hit(rate, *key)


@pytest.fixture
def asked(office, monkeypatch):
    """Counts how often the database was asked for a token."""
    monkeypatch.setattr(admission, "LET_IN", MemoryCache())
    line = connections.get("default")
    found, ask = [], line.execute_query_dict

    async def counted(query, values=None):
        found.append(query)
        return await ask(query, values)

    monkeypatch.setattr(line, "execute_query_dict", counted)
    return found


async def test_the_counters_name_no_person_no_route_and_no_address(office):
    office.tools.redis.limiter = listening = Listening()
    laoma = await office.phone_of("老马")
    await laoma.get("/me")
    await office.client().get("/live")

    names = " ".join(listening.names)
    assert len(listening.names) == 4
    hidden = [str(laoma.person.id), laoma.person.id.hex, "127.0.0.1", "me", "live"]
    assert [one for one in hidden if one in names] == []


async def test_tomorrow_the_same_counter_has_another_name(office):
    today = pacing.name(office.tools, "sign_in", "x")
    assert pacing.name(office.tools, "sign_in", "x") == today
    office.watch.ahead = timedelta(days=1)
    assert pacing.name(office.tools, "sign_in", "x") != today


async def test_whoever_guesses_tokens_is_stopped_before_the_database_is_asked(office, asked):
    thief = office.client()
    answers = []
    for _ in range(125):
        headers = {"authorization": f"Bearer {uuid4().hex}{uuid4().hex[:11]}"}
        answers.append((await thief.get("/api/v1/me", headers=headers)).status_code)

    assert answers == [401] * 120 + [429] * 5
    assert len(asked) == 120


async def test_a_word_that_is_no_token_of_ours_never_reaches_the_database(office, asked):
    thief = office.client()
    for word in ("x", "a" * 42, "a" * 44, "é" * 43):
        headers = {"authorization": f"Bearer {word}".encode()}
        assert (await thief.get("/api/v1/me", headers=headers)).status_code == 401
    assert asked == []


async def test_people_behind_the_address_of_a_thief_go_on_working(office, asked):
    laoma = await office.phone_of("老马")
    assert (await laoma.get("/me")).status_code == 200
    thief = office.client()
    while (await thief.get("/api/v1/me", headers={"authorization": "Bearer " + "a" * 43})).status_code != 429:
        pass
    assert (await laoma.get("/me")).status_code == 200


async def test_a_session_that_was_ended_is_refused_although_it_was_let_in_before(office, asked):
    laoma = await office.phone_of("老马", Role.CITIZEN)
    await laoma.get("/me")
    assert (await laoma.delete("/sessions/current")).status_code == 204
    assert (await laoma.get("/me")).status_code == 401
    before = len(asked)
    assert (await laoma.get("/me")).status_code == 401
    assert len(asked) == before + 1
