"""The tests' office: a real server on loopback, real PostgreSQL, a fake WeChat, and people who act."""

import asyncio
import base64
import gc
import hashlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pyotp
import pytest
from PIL import Image

from models import ContentCheck, JournalEntry, Observation, Organisation, Person, Reason
from models.vocabulary import (
    ContentDecision,
    ContentKind,
    OrganisationKind,
    ReasonUse,
    Role,
    SessionChannel,
)
from server import journal, moderation, people, reporters
from server.commands.migrate import migrate
from server.commands.worker import work
from server.fake_wechat.loopback import loopback
from server.gateways.redis import Limiter
from server.kernel import logs
from server.kernel.clock import business_date
from server.kernel.unit_of_work import run_unit_of_work
from server.people import identities
from server.people.enrolling import NewLogin
from server.people.sessions import open_session
from server.settings import Settings, read_settings
from server.tools import Tools
from server.web.app import build_app
from server.web.door.admission import cookie_name
from tests.serving import SETTINGS as WECHAT
from tests.serving import served

pytest_plugins = [
    "tests.fixtures_clean_database",
    "tests.fixtures_browser",
    "tests.fixtures_patience",
    "tests.fixtures_postgres",
    "tests.fixtures_standing_still",
    "tests.fixtures_wechat",
]

logs.configure()  # as in every process of ours
PASSWORD = "Correct-Horse-9"
REPORTER_KEY = base64.b64encode(secrets.token_bytes(32)).decode()  # one for all offices of this process
OPEN: list["Office"] = []  # the current offices: none or one
LONGEST = (
    "test_contract.py",
    "test_twins_of_every_role.py",
    "rig/test_g1.py",
    "rig/test_g3.py",
    "test_on_phones.py",
    "rig/test_g20.py",
    "rig/test_g7.py",
    "rig/test_g6.py",
    "test_every_page.py",
    "test_every_row.py",
    "rig/test_g10.py",
    "test_access.py",
    "server/trial/test_run.py",
    "models/test_migrations.py",
    "rig/test_g19.py",
    "rig/test_g18.py",
    "test_who_reported.py",
    "verifying/test_program.py",
    "test_renderer.py",
    "console_browser/test_letters.py",
    "photos/test_subjects.py",
    "rig/test_g2.py",
    "test_large_sheets.py",
    "test_forgeries.py",
    "miniprogram/test_letters.py",
    "images/test_comparing.py",
    "moderation/test_pictures.py",
    "ledger/test_machine.py",
    "test_queue.py",
    "rig/test_g14.py",
    "test_checking_pictures.py",
    "site_visits/test_board.py",
    "trial/test_postgres.py",
    "test_looks_of_work.py",
    "scoring/test_machine.py",
    "test_planning_a_visit.py",
    "site_visits/test_machine.py",
    "test_gates.py",
    "test_reporting.py",
    "test_review_by_keyboard.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest files first, so that all processes end together and none works on alone."""

    def turn(item: pytest.Item) -> int:
        return next((n for n, name in enumerate(LONGEST) if str(item.path).endswith(name)), len(LONGEST))

    items.sort(key=turn)


gc.disable()  # collecting three thousand tests takes half the time


def pytest_collection_finish() -> None:
    gc.enable()
    gc.freeze()


@dataclass
class SettableClock:
    """A clock that tells the real time until it is set."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="session")
async def database_url(postgres: Any) -> AsyncIterator[str]:
    template = await postgres.template(migrate)
    url = await postgres.new_database(template=template)
    yield url
    await postgres.drop(url)


def settings_for(database_url: str, folder: Path, *, wechat_url: str, **changes: str) -> Settings:
    """Return settings of a trial server, with fresh keys."""

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return read_settings(
        {
            "MODE": "trial",
            "DATABASE_URL": database_url,
            "DATA_DIR": str(folder),
            "PUBLIC_URL": "http://127.0.0.1",
            "MASTER_KEYS": f"k1:{key()}",
            "LOOKUP_KEY": key(),
            "LINK_KEY": key(),
            "REPORTER_KEYS": f"k1:{REPORTER_KEY}",
            "WECHAT_APPID": WECHAT.appid,
            "WECHAT_SECRET": WECHAT.secret,
            "WECHAT_BASE_URL": wechat_url,
            "WECHAT_CALLBACK_TOKEN": WECHAT.callback_token,
            "WECHAT_CALLBACK_AES_KEY": WECHAT.callback_aes_key,
        }
        | changes
    )


@pytest.fixture(scope="session")
def watch() -> SettableClock:
    return SettableClock()


@pytest.fixture(scope="session")
async def app(database_url, tmp_path_factory, _fake_wechat_server, watch):
    settings = settings_for(
        database_url, tmp_path_factory.mktemp("office"), wechat_url=_fake_wechat_server.base_url
    )
    return build_app(settings, name=f"office_{uuid4().hex}", clock=watch)


@pytest.fixture(scope="session")
async def base_url(app):
    async with served(app) as url:
        tools = app.ctx.tools
        app.ctx.tools = replace(tools, settings=replace(tools.settings, public_url=url))
        yield url


@pytest.fixture
async def office(app, base_url, clean_database, watch) -> AsyncIterator["Office"]:
    """An empty city with its reform office, freshly cleaned; a worker starts when a test waits for one."""
    await clean_database.sweep()
    app.ctx.tools.redis.limiter = Limiter()  # nobody has reached a rate limit yet
    watch.ahead = timedelta()
    office = Office(app.ctx.tools, base_url, watch)
    await office.found()
    OPEN.append(office)
    yield office
    OPEN.remove(office)
    await office.stop_working()
    await office.close()


class Office:
    """The city in a test: enrols people, gives them phones, looks into the database."""

    def __init__(self, tools: Tools, base_url: str, watch: SettableClock) -> None:
        self.tools, self.base_url, self.watch = tools, base_url, watch
        self._clients: list[httpx.AsyncClient] = []
        self._worker: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()

    async def found(self) -> None:
        """Found the office in one unit of work, so that the ledger covers everything in it."""
        await run_unit_of_work(self._found)

    async def _found(self) -> None:
        """Create the reform office, one department and the reasons."""
        self.root = await people.add_organisation(
            "市委改革办",
            code="office",
            kind=OrganisationKind.REFORM_OFFICE,
            by=None,
            short_name="改革办",
            series="改",
        )
        self.bureau = await people.add_organisation(
            "市住房城乡建设局",
            code="housing",
            kind=OrganisationKind.RESPONSIBLE_UNIT,
            by=None,
            short_name="市住建局",
            parent=self.root,
        )
        for use, code, text in (
            (ReasonUse.DECLINE, "not_reform", "这件事不属于改革督察范围，建议拨打12345热线反映。"),
            (ReasonUse.ASK_MORE, "unclear_place", "请补充具体位置，例如路名和门牌号。"),
        ):
            await Reason.create(code=code, use=use, label=code, text=text)

    async def enrol(
        self, name: str, role: Role, *, organisation: Organisation | None = None, openid: str | None = None
    ) -> Person:
        """Add a person to the roster."""
        person = await people.add_person(
            name,
            role=role,
            by=None,
            now=self.watch.now(),
            keys=self.tools.keys,
            organisation=organisation or self.root,
        )
        if openid:
            await identities.bind(person, keys=self.tools.keys, openid=openid)
        return person

    async def phone_of(self, name: str, role: Role = Role.TEAM_MEMBER, **where: Any) -> "Phone":
        """Return the phone of a new person who is signed in."""
        person = await self.enrol(name, role, openid=f"openid-demo-{name}", **where)
        phone = self.phone()
        token = await open_session(person, channel=SessionChannel.PHONE, now=self.watch.now())
        phone.client.headers["authorization"] = f"Bearer {token}"
        phone.person = person
        return phone

    async def desk_of(self, name: str, role: Role = Role.OFFICE_STAFF, **where: Any) -> "Desk":
        """Return the console browser of a new person who is signed in."""
        person = await self.enrol(name, role, **where)
        token = await open_session(person, channel=SessionChannel.CONSOLE, now=self.watch.now())
        return Desk(self.client(cookies={cookie_name(self.tools): token}), person)

    async def desk_by_password(self, name: str, role: Role = Role.OFFICE_STAFF, **where: Any) -> "Desk":
        """Return the same, signed in by password and second factor."""
        person = await self.enrol(name, role, **where)
        login = await people.give_console_login(
            person, username=f"desk-{uuid4().hex[:8]}", password=PASSWORD, by=None, keys=self.tools.keys
        )
        desk = Desk(self.client(), person, login)
        answer = await desk.sign_in(self.watch.now())
        assert answer.status_code == 303, answer.text
        return desk

    def phone(self) -> "Phone":
        """Return a phone that nobody is signed in on."""
        client = self.client()
        return Phone(client)

    def client(self, **options: Any) -> httpx.AsyncClient:
        """Return a plain HTTP client of this server."""
        client = loopback(base_url=self.base_url, timeout=30, **options)
        self._clients.append(client)
        return client

    async def reports_of(self, person: Person) -> list[Observation]:
        """Return a person's reports, oldest first."""
        mine = await reporters.mine(person.id)
        return sorted(await Observation.filter(id__in=mine), key=lambda one: mine.index(one.id))

    async def actor(self, person: Person) -> people.Actor:
        """Return a person as a signed-in actor."""
        return await people.actor_as(person, on=business_date(self.watch.now()))

    def start_working(self) -> None:
        """Start a worker that reacts to past and new events; tests run the timetable's jobs themselves."""
        self._stop.clear()
        self._worker = asyncio.create_task(work(self.tools, stop=self._stop, timetable={}))

    def is_waited_for(self) -> None:
        """Start a worker if a test waits for its work; a stopped one stays stopped."""
        if not (self._worker or self._stop.is_set()):
            self.start_working()

    async def stop_working(self) -> None:
        """Stop the worker; nothing reacts any more."""
        self._stop.set()
        if self._worker:
            await asyncio.wait([self._worker], timeout=10)
            self._worker = None

    async def decide_photos(
        self, report: Observation, decision: ContentDecision = ContentDecision.PASSED, *, by: people.Actor
    ) -> None:
        """Pass or hide the photos of a report, as a reviewer."""

        async def asked() -> list[ContentCheck]:
            checks = await ContentCheck.filter(subject_id=report.id, kind=ContentKind.PHOTO)
            return checks if all(check.trace_id or check.answered_at for check in checks) else []

        for check in await until(asked):
            await moderation.decide(
                check.id, version=check.version, decision=decision, words="人脸", by=by, now=self.watch.now()
            )

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()


class Phone:
    """A phone at the API: signs in, submits, uploads."""

    person: Person

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def sign_in(self, code: str) -> httpx.Response:
        answer = await self.client.post("/api/v1/sessions", json={"code": code})
        if answer.status_code == 201:
            self.client.headers["authorization"] = f"Bearer {answer.json()['token']}"
        return answer

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(f"/api/v1{path}", **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.post(f"/api/v1{path}", **options)

    async def put(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.put(f"/api/v1{path}", **options)

    async def delete(self, path: str) -> httpx.Response:
        return await self.client.delete(f"/api/v1{path}")

    async def submit(self, report: dict[str, Any], client_id: Any = None) -> httpx.Response:
        return await self.put(f"/observations/{client_id or uuid4()}", json=report)

    async def upload(
        self, picture: bytes, *, digest: str | None = None, report: UUID | None = None
    ) -> httpx.Response:
        return await self.post(
            f"/photos/{digest or sha256(picture)}",
            files={"file": ("p.jpg", picture, "image/jpeg")},
            params={"report": str(report)} if report else None,
        )


class Desk:
    """A browser at the console that sends forms as our own pages do; `part` sends requests as htmx does."""

    def __init__(self, client: httpx.AsyncClient, person: Person, login: NewLogin | None = None) -> None:
        self.client, self.person, self._login = client, person, login

    @property
    def login(self) -> NewLogin:
        """What this person types to sign in."""
        assert self._login, "give the person a login: office.desk_by_password"
        return self._login

    async def sign_in(self, now: datetime, **typed: str) -> httpx.Response:
        code = pyotp.TOTP(self.login.totp_secret).at(now)
        form = {"username": self.login.username, "password": PASSWORD, "code": code}
        return await self.post("/sign-in", form | typed)

    async def get(self, path: str, *, part: bool = False, **options: Any) -> httpx.Response:
        return await self.client.get(f"/console{path}", headers=self._headers(part), **options)

    async def post(self, path: str, form: dict[str, Any], *, part: bool = False) -> httpx.Response:
        return await self.client.post(f"/console{path}", data=form, headers=self._headers(part))

    def _headers(self, part: bool) -> dict[str, str]:
        own = {"origin": str(self.client.base_url).rstrip("/")}
        return own | {"hx-request": "true"} if part else own


async def who_did(entry: JournalEntry) -> UUID | None:
    """Return the actor of an entry as the office sees it."""
    return (await journal.actors_of([entry])).get(entry.id)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def a_picture(
    colour: Any = "teal", *, size: tuple[int, int] = (640, 480), kind: str = "JPEG", **options: Any
) -> bytes:
    """Return a picture of one colour with a white corner, so that up and down can be told apart."""
    image = Image.new("RGB", size, colour)
    image.paste("white", (0, 0, size[0] // 4, size[1] // 4))
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def a_report(*pictures: bytes, **changes: Any) -> dict[str, Any]:
    """Return a report as a phone sends it."""
    return {
        "kind": "problem",
        "text": "路口坑槽一周未修",
        "task_id": None,
        "anonymity": "hidden",
        "written_at": None,
        "place": {
            "latitude": 38.4872,
            "longitude": 106.2309,
            "datum": "wgs84",
            "accuracy_m": 12.0,
            "source": "gps",
            "name": "北京路与民族街口",
        },
        "photos": [{"sha256": sha256(one), "bytes": len(one)} for one in pictures or [a_picture()]],
    } | changes


async def until(probe: Any, *, seconds: float = 20) -> Any:
    """Wait until an async probe returns something true; a worker runs meanwhile."""
    for office in OPEN:
        office.is_waited_for()
    async with asyncio.timeout(seconds):
        while not (found := await probe()):
            await asyncio.sleep(0.05)
    return found
