"""Tickets: locked identities that everybody who opens the program gets, used or not, and that are not stored here."""

import hashlib
import secrets
from base64 import b64decode, b64encode
from datetime import date, datetime, timedelta

import msgspec
from msgspec import Struct
from tortoise import connections

from models import Keyset, Person, SpentTicket, TicketDay
from server.gateways import escrow
from server.gateways.sealing import KeyRing, SealBroken
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission, identities, may
from server.sealed.keysets import current
from server.sealed.refusals import TicketRefused

A_DAY = 2
GOOD_FOR = timedelta(days=7)
BOUND = "ticket"
TOLD = ("real_name", "phone", "openid")
CLAIM = """INSERT INTO ticket_day (id, person_id, day) VALUES (gen_random_uuid(), $1, $2)
ON CONFLICT (person_id, day) DO NOTHING RETURNING id"""
SPEND = """INSERT INTO spent_ticket (nonce_hash, until) VALUES ($1, $2)
ON CONFLICT (nonce_hash) DO NOTHING RETURNING nonce_hash"""


class Ticket(Struct, frozen=True):
    """The content of a ticket: random bytes, a last day, and the packed envelope."""

    nonce: str
    until: date
    envelope: str

    @property
    def nonce_hash(self) -> str:
        return hashlib.sha256(self.nonce.encode()).hexdigest()


async def todays_tickets(actor: Actor, *, keys: KeyRing, now: datetime) -> list[str]:
    """Return two tickets, once a day, for everybody alike except reviewers, who must not review their own reports.

    The list is empty if no key holders are registered. The day is noted in a transaction that touches nothing else.
    """
    keyset = await current()
    if keyset is None or may(actor.duties, Permission.REVIEW_OBSERVATIONS):
        return []
    day = business_date(now)
    if not await connections.get("default").execute_query_dict(CLAIM, [actor.person.id, day]):
        return []
    who = await _identity(actor.person, keys=keys)
    return [_ticket(who, keyset=keyset, until=day + GOOD_FOR, keys=keys) for _ in range(A_DAY)]


def opened(text: str, *, keys: KeyRing, now: datetime) -> Ticket:
    """Return the ticket in a text; raises TicketRefused if it is not one of ours or has expired."""
    try:
        ticket = msgspec.json.decode(keys.unseal(text, bound_to=BOUND), type=Ticket)
    except (SealBroken, msgspec.MsgspecError) as error:
        raise TicketRefused from error
    if business_date(now) > ticket.until:
        raise TicketRefused
    return ticket


async def spend(ticket: Ticket) -> bool:
    """Mark a ticket as used; returns False if it was used before. A parallel request waits here for the first."""
    spent = [ticket.nonce_hash, ticket.until]
    return bool(await connections.get("default").execute_query_dict(SPEND, spent))


@unit_of_work
async def forget_days(*, now: datetime) -> None:
    """Delete days and used tickets once their tickets have expired."""
    day = business_date(now)
    await TicketDay.filter(day__lt=day - GOOD_FOR).delete()
    await SpentTicket.filter(until__lt=day).delete()


def _ticket(who: str, *, keyset: Keyset, until: date, keys: KeyRing) -> str:
    public = {letter: holder["key"] for letter, holder in keyset.holders.items()}
    envelope = escrow.seal_identity(who, holders=public, set_id=str(keyset.id))
    ticket = Ticket(secrets.token_urlsafe(24), until, b64encode(envelope.packed()).decode())
    return keys.seal(msgspec.json.encode(ticket).decode(), bound_to=BOUND)


def envelope_in(ticket: Ticket) -> escrow.Envelope:
    """Return the envelope that a ticket carries."""
    return escrow.unpacked(b64decode(ticket.envelope))


async def _identity(person: Person, *, keys: KeyRing) -> str:
    """Return what an opened envelope tells: who this person is, as far as the office knows."""
    found = {field: await identities.told_of(person.id, field, keys=keys) for field in TOLD}
    known = {field: value for field, value in found.items() if value}
    return msgspec.json.encode({"designation": person.designation, **known}).decode()
