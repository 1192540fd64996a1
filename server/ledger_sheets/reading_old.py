"""Reading a line without a number as an item of an older ledger. Pure."""

import json
from datetime import date
from hashlib import sha256
from uuid import UUID

from models.vocabulary import ObservationKind
from server.ledger import NewItem, OldItem
from server.ledger_sheets.columns import DUE, HEADERS, OLD_NUMBER, REGISTERED, REMARK, TASK, UNIT
from server.ledger_sheets.reading_cells import Names, Reader, written
from server.ledger_sheets.reading_state import Over, is_over
from server.ledger_sheets.sheet_rows import SheetRow, TakeOver
from server.sheets.problems import Problem, Skipped
from server.sheets.reading_cells import as_text, plain
from server.tasks import FieldChange

TAKEN = ("title", "kind", "summary", "place_name", TASK, UNIT, DUE, REGISTERED, OLD_NUMBER)
NOT_TAKEN_SILENTLY = (*TAKEN, "state", REMARK)
FIRST_YEAR = 2000


def read_old(line: SheetRow, *, names: Names, office_id: UUID) -> tuple[TakeOver | None, list[Problem]]:
    """Return the item to take over, or None, and the problems of the line."""
    reader = Reader(line=line, names=names)
    registered_on = _registered_on(reader)
    old_number = reader.text(OLD_NUMBER)
    _check_state(reader)
    new = NewItem(
        title=reader.title(),
        kind=reader.kind(usual=ObservationKind.PROBLEM),
        summary=reader.text("summary"),
        place_name=reader.text("place_name"),
        task_id=reader.task_id(),
        lead_unit_id=reader.unit_id(),
    )
    year = registered_on.year if registered_on else names.today.year
    due_on = reader.day(DUE, year=year, example=f"{year}-12-31")
    if reader.problems or registered_on is None:
        return None, reader.problems
    old = OldItem(
        new=new,
        registered_on=registered_on,
        due_on=due_on,
        old_number=old_number,
        digest=_digest(new, registered_on, old_number=old_number, office_id=office_id),
    )
    return TakeOver(row=line.row, title=new.title, fields=_shown(line, old), old=old), []


def left_out(line: SheetRow) -> Skipped | None:
    """Return the filled-in columns of an older ledger that are not taken over."""
    filled = [
        HEADERS[key] for key, cell in line.cells.items() if key not in NOT_TAKEN_SILENTLY and as_text(cell)
    ]
    return Skipped(row=line.row, text="、".join(filled), why="旧台账的这几列不接入") if filled else None


def _registered_on(reader: Reader) -> date | None:
    today = reader.names.today
    day = reader.day(REGISTERED, year=today.year, example="2024-03-15")
    if day is None and not as_text(reader.line.cells.get(REGISTERED)):
        advice = "请补上旧台账上的登记日期；本系统已有的事项，请写上它的编号。"
        reader.wrong(REGISTERED, "没有填写。", advice=advice)
    if day and not (day.year >= FIRST_YEAR and day <= today):
        reader.wrong(REGISTERED, f"{day}晚于今天或者太早。", advice="请核对旧台账上的日期。")
    return day


def _check_state(reader: Reader) -> None:
    text = as_text(reader.line.cells.get("state"))
    match is_over(text):
        case Over.YES:
            advice = "已经办结的留在旧台账里，请删去这一行。"
            reader.wrong("state", f"旧台账里已是“{text[:30]}”，不接入。", advice=advice)
        case Over.UNCLEAR:
            advice = "已经办结的，请删去这一行；还在办的，请把这一格改成“办理中”。"
            reader.wrong("state", f"从“{text[:30]}”看不出办结了没有。", advice=advice)


def _digest(new: NewItem, registered_on: date, *, old_number: str, office_id: UUID) -> str:
    """Return the same digest for the same line: by its old number, or else by everything it says."""
    said = [new.title, new.summary, new.place_name, str(new.lead_unit_id), registered_on.isoformat()]
    words = ["number", plain(old_number)] if old_number else ["words", *map(plain, said)]
    return sha256(json.dumps([str(office_id), *words], ensure_ascii=False).encode()).hexdigest()


def _shown(line: SheetRow, old: OldItem) -> list[FieldChange]:
    told = {key: written(line.cells.get(key)) for key in TAKEN if key != "title"}
    told |= {REGISTERED: str(old.registered_on), DUE: str(old.due_on or "")}
    return [FieldChange(column=HEADERS[key], old="", new=words) for key, words in told.items() if words]
