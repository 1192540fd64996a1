"""A peer: the ledger's list as it is usually written, with FastAPI, SQLAlchemy's ORM and Pydantic."""

import hashlib
import os
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta, timezone
from typing import Annotated
from uuid import UUID

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, Query
from lights import LABELS, light
from pydantic import BaseModel
from sqlalchemy import DateTime, ForeignKey, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1)
sessions = async_sessionmaker(create_async_engine(url, pool_size=10), expire_on_commit=False)
SHANGHAI = timezone(timedelta(hours=8))
INSTANT = DateTime(timezone=True)


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    designation: Mapped[str]
    is_active: Mapped[bool]
    duties: Mapped[list["Duty"]] = relationship(back_populates="person")


class Duty(Base):
    __tablename__ = "duty"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    since_on: Mapped[date]
    until_on: Mapped[date | None]
    person: Mapped[Person] = relationship(back_populates="duties")


class SignIn(Base):
    __tablename__ = "session"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str]
    channel: Mapped[str]
    seen_at: Mapped[datetime] = mapped_column(INSTANT)
    ends_at: Mapped[datetime] = mapped_column(INSTANT)
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    person: Mapped[Person] = relationship()


class Organisation(Base):
    __tablename__ = "organisation"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    short_name: Mapped[str]


class ReformTask(Base):
    __tablename__ = "reform_task"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str]


class LedgerItem(Base):
    __tablename__ = "ledger_item"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number_text: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    state: Mapped[str]
    kind: Mapped[str]
    place_name: Mapped[str]
    lead_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("reform_task.id"))
    due_on: Mapped[date | None]
    due_words: Mapped[str]
    percent: Mapped[int]
    dispatched_at: Mapped[datetime | None] = mapped_column(INSTANT)
    closed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    registered_at: Mapped[datetime] = mapped_column(INSTANT)
    version: Mapped[int]
    lead_unit: Mapped[Organisation | None] = relationship()
    task: Mapped[ReformTask | None] = relationship()


class Line(BaseModel):
    id: UUID
    number: str
    title: str
    state: str
    state_label: str
    kind: str
    place_name: str
    lead_unit: str | None
    task_code: str | None
    due_on: date | None
    light: str
    light_words: str
    percent: int
    registered_at: datetime


class Page(BaseModel):
    items: list[Line]
    cursor: str | None
    total: int


app = FastAPI()


async def session() -> AsyncIterator[AsyncSession]:
    async with sessions() as one:
        yield one


Session = Annotated[AsyncSession, Depends(session)]


async def actor(line: Session, authorization: Annotated[str, Header()] = "") -> Person:
    now = datetime.now(SHANGHAI)
    digest = hashlib.sha256(authorization.removeprefix("Bearer ").encode()).hexdigest()
    asked = select(SignIn).where(
        SignIn.token_hash == digest, SignIn.channel == "phone", SignIn.revoked_at.is_(None)
    )
    asked = asked.options(joinedload(SignIn.person).selectinload(Person.duties))
    found = (await line.scalars(asked)).unique().one_or_none()
    if found is None or not found.person.is_active or now >= found.ends_at:
        raise HTTPException(401)
    today = now.date()
    duties = [
        one for one in found.person.duties if one.since_on <= today and (one.until_on or today) >= today
    ]
    if not {"office_staff", "office_lead", "auditor"} & {one.role for one in duties}:
        raise HTTPException(403)
    return found.person


@app.get("/api/v1/ledger-items")
async def listed(
    line: Session, _: Annotated[Person, Depends(actor)], limit: Annotated[int, Query(ge=1, le=200)] = 20
) -> Page:
    today = datetime.now(SHANGHAI).date()
    asked = select(LedgerItem).options(joinedload(LedgerItem.lead_unit), joinedload(LedgerItem.task))
    asked = asked.order_by(LedgerItem.registered_at.desc(), LedgerItem.id.desc()).limit(limit + 1)
    rows = (await line.scalars(asked)).all()
    total = await line.scalar(select(func.count()).select_from(LedgerItem))
    cursor = str(rows[limit - 1].id) if len(rows) > limit else None
    return Page(items=[told(one, today) for one in rows[:limit]], cursor=cursor, total=total or 0)


def told(item: LedgerItem, today: date) -> Line:
    started_on = item.dispatched_at.astimezone(SHANGHAI).date() if item.dispatched_at else None
    colour, words = light(item.state, item.due_on, started_on, item.percent, today)
    return Line(
        id=item.id,
        number=item.number_text,
        title=item.title,
        state=item.state,
        state_label=LABELS[item.state],
        kind=item.kind,
        place_name=item.place_name,
        lead_unit=item.lead_unit.short_name if item.lead_unit else None,
        task_code=item.task.code if item.task else None,
        due_on=item.due_on,
        light=colour,
        light_words=words,
        percent=item.percent,
        registered_at=item.registered_at,
    )


if __name__ == "__main__":
    port = int(os.environ["PORT"])
    uvicorn.run(app, port=port, access_log=False, log_level="warning", loop="uvloop", http="httptools")
