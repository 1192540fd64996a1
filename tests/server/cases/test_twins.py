"""G9, the twin test: two worlds that differ only in the reporter look the same to the supervised unit.

Everything that the unit's roles can fetch is compared byte for byte, after the random ids are mapped.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import count
from uuid import UUID, uuid4

from PIL import Image

from models import LedgerItem, Observation
from models.vocabulary import ObservationKind, OrganisationKind, Role
from server import cases, ledger, observations, people
from server.cases import NewCase
from server.kernel.clock import SHANGHAI, business_date
from server.ledger import NewItem
from server.people import identities
from server.web.door.tags import tag_of
from tests.acting import act
from tests.conftest import a_picture, a_report, sha256, until

IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
MINUTES = re.compile(r"\d+月\d+日 \d\d:\d\d(:\d\d)?")
# A page's own words for itself.
HIDDEN_PARTS = re.compile(rb'type="hidden"|(?:visually|aria)-hidden| hidden[ >=]')
DESK_NAMES = re.compile(r"桌前\d+")
DESKS = count(1)
SEALS = re.compile(r"\?to=[\w.=-]+")
HEADERS_OF_THE_MOMENT = {"date", "x-request-id"}


@dataclass(frozen=True)
class Reporter:
    """Who reports, from which organisation, with which phone, when and where exactly."""

    name: str
    role: Role
    real_name: str
    phone_number: str
    camera: str
    minutes_ago: int
    metres_off: float
    text: str
    anonymity: str
    recheck_after: int  # minutes after the office asked


LAOMA = Reporter(
    "老马",
    Role.TEAM_MEMBER,
    "马拾光",
    "13900000001",
    "Canary-P60",
    185,
    0.0,
    "路口坑槽一周未修",
    "hidden",
    20,
)
ZHOU = Reporter(
    "周师傅",
    Role.CITIZEN,
    "周远帆",
    "13900000002",
    "Canary-iPhone",
    12,
    31.0,
    "有两个大坑，老人摔倒了，快来人管管吧",
    "sealed",
    101,
)


class World:
    """One run of the story, and everything its unit could fetch."""

    def __init__(self, office, reporter):
        self.office, self.reporter = office, reporter
        office.watch.ahead = timedelta()
        noon = office.watch.now().astimezone(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
        self.noon = noon - office.watch.now()  # so that no story crosses midnight
        self.seen = []  # (request, status, headers, body)

    async def tell(self):
        office = self.office
        self.chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
        self.phones = [
            await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau),
            await office.phone_of("刘联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau),
        ]
        await self._report()
        await self._tell_the_unit()
        for phone in self.phones:
            await self._look_around(phone)
        await self._answer_and_forward()
        for phone in self.phones:
            await self._look_around(phone)
        await self._answer_recheck()
        self.office.watch.ahead = self.noon + timedelta(hours=3)
        for phone in self.phones:
            await self._look_around(phone)
        await self._look_at_desk()
        self.office.watch.ahead = self.noon + timedelta(days=1)
        for phone in self.phones:
            await self._look_around(phone)
        await self._look_at_desk()
        self.office.watch.ahead = timedelta()
        return self

    async def _report(self):
        office, who = self.office, self.reporter
        unit = await people.add_organisation(
            f"{who.name}的单位",
            code="own",
            kind=OrganisationKind.RESPONSIBLE_UNIT,
            by=None,
            parent=office.root,
        )
        office.watch.ahead = self.noon - timedelta(minutes=who.minutes_ago)
        phone = await office.phone_of(who.name, who.role, organisation=unit)
        await identities.bind(
            phone.person, keys=office.tools.keys, real_name=who.real_name, phone=who.phone_number
        )
        self.person = phone.person
        self.picture = a_picture(exif=camera_data(who.camera))
        self.client_id = uuid4()
        report = a_report(self.picture, text=who.text)
        report["place"]["latitude"] += who.metres_off / 111_000
        self.latitude = str(report["place"]["latitude"])
        self.receipt = (await phone.submit(report, self.client_id)).json()
        await phone.upload(self.picture)
        await Observation.filter(client_id=self.client_id).update(anonymity=who.anonymity)
        self.reporters_phone = phone

    async def _tell_the_unit(self):
        office = self.office
        office.watch.ahead = self.noon - timedelta(minutes=7)
        now = office.watch.now()
        self.report = await Observation.get(client_id=self.client_id)
        new = NewItem("路口坑槽", ObservationKind.PROBLEM, place_name="北京路口")
        version = self.report.version
        item = await observations.accept(self.report.id, version=version, new=new, by=self.chen, now=now)
        self.registered_at = item.registered_at
        office.watch.ahead = self.noon
        now = office.watch.now()
        item = await act(
            ledger.dispatch, item.id, version=item.version, unit_id=office.bureau.id, by=self.chen, now=now
        )

        async def shown():
            return await cases.photos_to_choose(self.chen, item.id)

        ((_, photo),) = await until(shown)
        await office.decide_photos(self.report, by=self.chen)
        new_case = NewCase("路面破损，请尽快修复。", seen_on=business_date(now), picture_ids=[photo.id])
        self.case = await cases.open_case(
            item.id, new=new_case, by=self.chen, now=now, narrow_because="已征得上报人同意"
        )
        await cases.render(self.case.id, tools=office.tools)
        assert await cases.release_batch(business_date(now)) == 1
        await self._heard("改革办转来一份转办件")

    async def _answer_and_forward(self):
        key = {"Idempotency-Key": uuid4().hex}
        told = await self.phones[1].post(
            f"/cases/{self.case.id}/answers", json={"text": "已安排修复"}, headers=key
        )
        self._note("answer", told)
        again = await self.phones[0].post(
            f"/cases/{self.case.id}/answers",
            json={"text": "请问是谁反映的？"},
            headers={"Idempotency-Key": uuid4().hex},
        )
        self._note("second answer", again)
        words = "承办单位已安排修复。"
        await cases.forward_answer(
            self.case.id, cases.ForwardAnswer(words=words), by=self.chen, now=self.office.watch.now()
        )

    async def _answer_recheck(self):
        item = await LedgerItem.get(id=self.case.item_id)
        now = self.office.watch.now()
        await ledger.ask_recheck(item, observation_id=self.report.id, now=now)
        self.office.watch.ahead = self.noon + timedelta(minutes=self.reporter.recheck_after)
        self.rechecked_at = self.office.watch.now()
        told = await self.reporters_phone.put(
            f"/observations/{self.client_id}/recheck",
            json={"answer": "unsolved", "text": "还有坑"},
            headers={"Idempotency-Key": uuid4().hex},
        )
        assert told.status_code == 200, told.text

    async def _look_at_desk(self):
        """Fetch the pages of a unit that signs in at a desk."""
        name = f"桌前{next(DESKS)}"
        desk = await self.office.desk_of(name, Role.DEPARTMENT_CONTACT, organisation=self.office.bureau)
        for path in ("/ledger", "/ledger?todo=unsolved", f"/ledger/{self.case.item_id}", "/map"):
            self._note(f"desk {path}", await desk.get(path))

    async def _heard(self, title):
        for phone in self.phones:

            async def told(phone=phone):
                lines = (await phone.get("/inbox")).json()["items"]
                return title in [line["title"] for line in lines]

            await until(told)

    async def _look_around(self, phone):
        """Request everything a unit's roles can request, and what they might try."""
        item_id, observation_id = self.case.item_id, self.report.id
        for path in (
            "/cases",
            f"/cases?item_id={item_id}",
            f"/cases/{self.case.id}",
            f"/cases/{observation_id}",
            "/ledger-items",
            "/ledger-items?limit=1",
            "/ledger-items?todo=unsolved",
            f"/ledger-items/{item_id}",
            "/to-do",
            f"/observations/{observation_id}",
            f"/observations/{self.client_id}",
            "/observations",
            "/inbox",
            "/me",
            "/tasks",
        ):
            self._note(path, await phone.get(path))
        for picture in (await phone.get(f"/cases/{self.case.id}")).json()["pictures"]:
            for link in picture:
                got = await phone.client.get(link["url"])
                assert got.headers["content-type"] == "image/jpeg"
                self._note(f"picture {link['size']}", got)
        digest = sha256(self.picture)
        self._note("photo by digest", await phone.get(f"/photos/{digest}"))

    def _note(self, asked, got):
        headers = {name: value for name, value in got.headers.items() if name not in HEADERS_OF_THE_MOMENT}
        # Identifies these bytes and nothing else.
        if "etag" in headers and got.headers["content-type"] != "image/jpeg":
            assert headers.pop("etag") == tag_of(sha256(got.content))
        self.seen.append((IDS.sub("id", asked), got.status_code, headers, got.content))

    def mapped(self):
        """Return what was seen, without ids, times of the office's actions, and seals of links."""
        ids = {}

        def number(found):
            return f"id-{ids.setdefault(found.group(), len(ids))}"

        told = []
        for asked, status, headers, body in self.seen:
            if headers.get("content-type") == "image/jpeg":
                told.append((asked, status, headers, body))
                continue
            words = SEALS.sub("seal", TIMES.sub("time", IDS.sub(number, body.decode())))
            words = MINUTES.sub("time", DESK_NAMES.sub("desk", words))
            told.append((asked, status, {k: IDS.sub("id", v) for k, v in headers.items()}, words))
        return told

    def canaries(self):
        """Return what must never be seen."""
        who = self.reporter
        return {
            who.name,
            who.real_name,
            who.phone_number,
            f"openid-demo-{who.name}",
            who.camera,
            who.text,
            self.latitude,
            self.receipt["receipt_number"],
            self.receipt["receipt_hash"],
            sha256(self.picture),
            str(self.client_id),
            str(self.person.id),
            str(self.report.id),
            str(int(self.report.received_at.timestamp())),
            self.report.received_at.isoformat()[:16],
            who.anonymity,
            *(name for at in self.moments() for name in minute_names(at)),
        } | ({who.role.value, who.role.label} if who.role is not Role.CITIZEN else set())

    def moments(self):
        """Return the times of the reporter's actions and of the registration: a unit learns at most their days."""
        return (self.report.received_at, self.registered_at, self.rechecked_at)


def minute_names(at):
    """Return an instant as pages and answers would write it, to the minute."""
    local = at.astimezone(SHANGHAI)
    return (
        f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}",
        f"{local:%Y-%m-%dT%H:%M}",
        f"{local.month}月{local.day}日 {local:%H:%M}",
    )


def camera_data(model):
    """Return EXIF that names a camera and a place."""
    exif = Image.Exif()
    exif[0x0110] = model
    exif[0x0132] = "2026:11:22 10:00:00"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (38.0, 29.0, 13.0)
    return exif


async def test_a_unit_cannot_tell_two_reporters_apart(office, clean_database):
    first = await World(office, LAOMA).tell()
    await clean_database.sweep()
    await office.found()
    second = await World(office, ZHOU).tell()

    check_twins(first.mapped(), second.mapped())
    for world in (first, second):
        check_canaries(world)
        check_cases_tell_days_alone(world)
        check_cards_tell_of_reporters_by_the_day(world)


def check_twins(first, second):
    """Check that no byte differs."""
    assert [asked for asked, *_ in first] == [asked for asked, *_ in second]
    assert sum(asked.startswith("picture") for asked, *_ in first) >= 4
    for one, other in zip(first, second, strict=True):
        assert one == other


def check_canaries(world):
    """Check that nothing a unit saw contains a word or a number of the reporter."""
    everything = b"\n".join(body + repr(headers).encode() for _, _, headers, body in world.seen)
    pages = HIDDEN_PARTS.sub(b"", everything)
    assert [one for one in world.canaries() if one.encode() in pages] == []


def check_cases_tell_days_alone(world):
    """Check that there is no instant, and no id that could be ordered."""
    bodies = [
        body.decode() for asked, status, _, body in world.seen if asked.startswith("/cases") and status == 200
    ]
    assert bodies
    for body in bodies:
        assert TIMES.findall(body) == []
        assert {UUID(found).version for found in IDS.findall(body)} == {4}


def check_cards_tell_of_reporters_by_the_day(world):
    """Check that a card shows the registration by day, and a re-check only once its day is over."""
    cards = [
        json.loads(body)
        for asked, status, _, body in world.seen
        if asked.startswith("/ledger-items/") and status == 200
    ]
    assert cards
    for card in cards:
        first = card["timeline"][0]
        assert first["day_only"]
        assert "T00:00:00" in card["registered_at"]
        assert "T00:00:00" in first["at"]
    answered = [line for card in cards for line in card["timeline"] if "上报人回访" in line["words"]]
    assert len(answered) == len(world.phones)  # only those that looked the day after
    lists = [json.loads(body) for asked, _, _, body in world.seen if asked.startswith("/ledger-items?todo")]
    assert [one["total"] for one in lists] == [0] * len(lists)
