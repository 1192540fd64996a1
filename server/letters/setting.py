"""Typesetting a letter in the letter form of GB/T 9704."""

from pathlib import Path

import msgspec

from models import Letter
from server.gateways.typesetting import typeset
from server.tools import Tools

DOCUMENT = (Path(__file__).parent / "letter.typ").read_text("utf-8")


async def set_letter(letter: Letter, *, tools: Tools) -> bytes:
    """Return the letter as PDF/A, in the words it was issued with; raises TypesettingFailed."""
    day = letter.issued_on
    data = {
        "issuer": letter.issuer_name,
        "number": letter.number_text,
        "title": letter.title,
        "addressee": letter.addressee,
        "paragraphs": [line.strip() for line in letter.body.splitlines() if line.strip()],
        "date": f"{day.year}年{day.month}月{day.day}日",
    }
    return await typeset(DOCUMENT, data=msgspec.json.encode(data), pictures={}, fonts=tools.settings.font_dir)
