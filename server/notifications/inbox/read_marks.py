"""Which messages about their reports a person has read, stored sealed with the person, so no report row changes."""

from datetime import date, datetime
from uuid import UUID, uuid4

import msgspec

from models import ReadMarks
from server.gateways.sealing import KeyRing
from server.kernel.unit_of_work import unit_of_work


class Read(msgspec.Struct, frozen=True):
    """Everything up to a moment, and single later messages, each with the day on which it was read."""

    until: datetime | None = None
    until_on: date | None = None
    later: dict[UUID, date] = msgspec.field(default_factory=dict)

    def on(self, message_id: UUID, created_at: datetime) -> date | None:
        """Return the day on which a message was read, or None."""
        if self.until and created_at <= self.until:
            return self.until_on
        return self.later.get(message_id)

    def and_one(self, message_id: UUID, *, today: date) -> "Read":
        """Return the marks with one more message read; the first time counts."""
        return msgspec.structs.replace(self, later={message_id: today} | self.later)

    def and_all(self, until: datetime, *, today: date) -> "Read":
        """Return the marks with everything up to a moment read; later messages keep their marks."""
        if self.until and until <= self.until:
            return self
        return msgspec.structs.replace(self, until=until, until_on=today)


async def read_by(person_id: UUID, *, keys: KeyRing) -> Read:
    """Return a person's read marks."""
    marks = await ReadMarks.get_or_none(person_id=person_id)
    return _opened(marks, keys=keys) if marks else Read()


@unit_of_work
async def note_one(message_id: UUID, *, person_id: UUID, today: date, keys: KeyRing) -> None:
    """Record that a person has read one message."""
    marks = await _locked(person_id, keys=keys)
    await _keep(marks, _opened(marks, keys=keys).and_one(message_id, today=today), keys=keys)


@unit_of_work
async def note_all(until: datetime, *, person_id: UUID, today: date, keys: KeyRing) -> None:
    """Record that a person has read everything up to a moment."""
    marks = await _locked(person_id, keys=keys)
    await _keep(marks, _opened(marks, keys=keys).and_all(until, today=today), keys=keys)


async def reseal_read_marks(keys: KeyRing) -> int:
    """Seal all read marks under the current key; returns how many were changed. Safe to repeat."""
    changed = 0
    for marks in await ReadMarks.filter(key_id__not=keys.current):
        sealed = keys.reseal(marks.sealed, bound_to=_place(marks.person_id))
        same = ReadMarks.filter(id=marks.id, sealed=marks.sealed)
        changed += await same.update(sealed=sealed, key_id=keys.current)
    return changed


async def _locked(person_id: UUID, *, keys: KeyRing) -> ReadMarks:
    nothing = _sealed(Read(), person_id, keys=keys)
    new = ReadMarks(id=uuid4(), person_id=person_id, sealed=nothing, key_id=keys.current)
    await ReadMarks.bulk_create([new], ignore_conflicts=True)
    return await ReadMarks.select_for_update().get(person_id=person_id)


async def _keep(marks: ReadMarks, read: Read, *, keys: KeyRing) -> None:
    sealed = _sealed(read, marks.person_id, keys=keys)
    await ReadMarks.filter(id=marks.id).update(sealed=sealed, key_id=keys.current)


def _sealed(read: Read, person_id: UUID, *, keys: KeyRing) -> str:
    return keys.seal(msgspec.json.encode(read).decode(), bound_to=_place(person_id))


def _opened(marks: ReadMarks, *, keys: KeyRing) -> Read:
    return msgspec.json.decode(keys.unseal(marks.sealed, bound_to=_place(marks.person_id)), type=Read)


def _place(person_id: UUID) -> str:
    return f"read_marks:{person_id}"
