"""A city with key-holders, and phones that send sealed reports."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

import pytest

from models.vocabulary import Role
from server import sealed
from server.gateways import escrow
from tests.conftest import a_picture, sha256

NAMES = {"A": ("市纪委监委", "何主任"), "B": ("市司法局", "白律师"), "C": ("市委督查室", "任主任")}


@dataclass
class Holder:
    private: str
    public: str


@pytest.fixture(scope="session")
def holders():
    return {letter: Holder(*escrow.new_key()) for letter in escrow.HOLDERS}


@pytest.fixture(scope="session")
def reader():
    return Holder(*escrow.new_key())


@pytest.fixture
async def city(office, holders):
    """The office with three key-holders appointed."""
    admin = await office.actor(await office.enrol("管理员", Role.ADMINISTRATOR))
    await sealed.set_up(papers(holders), by=admin, now=office.watch.now())
    return office


def papers(holders):
    return {
        letter: {"office": NAMES[letter][0], "name": NAMES[letter][1], "key": one.public}
        for letter, one in holders.items()
    }


def a_code():
    """Return a recovery code as phones make it."""
    digits = "".join(secrets.choice("0123456789") for _ in range(22))
    return digits + f"{98 - int(digits) * 100 % 97:02d}"


@dataclass
class Sealer:
    """What a phone keeps of one sealed report, and its requests."""

    office: object
    ticket: str
    capability: str = field(default_factory=lambda: secrets.token_hex(32))
    code: str = field(default_factory=a_code)
    pictures: tuple = field(default_factory=lambda: (a_picture(),))

    def __post_init__(self):
        self.client = self.office.client(headers={"capability": self.capability})

    def name_of(self, picture):
        key = hashlib.sha256(f"photos{self.capability}".encode()).digest()
        return hmac.digest(key, sha256(picture).encode(), "sha256").hex()

    def body(self, **changes):
        place = {"latitude": 38.48723, "longitude": 106.23091, "datum": "gcj02", "accuracy_m": 9.0}
        return {
            "ticket": self.ticket,
            "code": self.code,
            "kind": "problem",
            "text": "路口坑槽一周未修",
            "place": place | {"source": "gps", "name": "北京路口"},
            "photos": [{"name": self.name_of(one), "bytes": len(one)} for one in self.pictures],
        } | changes

    async def ask(self, method, path, **options):
        return await self.client.request(method, f"/api/v1/sealed{path}", **options)

    async def submit(self, **changes):
        return await self.ask("PUT", "/report", json=self.body(**changes))

    async def upload(self, picture):
        return await self.ask(
            "POST",
            f"/photos/{self.name_of(picture)}?sha256={sha256(picture)}",
            files={"file": ("p.jpg", picture, "image/jpeg")},
        )

    async def look(self):
        return (await self.ask("GET", "/report")).json()


async def tickets_of(phone):
    return (await phone.post("/tickets")).json()["tickets"]


@pytest.fixture
async def laoma(city):
    return await city.phone_of("老马", Role.CITIZEN)


@pytest.fixture
async def sealer(city, laoma):
    """A phone that has a ticket and reports with it."""
    return Sealer(city, (await tickets_of(laoma))[0])


async def entered(sealer):
    """A report that has arrived with its photos and was entered for the office."""
    assert (await sealer.submit()).status_code == 201
    for picture in sealer.pictures:
        assert (await sealer.upload(picture)).status_code == 200
    assert await sealed.enter_arrivals() == 1
