"""G9, the twin test: two worlds that differ in the reporter alone look the same to the supervised unit.

Whatever the unit's roles can fetch is compared byte for byte, after the random ids are mapped.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from PIL import Image

from models import Observation
from models.vocabulary import ObservationKind, OrganisationKind, Role
from server import cases, ledger, observations, people
from server.cases import NewCase
from server.clock import business_date
from server.ledger import NewItem
from server.people import identities
from tests.conftest import a_picture, a_report, sha256, sweep, until

IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
SEALS = re.compile(r"until=\d+&seal=[0-9a-f]{40}")
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


LAOMA = Reporter(
    "老马", Role.TEAM_MEMBER, "马拾光", "13900000001", "Canary-P60", 185, 0.0, "路口坑槽一周未修", "hidden"
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
)


class World:
    """One telling of the story, and everything its unit could fetch."""

    def __init__(self, office, reporter):
        self.office, self.reporter = office, reporter
        self.seen = []  # (what was asked, status, headers, body)

    async def tell(self):
        office = self.office
        self.chen = await office.visitor(await office.enrol("小陈", Role.OFFICE_STAFF))
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
        office.watch.ahead = -timedelta(minutes=who.minutes_ago)
        phone = await office.phone_of(who.name, who.role, organisation=unit)
        await identities.bind(
            phone.person, keys=office.tools.keys, real_name=who.real_name, phone=who.phone_number
        )
        self.person = phone.person
        self.picture = a_picture(exif=camera_data(who.camera))
        self.client_id = uuid4()
        report = a_report(self.picture, text=who.text, anonymity=who.anonymity)
        report["place"]["latitude"] += who.metres_off / 111_000
        self.latitude = str(report["place"]["latitude"])
        self.receipt = (await phone.submit(report, self.client_id)).json()
        await phone.upload(self.picture)
        office.watch.ahead = timedelta()

    async def _tell_the_unit(self):
        office, now = self.office, self.office.watch.now()
        self.report = await Observation.get(client_id=self.client_id)
        new = NewItem("路口坑槽", ObservationKind.PROBLEM, place_name="北京路口")
        version = self.report.version
        item = await observations.accept(self.report.id, version=version, new=new, by=self.chen, now=now)
        item = await ledger.dispatch(
            item.id, version=item.version, unit_id=office.bureau.id, by=self.chen, now=now
        )

        async def shown():
            return await cases.photos_to_choose(self.chen, item.id)

        ((_, photo),) = await until(shown)
        await office.decide_photos(self.report, by=self.chen)
        new_case = NewCase("路面破损，请尽快修复。", seen_on=business_date(now), picture_ids=[photo.id])
        self.case = await cases.open_case(
            item.id, new=new_case, by=self.chen, now=now, narrow_because="已征得上报人同意"
        )
        await cases.develop(self.case.id, tools=office.tools)
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
        await cases.forward_answer(self.case.id, words=words, by=self.chen, now=self.office.watch.now())

    async def _heard(self, title):
        for phone in self.phones:

            async def told(phone=phone):
                lines = (await phone.get("/inbox")).json()["items"]
                return title in [line["title"] for line in lines]

            await until(told)

    async def _look_around(self, phone):
        """Everything a unit's roles can ask, and what they might try."""
        item_id, observation_id = self.case.item_id, self.report.id
        for path in (
            "/cases",
            f"/cases?item_id={item_id}",
            f"/cases/{self.case.id}",
            f"/cases/{observation_id}",
            "/ledger-items",
            f"/ledger-items/{item_id}",
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
        self.seen.append((IDS.sub("id", asked), got.status_code, headers, got.content))

    def mapped(self):
        """What was seen, with ids, times of the office's deeds, and seals of links taken out."""
        ids = {}

        def number(found):
            return f"id-{ids.setdefault(found.group(), len(ids))}"

        told = []
        for asked, status, headers, body in self.seen:
            if headers.get("content-type") == "image/jpeg":
                told.append((asked, status, headers, body))
                continue
            words = SEALS.sub("seal", TIMES.sub("time", IDS.sub(number, body.decode())))
            told.append((asked, status, {k: IDS.sub("id", v) for k, v in headers.items()}, words))
        return told

    def canaries(self):
        """What must never be seen."""
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
        } | ({who.role.value, who.role.label} if who.role is not Role.CITIZEN else set())


def camera_data(model):
    """EXIF that names a camera and a place."""
    exif = Image.Exif()
    exif[0x0110] = model
    exif[0x0132] = "2026:11:22 10:00:00"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (38.0, 29.0, 13.0)
    return exif


async def test_a_unit_cannot_tell_two_reporters_apart(office, database_url):
    first = await World(office, LAOMA).tell()
    await sweep(database_url)
    await office.found()
    second = await World(office, ZHOU).tell()

    check_twins(first.mapped(), second.mapped())
    for world in (first, second):
        check_canaries(world)
        check_cases_tell_days_alone(world)


def check_twins(first, second):
    """No byte differs."""
    assert [asked for asked, *_ in first] == [asked for asked, *_ in second]
    assert sum(asked.startswith("picture") for asked, *_ in first) >= 4
    for one, other in zip(first, second, strict=True):
        assert one == other


def check_canaries(world):
    """Nothing a unit saw holds a word or a number of the reporter's."""
    everything = b"\n".join(body + repr(headers).encode() for _, _, headers, body in world.seen)
    assert [one for one in world.canaries() if one.encode() in everything] == []


def check_cases_tell_days_alone(world):
    """No instant, and no id that could be put in order."""
    bodies = [
        body.decode() for asked, status, _, body in world.seen if asked.startswith("/cases") and status == 200
    ]
    assert bodies
    for body in bodies:
        assert TIMES.findall(body) == []
        assert {UUID(found).version for found in IDS.findall(body)} == {4}
