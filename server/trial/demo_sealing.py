"""The demo world's key-holders, whose keys are in the trial's own folder, and one sealed report."""

import hashlib
import hmac
import os
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from models.vocabulary import Datum, ObservationKind, PlaceSource, Role
from server import people, sealed
from server.gateways import escrow
from server.kernel.clock import business_date
from server.observations import Place
from server.sealed import SubmitSealed
from server.sealed.commands import NamedPhoto

if TYPE_CHECKING:
    from server.trial.demo import World

HOLDERS = {"A": ("市纪委监委", "何主任"), "B": ("市司法局", "公职律师白律师"), "C": ("市委督查室", "任主任")}
TEXT = "南薰路施工单位夜间倾倒渣土，值守的人打过招呼就放行。"
PLACE = Place(38.4618, 106.2853, Datum.WGS84, PlaceSource.GPS, 15.0, "南薰东路")


async def seal_a_report(world: "World") -> None:
    """Appoint key-holders, issue the day's tickets, and use one of them."""
    folder = world.tools.settings.data_dir / "key-holders"
    folder.mkdir(mode=0o700, exist_ok=True)
    holders = {
        letter: {"office": office, "name": name, "key": _new_key(folder / f"{letter}.key")}
        for letter, (office, name) in HOLDERS.items()
    }
    _new_key(folder / "reader.key")
    day, keys = business_date(world.now), world.tools.keys
    admin = await people.actor_as(world.persons[_administrator(world)], on=day)
    await sealed.set_up(holders, by=admin, now=world.now)
    reporter = await people.actor_as(world.persons["qin"], on=day)
    before = world.now - timedelta(days=1)
    ticket, _ = await sealed.todays_tickets(reporter, keys=keys, now=before)
    await _report(world, ticket)
    await sealed.enter_arrivals()


async def _report(world: "World", ticket: str) -> None:
    tools, capability = world.tools, secrets.token_hex(32)
    picture = (world.folder / "fence.jpg").read_bytes()
    name = _name(picture, capability)
    command = SubmitSealed(
        ticket=ticket,
        code=_code(),
        kind=ObservationKind.PROBLEM,
        text=TEXT,
        photos=[NamedPhoto(name, len(picture))],
        place=PLACE,
    )
    await sealed.submit(command, capability=capability, keys=tools.keys, now=world.now)
    await sealed.receive_photo(
        await sealed.access_by(capability),
        _pieces(picture),
        name=name,
        sha256=hashlib.sha256(picture).hexdigest(),
        storage=tools.storage,
        keys=tools.keys,
        now=world.now,
    )


def _new_key(file: Path) -> str:
    """Make a key pair: the private key goes into the file, the public one is returned and written next to it."""
    private, public = escrow.new_key()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
        opened.write(private + "\n")
    file.with_name(file.name + ".pub").write_text(public + "\n", "utf-8")
    return public


def _administrator(world: "World") -> str:
    return next(
        one.key for one in world.pack.people if Role.ADMINISTRATOR in [duty.role for duty in one.duties]
    )


def _code() -> str:
    digits = "".join(secrets.choice("0123456789") for _ in range(22))
    return digits + f"{98 - int(digits) * 100 % 97:02d}"


def _name(picture: bytes, capability: str) -> str:
    key = hashlib.sha256(f"photos{capability}".encode()).digest()
    return hmac.digest(key, hashlib.sha256(picture).hexdigest().encode(), "sha256").hex()


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    yield data
