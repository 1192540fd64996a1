"""The demo world: a city, its people, tasks and first reports, built on an empty database through the public commands.

Everything is created the way real data is, so building it also tests the whole domain.
"""

import hashlib
import tomllib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct

from models import LedgerItem, Organisation, Person, ReformTask
from models.vocabulary import (
    Anonymity,
    Datum,
    EvidenceKind,
    ObservationKind,
    PlaceSource,
    ReasonUse,
    TemplatePurpose,
)
from server import ledger, letters, observations, packs, people, photos, tasks, templates
from server.commands import first_administrator
from server.kernel.clock import business_date
from server.ledger import EvidencePhoto, NewItem
from server.ledger import commands as ask
from server.letters.commands import Draft as LetterDraft
from server.observations import Place, SubmitObservation
from server.packs import Pack, PersonEntry, opening
from server.people import identities
from server.people.enrolling import random_password
from server.photos import AnnouncedPhoto
from server.templates import NewWording
from server.tools import Tools
from server.trial.demo_cases import tell_units
from server.trial.demo_letters import send_letters
from server.trial.demo_obligations import owe_and_hand_in
from server.trial.demo_old_ledger import take_over_old_ledger
from server.trial.demo_problems import collect_problems
from server.trial.demo_reminders import remind
from server.trial.demo_sealing import seal_a_report
from server.trial.demo_team import gather_team
from server.trial.demo_visits import hold_visits

Facts = dict[str, Any]
T = TypeVar("T")


class Spot(Struct, frozen=True):
    """Where a report was made, in WGS-84."""

    latitude: float
    longitude: float
    name: str = ""


class DemoReport(Struct, frozen=True, forbid_unknown_fields=True):
    """One report of the demo world: who saw what, how long ago, and what became of it."""

    reporter: str
    text: str
    kind: ObservationKind
    pictures: list[str]
    days_ago: int
    place: Spot | None = None
    anonymity: Anonymity = Anonymity.HIDDEN
    task: str = ""
    category: str | None = None
    missing: int = 0  # this many of the last pictures never arrive
    outcome: Literal["register", "ask_more", "decline"] | None = None
    title: str = ""
    reason: int = 0
    line: str = ""  # what the reporter added later
    unit: str = ""  # the unit that gets it
    stage: Literal["dispatched", "in_progress", "closing", "closed", "retained"] | None = None


async def build(tools: Tools) -> Facts | None:
    """Fill an empty database with the city pack's demo world; return the sign-ins, or None if it is not empty.

    These are `wechat_codes` {name: code}, `console_logins` {name: {username, password, totp_secret}}, `roles`
    {name: the person's main role} and `site_visits` {running, locked: id}.
    """
    if await Organisation.exists():
        return None
    world = World(packs.open_pack(tools.settings.city_pack), tools=tools)
    await world.found_organisations()
    await world.write_reasons()
    await world.enrol_everybody()
    await world.word_a_template()
    await world.import_tasks()
    await take_over_old_ledger(world)
    await world.report_and_review()
    await seal_a_report(world)
    await tell_units(world)
    await send_letters(world)
    await collect_problems(world)
    await owe_and_hand_in(world)
    await gather_team(world)
    await remind(world)
    visits = await hold_visits(world)
    told = {"wechat_codes": world.codes, "console_logins": world.logins, "roles": world.roles}
    return told | {"site_visits": visits}


class World:
    """The city under construction."""

    def __init__(self, pack: Pack, *, tools: Tools) -> None:
        self.pack, self.tools = pack, tools
        self.now = tools.clock.now()
        self.organisations: dict[str, Organisation] = {}
        self.persons: dict[str, Person] = {}
        self.codes: dict[str, str] = {}
        self.roles: dict[str, str] = {}
        self.logins: dict[str, dict[str, str]] = {}
        self.letter_kinds = letters.kinds_of(tools.settings.city_pack)
        self.folder = opening.FOLDER / tools.settings.city_pack / "demo"

    def read(self, name: str, shape: type[T]) -> T:
        """Read the demo's table `name` from the file of that name."""
        table = tomllib.loads((self.folder / f"{name}.toml").read_text("utf-8"))
        return msgspec.convert(table[name], shape)

    async def found_organisations(self) -> None:
        """Create the organisations, parents first."""
        self.organisations = {one.code: one for one in await first_administrator.enter_units(self.pack)}

    async def write_reasons(self) -> None:
        """Create the reason catalogue."""
        await first_administrator.enter_reasons(self.pack)

    async def enrol_everybody(self) -> None:
        """Create people with their duties, a fake WeChat account each, and console logins for the office."""
        known_since = self.now - timedelta(days=90)
        for entry in self.pack.people:
            person = await self._enrol(entry, since=known_since)
            await Person.filter(id=person.id).update(created_on=business_date(known_since))
            self.persons[entry.key] = person
            self.codes[entry.designation] = f"demo-{entry.key}"
            self.roles[entry.designation] = entry.duties[0].role.label
            if entry.username:
                await self._give_login(entry, person)

    async def word_a_template(self) -> None:
        """Replace one official wording with the office's own, as 罗主任."""
        luo = await people.actor_as(self.persons["luo"], on=business_date(self.now))
        new = NewWording(
            "改革办催办，请抓紧办理",
            "{编号}“{事项}”：{催办内容}（办理中有困难的，请及时联系改革办）",
            "提醒承办单位有困难及时说",
        )
        await templates.change_template(TemplatePurpose.URGING, version=1, new=new, by=luo, now=self.now)

    async def import_tasks(self) -> None:
        """Import the year's task list through the same sheet, preview and confirmation as an office."""
        lead = self.persons["luo"]
        sheet = tasks.write_list(self.pack.task_rows(), year=self.pack.year)
        source = f"{self.pack.year}年任务清单.xlsx"
        preview = await tasks.preview(sheet, year=self.pack.year, source_name=source, by=lead, now=self.now)
        await tasks.confirm(preview.token, by=lead, now=self.now)

    async def report_and_review(self) -> None:
        """Create the first reports, and 小陈's reviews of some of them."""
        reports = self.read("observations", list[DemoReport])
        for report in sorted(reports, key=lambda one: -one.days_ago):
            at = self.now - timedelta(days=report.days_ago, minutes=len(report.text))
            client_id = await self._report(report, at=at)
            if report.outcome:
                await self._review(report, client_id=client_id, at=at + timedelta(hours=2))
            if report.line:
                by = await people.actor_as(self.persons[report.reporter], on=business_date(self.now))
                said_at = min(at + timedelta(hours=3), self.now)
                await observations.say_as_reporter(client_id, text=report.line, by=by, now=said_at)

    async def _enrol(self, entry: PersonEntry, *, since: datetime) -> Person:
        organisation = self.organisations[entry.organisation] if entry.organisation else None
        first, *more = entry.duties
        person = await people.add_person(
            entry.designation,
            role=first.role,
            by=None,
            now=since,
            keys=self.tools.keys,
            organisation=organisation,
            title=first.title,
            real_name=entry.real_name,
            scope=first.scope,
        )
        for duty in more:
            await people.give_duty(
                person, role=duty.role, by=None, now=since, organisation=organisation, title=duty.title
            )
        await identities.bind(person, keys=self.tools.keys, openid=f"openid-demo-{entry.key}")
        return person

    async def _give_login(self, entry: PersonEntry, person: Person) -> None:
        password = random_password()
        login = await people.give_console_login(
            person, username=entry.username or "", password=password, by=None, keys=self.tools.keys
        )
        self.logins[entry.designation] = {
            "username": login.username,
            "password": password,
            "totp_secret": login.totp_secret,
        }

    async def _report(self, report: DemoReport, *, at: datetime) -> UUID:
        actor = await people.actor_as(self.persons[report.reporter], on=business_date(self.now))
        pictures = [_as_if_new((self.folder / f"{name}.jpg").read_bytes(), at) for name in report.pictures]
        client_id = uuid4()
        command = await self._command(report, pictures, at=at)
        await observations.submit(command, client_id=client_id, by=actor, now=at)
        for picture in pictures[: len(pictures) - report.missing]:
            await self._send(picture, by=actor, at=at)
        return client_id

    async def _command(self, report: DemoReport, pictures: list[bytes], *, at: datetime) -> SubmitObservation:
        task = await ReformTask.get_or_none(code=report.task)
        return SubmitObservation(
            kind=report.kind,
            text=report.text,
            anonymity=report.anonymity,
            photos=[AnnouncedPhoto(_sha256(one), len(one)) for one in pictures],
            task_id=task.id if task else None,
            written_at=at,
            place=_place(report.place) if report.place else None,
            category=report.category,
        )

    async def _review(self, report: DemoReport, *, client_id: UUID, at: datetime) -> None:
        chen = await people.actor_as(self.persons["chen"], on=business_date(self.now))
        found = await observations.reviewable(chen).get(client_id=client_id)
        version, now = found.version, min(at, self.now)
        if report.outcome == "register":
            new = NewItem(report.title, found.kind, place_name=found.place_name, task_id=found.task_id)
            item = await observations.accept(found.id, new=new, version=version, by=chen, now=now)
            if report.unit:
                await self._work_on(item, report, now=now)
            return
        use = ReasonUse.ASK_MORE if report.outcome == "ask_more" else ReasonUse.DECLINE
        reason = (await observations.reasons(use))[report.reason].code
        decide = observations.ask_more if report.outcome == "ask_more" else observations.decline
        await decide(found.id, reason=reason, version=version, by=chen, now=now)

    async def _work_on(self, item: LedgerItem, report: DemoReport, *, now: datetime) -> None:
        """Bring an item to its stage of the demo world, each step by the person who would take it."""
        today = business_date(self.now)
        chen = await people.actor_as(self.persons["chen"], on=today)
        luo = await people.actor_as(self.persons["luo"], on=today)
        unit = self.organisations[report.unit]
        order = ask.Dispatch(version=item.version, unit_id=unit.id, days=10)
        item = (await ledger.dispatch(item.id, order, by=chen, now=now)).item
        if report.stage == "dispatched" or item.commissioner_id is None:
            return
        officer = await people.actor_as(await Person.get(id=item.commissioner_id), on=today)
        item = (await ledger.acknowledge(item.id, ask.Deed(version=item.version), by=officer, now=now)).item
        said = ask.Progress(version=item.version, percent=40, text="已现场核实并制定整改方案")
        item = (await ledger.report_progress(item.id, said, by=officer, now=now)).item
        order_letter = LetterDraft(kind="dispatch_letter")
        await letters.issue(item.id, order_letter, by=chen, now=now, kinds=self.letter_kinds)
        if report.stage == "retained":
            review = today + timedelta(days=90)
            long = ask.Retention(version=item.version, note="需跨年度实施", next_review_on=review)
            await ledger.retain(item.id, long, by=chen, now=now)
            return
        if report.stage == "closed":
            item = await self._ask_close_out(item, report, by=officer, now=now)
            no = ask.CloseOutDecision(
                version=item.version,
                approved=False,
                cause="may_come_back",
                reply="请写明日常巡查由哪个科室负责。",
            )
            item = (await ledger.decide_close_out(item.id, no, by=chen, now=now)).item
        if report.stage in ("closing", "closed"):
            item = await self._ask_close_out(item, report, by=officer, now=now)
        if report.stage == "closed":
            yes = ask.CloseOutDecision(version=item.version, approved=True, reply="现场已核")
            await ledger.decide_close_out(item.id, yes, by=luo, now=self.now)

    async def _ask_close_out(
        self, item: LedgerItem, report: DemoReport, *, by: people.Actor, now: datetime
    ) -> LedgerItem:
        picture = _as_if_new((self.folder / "park.jpg").read_bytes(), now)
        proof = EvidencePhoto(_sha256(picture), len(picture), EvidenceKind.AFTER)
        asked = ask.AskCloseOut(version=item.version, text="已整改到位", evidence=[proof])
        item = (await ledger.request_close_out(item.id, asked, by=by, now=now)).item
        await self._send(picture, by=by, at=now)
        return item

    async def _send(self, picture: bytes, *, by: people.Actor, at: datetime) -> None:
        await photos.receive(
            _pieces(picture), sha256=_sha256(picture), size=len(picture), by=by, now=at, tools=self.tools
        )


def _place(spot: Spot) -> Place:
    return Place(spot.latitude, spot.longitude, Datum.WGS84, PlaceSource.GPS, accuracy_m=15.0, name=spot.name)


def _as_if_new(picture: bytes, at: datetime) -> bytes:
    """Return the same picture with different bytes, like two shots of one thing; the tail is not part of the JPEG."""
    return picture + at.isoformat().encode()


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    yield data


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
