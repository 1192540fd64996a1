"""After a rotation everything opens with the new key alone, and nothing with the old one."""

import dataclasses
import secrets

import pytest

from models import ConsoleLogin, IdempotencyKey, Identity, Photo
from models.vocabulary import Role
from server import people
from server.commands.rotate_keys import rotate
from server.gateways.sealing import KeyRing, SealBroken
from server.people import identities
from tests.conftest import PASSWORD, a_picture, a_report, until


def ring(office, **keys):
    current = next(iter(keys))
    return KeyRing(keys, current=current, lookup_key=office.tools.settings.lookup_key)


async def test_everything_sealed_moves_to_the_new_key(office):
    laoma = await office.phone_of("老马")
    chen = await office.enrol("小陈", Role.OFFICE_STAFF)
    await people.give_console_login(chen, username="chen", password=PASSWORD, by=None, keys=office.tools.keys)
    picture = a_picture("plum")  # a unique one: what is stored under the new key opens for no other test
    await laoma.submit(a_report(picture))
    await laoma.upload(picture)

    async def developed():
        return await Photo.filter(state="shown").exists()

    await until(developed)
    sealed = office.tools.keys.seal("201 {}", bound_to="idempotency_key:mark")
    await IdempotencyKey.create(scope="mark", print="", answer_sealed=sealed, made_on="2026-11-22")
    old = dict(office.tools.settings.master_keys)
    fresh = secrets.token_bytes(32)
    both, new_only = ring(office, k2=fresh, **old), ring(office, k2=fresh)
    told = []

    tools = dataclasses.replace(office.tools, keys=both)
    await rotate(tools, tell=lambda what, count: told.append((what, count)))

    assert await identities.openid_of(laoma.person, keys=new_only) == "openid-demo-老马"
    async with identities.opened():
        assert (await Identity.get(person_id=laoma.person.id)).key_id == "k2"
    login = await ConsoleLogin.get()
    assert new_only.unseal(login.totp_sealed, bound_to=f"console_login:{login.id}:totp")
    assert (
        new_only.unseal((await IdempotencyKey.get()).answer_sealed, bound_to="idempotency_key:mark")
        == "201 {}"
    )
    photo = await Photo.get()
    assert new_only.unseal(photo.claims_sealed, bound_to=f"photo:{photo.id}:claims")
    assert await office.tools.storage.read(photo.key, seal=new_only) == picture
    with pytest.raises(SealBroken):
        await office.tools.storage.read(photo.key, seal=office.tools.keys)
    assert ("照片", 1) in told

    await rotate(tools, tell=lambda what, count: None)  # repeating changes nothing
    assert await office.tools.storage.read(photo.key, seal=new_only) == picture
