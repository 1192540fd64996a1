"""Telling people about letters: the addressees what arrived, the office what to sign, mend or decide."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from models import InboxMessage, JournalEntry, Letter
from server import letters
from server.kernel.workdays import say
from server.letters import Kinds
from server.notifications.inbox.wording import TO_ADDRESSEE, TO_LETTER_PEOPLE

LONGEST_TITLE, LONGEST = 40, 300


async def tell_addressee(entry: JournalEntry, *, today: date) -> None:
    """Tell those who answer a letter for its addressee; safe to repeat."""
    letter = await _letter_of(entry)
    found = await letters.answerers_of([letter], today=today)
    await _tell(entry, letter, TO_ADDRESSEE[entry.event], to=found.get(letter.id, []))


async def tell_letter_people(entry: JournalEntry, *, kinds: Kinds, today: date) -> None:
    """Tell the signers that a letter waits for them, or its drafter that it came back; safe to repeat."""
    letter = await _letter_of(entry)
    to: list[UUID | None] = [letter.drafted_by_id]
    if entry.event == "letter.submitted":
        to = [*await letters.signers_of(letter, kinds=kinds, today=today)]
    await _tell(entry, letter, TO_LETTER_PEOPLE[entry.event], to=[one for one in to if one])


async def _letter_of(entry: JournalEntry) -> Letter:
    letter_id = entry.detail.get("letter_id") or entry.subject_id
    return await Letter.get(id=letter_id).select_related("item")


async def _tell(entry: JournalEntry, letter: Letter, words: tuple[str, str], *, to: Iterable[UUID]) -> None:
    facts: defaultdict[str, Any] = defaultdict(str, entry.detail)
    due = letter.reply_due_on
    facts |= {"title": letter.title, "addressee": letter.addressee, "until_on": say(due) if due else ""}
    facts["words"] = facts["words"].rstrip("。") + "。" if facts["words"] else ""
    title, body = (one.format_map(facts) for one in words)
    messages = [
        InboxMessage(
            person_id=person_id,
            entry_id=entry.id,
            title=title[:LONGEST_TITLE],
            body=body[:LONGEST],
            subject_kind="letter",
            subject_id=letter.id,
            created_at=entry.at,
        )
        for person_id in dict.fromkeys(to)
    ]
    await InboxMessage.bulk_create(messages, ignore_conflicts=True)
