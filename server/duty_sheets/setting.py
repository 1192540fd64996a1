"""A duty sheet on paper: as PDF/A, and as a Word document to write the annual report from."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import structlog

from server.duty_sheets.figures import DutySheet
from server.gateways.typesetting import TypesettingFailed, typeset
from server.gateways.word_documents import fill_document
from server.kernel.refusal import Refusal
from server.tools import Tools

HERE = Path(__file__).parent
DOCUMENT = (HERE / "duty_sheet.typ").read_text("utf-8")
EDITABLE = HERE / "duty_sheet.docx"
log = structlog.get_logger(__name__)
_at_once = asyncio.Semaphore(2)


class SheetFailed(Refusal):
    """The PDF could not be made."""

    status = 503
    message_zh = "履职清单的PDF没有生成。"
    hint_zh = "请稍后再试，或者先下载Word版；一直不行请告诉管理员。"
    retry = "later"


async def set_pdf(sheet: DutySheet, *, tools: Tools) -> bytes:
    """Return the sheet as PDF/A; raises SheetFailed."""
    data = msgspec.json.encode(content(sheet))
    try:
        async with _at_once:
            return await typeset(DOCUMENT, data=data, pictures={}, fonts=tools.settings.font_dir)
    except TypesettingFailed as error:
        log.error("typesetting_failed", said=str(error))
        raise SheetFailed from error


async def set_word(sheet: DutySheet) -> bytes:
    """Return the sheet as a Word document."""
    return await asyncio.to_thread(fill_document, EDITABLE, content(sheet))


def content(sheet: DutySheet) -> dict[str, Any]:
    """Return what stands on the paper. Pure."""
    return {
        "title": f"{sheet.official.designation}{sheet.year}年履职清单",
        "until": f"截至{sheet.until.year}年{sheet.until.month}月{sheet.until.day}日",
        "parts": [
            {
                "title": part.title,
                "figures": [{"label": one.label, "count": one.count} for one in part.figures],
            }
            for part in sheet.parts
        ],
        "tasks": sheet.task_names,
    }
