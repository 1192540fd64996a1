"""Typesetting a letter in the letter form of GB/T 9704: as PDF/A, and as pictures of its pages for screens."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import structlog

from models import Letter
from server.gateways.storage import Missing
from server.gateways.typesetting import TypesettingFailed, typeset, typeset_with_pages
from server.gateways.word_documents import TemplateBroken, fill_document
from server.letters.refusals import LetterTemplateBroken, PaperFailed
from server.letters.wording import in_words, with_deadline
from server.tools import Tools

DOCUMENT = (Path(__file__).parent / "letter.typ").read_text("utf-8")
EDITABLE = Path(__file__).parent / "letter.docx"
log = structlog.get_logger(__name__)
BLANK_DAY = "　　年　月　日"
_at_once = asyncio.Semaphore(2)  # children that typeset for people who wait


@dataclass(frozen=True)
class Paper:
    """A letter on paper: where its PDF is kept, and the pictures of its pages in order."""

    pdf: str
    pages: list[str]


async def set_letter(letter: Letter, *, tools: Tools) -> bytes:
    """Return the letter as PDF/A, in the words it was signed with; raises TypesettingFailed."""
    fonts = tools.settings.font_dir
    return await typeset(DOCUMENT, data=msgspec.json.encode(content(letter)), pictures={}, fonts=fonts)


async def editable(letter: Letter, *, tools: Tools) -> bytes:
    """Return the letter as a Word document, from the office's template or ours. Raises LetterTemplateBroken."""
    template = tools.settings.letter_template or EDITABLE
    try:
        return await asyncio.to_thread(fill_document, template, content(letter))
    except TemplateBroken as error:
        log.error("letter_template_broken", said=str(error))
        raise LetterTemplateBroken from error


async def paper_of(letter: Letter, *, tools: Tools) -> Paper:
    """Return a letter's paper, set once for its words and kept sealed; raises PaperFailed."""
    data, folder = msgspec.json.encode(content(letter)), folder_of(letter)
    index = f"{folder}/pages"
    try:
        count = int(await tools.storage.read(index, seal=tools.keys))
    except Missing:
        pdf, pages = await _typeset(data, tools=tools)
        for number, page in enumerate(pages, start=1):
            await tools.storage.put_new(f"{folder}/{number}.png", page, seal=tools.keys)
        await tools.storage.put_new(f"{folder}/letter.pdf", pdf, seal=tools.keys)
        await tools.storage.put_new(index, str(len(pages)).encode(), seal=tools.keys)
        count = len(pages)
    return Paper(f"{folder}/letter.pdf", [f"{folder}/{number}.png" for number in range(1, count + 1)])


async def _typeset(data: bytes, *, tools: Tools) -> tuple[bytes, list[bytes]]:
    try:
        async with _at_once:
            return await typeset_with_pages(DOCUMENT, data=data, fonts=tools.settings.font_dir)
    except TypesettingFailed as error:
        log.error("typesetting_failed", said=str(error))
        raise PaperFailed from error


def folder_of(letter: Letter) -> str:
    """Return where the paper of these very words in this very form is kept. Pure."""
    data = DOCUMENT.encode() + msgspec.json.encode(content(letter))
    return f"letters/{letter.id}/{hashlib.sha256(data).hexdigest()[:32]}"


def content(letter: Letter) -> dict[str, Any]:
    """Return what stands on a letter's paper; a draft shows where number, date and deadline will be. Pure."""
    body = letter.body if letter.number else with_deadline(letter.body, None, instead=BLANK_DAY)
    return {
        "issuer": letter.issuer_name,
        "number": letter.number_text or "",
        "title": letter.title,
        "addressee": letter.addressee,
        "copy_to": letter.copy_to,
        "paragraphs": _lines(body),
        "annexes": _lines(letter.annexes),
        "date": in_words(letter.issued_on) if letter.issued_on else BLANK_DAY,
        "void": letter.voided_at is not None,
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
