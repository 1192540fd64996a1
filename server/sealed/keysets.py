"""The three key holders: the administrator registers public keys that each holder made on their own machine."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from models import Keyset
from server import journal
from server.gateways import escrow
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission
from server.sealed.refusals import HoldersMalformed

FIELDS = ("office", "name", "key")


async def current() -> Keyset | None:
    """Return the current key holders; None if the sealed tier is not offered."""
    return await Keyset.filter(until=None).first()


async def earlier() -> list[Keyset]:
    """Return earlier key holders, whose envelopes may still be stored, newest first."""
    return await Keyset.filter(until__isnull=False).order_by("-until")


def fingerprints(keyset: Keyset) -> dict[str, str]:
    """Return the fingerprint of each holder's key, by letter."""
    return {letter: escrow.fingerprint(holder["key"]) for letter, holder in keyset.holders.items()}


@unit_of_work
async def set_up(holders: Mapping[str, Mapping[str, str]], *, by: Actor, now: datetime) -> Keyset:
    """Register three key holders, to whom envelopes are sealed from now on. Raises HoldersMalformed."""
    by.reaches(Permission.KEEP_KEYS)
    checked = _checked(holders)
    await Keyset.filter(until=None).update(until=now)
    keyset = await Keyset.create(id=uuid4(), holders=checked, since=now)
    told = {
        letter: f"{one['office']}{one['name']} {escrow.fingerprint(one['key'])}"
        for letter, one in checked.items()
    }
    await journal.record("keyset.set_up", keyset, by=by.person, **told)
    return keyset


def _checked(holders: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    given = {letter: {field: holders[letter][field].strip() for field in FIELDS} for letter in holders}
    for one in given.values():
        one["key"] = escrow.one_line(one["key"])
    try:
        different = {escrow.fingerprint(one["key"]) for one in given.values()}
        for one in given.values():
            escrow.public_key(one["key"])
    except escrow.NotAKey as error:
        raise HoldersMalformed from error
    if set(given) != set(escrow.HOLDERS) or len(different) != len(given):
        raise HoldersMalformed
    if not all(one["office"] and one["name"] for one in given.values()):
        raise HoldersMalformed
    return given
