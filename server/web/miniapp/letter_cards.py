"""Letters as phones see them: lines of a list, and the letter with its pages, its replies and what may be done."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from models import Letter, LetterReply
from models.vocabulary import LetterState
from server.kernel.workdays import Calendar
from server.letters import deadline_words, is_late
from server.web.miniapp.cards import PhotoLink


class LetterLine(Struct):
    """A letter in a list; `deadline` says until when a reply is due and how much time is left."""

    id: UUID
    kind: str
    kind_label: str
    document_number: str | None
    title: str
    state: LetterState
    state_label: str
    addressee: str
    ledger_number: str
    issued_on: date | None
    reply_due_on: date | None
    deadline: str
    is_late: bool


class LetterPage(Struct):
    """A page of letters; pass `cursor` to get the next one."""

    items: list[LetterLine]
    cursor: UUID | None


class LetterReplyLine(Struct):
    """A reply to a letter with its photos, and what the office decided; `is_accepted` is null until then."""

    text: str
    replied_at: datetime
    by: str
    is_late: bool
    is_accepted: bool | None
    words: str
    pictures: list[list[PhotoLink]]


class PaperLinks(Struct):
    """The paper of a letter: a picture of each page in order, and the PDF; links expire within five minutes."""

    pages: list[str]
    pdf: str


class LetterCard(Struct):
    """A letter in full; `open_steps` are what this person may do now.

    `with_whom` says who has it now and what is expected of them, and is empty once it is settled.
    `warning` says that the item has changed since the letter was drafted; only the office reads who drafted it.
    """

    id: UUID
    version: int
    line: LetterLine
    ledger_item_id: UUID | None  # if the person may see the item
    issuer: str
    copy_to: str
    drafted_by: str
    signed_by: str
    received_by: str
    received_at: datetime | None
    with_whom: str
    void_reason: str
    warning: str
    paper: PaperLinks
    replies: list[LetterReplyLine]
    open_steps: list[str]
    missing: list[str]  # digests of photos that the reply announced and that have not arrived


def letter_line(letter: Letter, *, today: date, calendar: Calendar) -> LetterLine:
    """Return a letter as a line of a list; its item must be loaded."""
    return LetterLine(
        id=letter.id,
        kind=letter.kind,
        kind_label=letter.series,
        document_number=letter.number_text,
        title=letter.title,
        state=letter.state,
        state_label=letter.state.label,
        addressee=letter.addressee,
        ledger_number=letter.item.number_text,
        issued_on=letter.issued_on,
        reply_due_on=letter.reply_due_on,
        deadline=deadline_words(letter, today=today, calendar=calendar),
        is_late=is_late(letter, today=today),
    )


def reply_line(reply: LetterReply, *, pictures: list[list[PhotoLink]]) -> LetterReplyLine:
    """Return a reply; its author must be loaded."""
    return LetterReplyLine(
        text=reply.text,
        replied_at=reply.replied_at,
        by=reply.by.designation,
        is_late=reply.is_late,
        is_accepted=reply.is_accepted,
        words=reply.words,
        pictures=pictures,
    )
