"""A bought observer does not move the ranking, cheaters are looked at by a person, and nobody reads too early."""

from datetime import timedelta

from models import ScoreResult, ScoreSignal
from models.vocabulary import Role, SignalKind
from server import scoring, site_visits
from tests.server.site_visits.conftest import HALL, rules

ONE_GROUP = [scoring.Group("experts", "专家组", scoring.rules.HUNDRED)]
ALL_EXPERTS = {"groups": ("experts",) * 5}
HONEST = [96, 80, 64]  # of the three stops, apart by more than a bought ballot can move


async def all_present(visit):
    for n in range(5):
        for stop in range(3):
            await visit.present(n, stop)


async def ranks(visit):
    (kept,) = await ScoreResult.filter(round_id=visit.visit.id)
    return [one["rank"] for one in kept.rows]


async def test_one_bought_observer_of_five_leaves_the_ranking_as_it_is(visit):
    """Trimmed: the bought ballot moves a score by at most the spread of the honest ones / (n - 2)."""
    await visit.publish(rules=rules(groups=ONE_GROUP), **ALL_EXPERTS)
    await all_present(visit)
    for n in range(4):
        for stop, base in enumerate(HONEST):
            await visit.score(n, stop, {"c1": f"{base + n}.0", "c2": f"{base - n}.5"})
    for stop, figure in enumerate(["0.0", "0.0", "100.0"]):  # bought by the last, against the others
        comment = "" if figure == "100.0" else "很差"
        await visit.score(4, stop, {"c1": figure, "c2": figure}, comment=comment)
    await visit.lock()
    await visit.seal()
    assert await ranks(visit) == [1, 2, 3]


async def test_every_seeded_cheater_is_looked_at_by_a_person_and_nothing_is_dropped(visit):
    await visit.publish()
    await visit.check_in(0, await visit.scanned(0, screen=await visit.screen()), device="e" * 32)
    await visit.check_in(1, await visit.scanned(1, screen=await visit.screen()), device="e" * 32)
    far = type(HALL)(HALL.latitude + 1, HALL.longitude, HALL.datum)
    await type(visit.stops[1]).filter(id=visit.stops[1].id).update(wgs_latitude=far.latitude)
    await visit.present(2)
    visit.office.watch.ahead += timedelta(minutes=5)
    await visit.present(2, stop=1)  # 111 km in five minutes
    for n in (0, 1, 3, 4):
        await visit.present(n, stop=2)
    same = {"c1": "77.5", "c2": "81.0"}
    for n in (3, 4):
        for stop in range(2):
            if not await visit.kept(n, stop):
                await visit.present(n, stop)
        for stop in range(3):
            await visit.score(n, stop, {"c1": f"{70 + stop}.5", "c2": f"{81 - stop}.0"})
    await visit.present(1, stop=1)
    for stop in range(3):  # one line through everything
        await visit.score(1, stop, {"c1": "90.0", "c2": "90.0"})
    await visit.score(0, 0, same)
    await visit.lock()
    found = {(one.kind, one.judge.person_id) for one in await ScoreSignal.all().select_related("judge")}
    person = [one.id for one in visit.people]
    seeded = {
        (SignalKind.SAME_DEVICE, person[0]),
        (SignalKind.SAME_DEVICE, person[1]),
        (SignalKind.TOO_FAST, person[2]),
        (SignalKind.STRAIGHT_LINE, person[1]),
        (SignalKind.IDENTICAL, person[3]),
        (SignalKind.IDENTICAL, person[4]),
    }
    assert seeded <= found
    signals = await scoring.signals_of(visit.visit.id, by=visit.chen)
    assert all(one.decided_at is None for one in signals)
    assert (await scoring.before_lock(visit.visit.id, by=visit.chen)).submitted == 10


UNIT_READS = [
    "/site-visits",
    "/site-visits/{id}",
    "/site-visits/{id}/result",
    "/to-do",
    "/inbox",
    "/ledger-items",
]
DESK_READS = [
    "/site-visits",
    "/site-visits/{id}",
    "/site-visits/{id}/result.json",
    "/",
    "/cockpit",
    "/journal",
]
PUBLIC_READS = ["/board/{link}", "/board/nothing", "/metrics", "/ready", "/api/openapi.json"]
FIGURES = [{"c1": f"{61 + 7 * stop}.5", "c2": f"{93 - 5 * stop}.5"} for stop in range(3)]


class Readers:
    """A member of a scored unit at phone and desk, and the public with the board's link."""

    def __init__(self, visit, *, phone, desk, link):
        self.visit, self.phone, self.desk, self.link = visit, phone, desk, link

    async def read(self):
        """Return everything they may fetch, in one text."""
        told = {"id": self.visit.visit.id, "link": self.link}
        answers = [await self.phone.get(one.format(**told)) for one in UNIT_READS]
        answers += [await self.desk.get(one.format(**told)) for one in DESK_READS]
        public = self.visit.office.client()
        answers += [await public.get(one.format(**told)) for one in PUBLIC_READS]
        async with public.stream("GET", f"/board/{self.link}/events") as answer:
            async for line in answer.aiter_lines():
                if line.startswith("data"):
                    return "\n".join([*(one.text for one in answers), line])
        return ""


async def test_a_unit_and_the_public_read_no_score_before_the_seal_and_no_observer_after(visit):
    await visit.publish()
    office, told = visit.office, {"organisation": visit.office.bureau}
    readers = Readers(
        visit,
        phone=await office.phone_of("住建局小王", Role.DEPARTMENT_CONTACT, **told),
        desk=await office.desk_of("住建局老周", Role.DEPARTMENT_CONTACT, **told),
        link=await site_visits.open_board(visit.visit.id, by=visit.chen),
    )
    await all_present(visit)
    for n in range(5):
        for stop, scores in enumerate(FIGURES):
            await visit.score(n, stop, scores, comment="窗口少" if n == 0 else "")
    names = [one.designation for one in visit.people]
    ids = [str(one.id) for one in visit.people] + [str((await visit.observer(n)).id) for n in range(5)]
    figures = [figure for scores in FIGURES for figure in scores.values()]

    async def finds(words):
        text = await readers.read()
        assert "秋季观摩" in text
        return [one for one in words if one in text]

    assert await finds([*figures, *names, *ids, "窗口少"]) == []
    await visit.lock()
    assert await finds([*figures, *names, *ids, "窗口少"]) == []
    await visit.seal()
    (kept,) = await ScoreResult.filter(round_id=visit.visit.id)
    scores = [one["score"] for one in kept.rows]
    assert await finds([*scores, *figures, *names, *ids]) == []
    await scoring.publish_result(visit.visit.id, by=visit.luo, now=visit.now)
    assert await finds(scores) == scores  # now they may
    assert await finds([*names, *ids]) == []
