"""The plans of the hottest readings at 100,000 items: each uses its index, and none reads the whole ledger."""

import hashlib
import re
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from models import Photo
from models.config import PLANNING
from models.vocabulary import LedgerState, Light, Role
from server import ledger
from server.commands.migrate import migrate
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.ledger import LedgerView, placing
from tests.factories import registered_item
from tests.statements import Statements

ITEMS = 100_000
# Units, tasks and people are only numbers here: no trigger looks for them.
FILL = """
ALTER TABLE ledger_item DISABLE TRIGGER ALL;
ALTER TABLE photo DISABLE TRIGGER ALL;
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT conrelid::regclass AS place, conname FROM pg_constraint WHERE contype = 'c'
    AND conrelid IN ('ledger_item'::regclass, 'photo'::regclass)
  LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.place, one.conname); END LOOP;
END $$;
INSERT INTO ledger_item (id, organisation_id, series, year, number, number_text, round, state, kind, title, summary,
  place_name, search_text, task_id, lead_unit_id, due_on, percent, dispatched_at, closed_at, commissioner_id,
  registered_at, registered_by_id, version)
SELECT gen_random_uuid(), md5('office')::uuid, '改', 2020 + n % 7, n, n::text, 1,
  (ARRAY['registered','dispatched','in_progress','closing','closed','closed','closed','closed'])[1 + n % 8], 'problem',
  '第' || n || '件', repeat('核实属实。', 20), '北京路', '第' || n || '件|' || n || '|北京路',
  md5('task' || n % 60)::uuid, md5('unit' || n % 40)::uuid, current_date + n % 200 - 100, n % 100,
  now() - n % 90 * interval '1 day', CASE WHEN n % 8 > 3 THEN now() - n % 80 * interval '1 day' END,
  md5('person' || n % 50)::uuid, now() - n * interval '1 minute', md5('clerk')::uuid, 1
FROM generate_series(1, {items}) n;
INSERT INTO photo (id, sha256, bytes, kind, key, state, refused_because, received_at, fingerprint)
SELECT gen_random_uuid(), n::text, 1, 'JPEG', n::text, 'shown', '', now(), left(md5(n::text), 16)
FROM generate_series(1, 20000) n;
"""


@pytest.fixture(scope="module")
async def hundred_thousand(postgres):
    """A connection, planning as ours do, to a database with 100,000 items that no other test sees."""
    url = await postgres.new_database(template=await postgres.template(migrate))
    line = await asyncpg.connect(url, server_settings=PLANNING)
    await line.execute(FILL.replace("{items}", str(ITEMS)))
    await line.execute("VACUUM ANALYZE ledger_item")
    await line.execute("ANALYZE photo")
    yield line
    await line.close()
    await postgres.drop(url)


@pytest.fixture
async def reading(office):
    """Everything that the readings below need: who reads, today, the calendar, and an item to continue after."""
    chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    zhuan = await office.actor(await office.enrol("专员", Role.COMMISSIONER, organisation=office.bureau))
    unit = await office.actor(
        await office.enrol("联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    )
    item = await registered_item(office, by=chen)
    return Reading(chen, zhuan, unit, item, business_date(office.watch.now()), await calendar())


class Reading:
    """The readings, each by the name of what it shows."""

    def __init__(self, chen, zhuan, unit, item, today, known):
        self.chen, self.zhuan, self.unit, self.item, self.today, self.known = (
            chen,
            zhuan,
            unit,
            item,
            today,
            known,
        )

    async def listed(self, by=None, **view):
        by, asked = by or self.chen, LedgerView(**view)
        also = await ledger.narrowed(asked, actor=by, today=self.today, calendar=self.known)
        await ledger.page_of(by, asked, also=also)

    async def counted(self, by=None, **view):
        await ledger.counts_of(by or self.chen, [LedgerView(**view)], today=self.today, calendar=self.known)


NEWEST = "idx_ledger_item_registe"
READINGS = {
    "the list": (NEWEST, lambda r: r.listed()),
    "the list further down": (NEWEST, lambda r: r.listed(cursor=str(r.item.id))),
    "the list of a state": ("idx_ledger_item_state", lambda r: r.listed(state=LedgerState.CLOSING)),
    "the list of a year": ("ledger_item_year", lambda r: r.listed(year=2021)),
    "the list of a unit": (
        "idx_ledger_item_lead_un|registe",
        lambda r: r.listed(lead_unit_id=a_uuid("unit1")),
    ),
    "the list of a day": (
        "idx_ledger_item_(registe|state)",
        lambda r: r.counted(registered_on=r.today - timedelta(9)),
    ),
    "a search": ("ledger_item_search_text", lambda r: r.counted(q="第77777件")),
    "red items": ("ledger_item_running_due", lambda r: r.counted(light=Light.RED)),
    "blue items": ("ledger_item_running_due", lambda r: r.counted(light=Light.BLUE)),
    "yellow items": ("ledger_item_running_due", lambda r: r.counted(light=Light.YELLOW)),
    "items without a deadline": ("ledger_item_running_due", lambda r: r.counted(light=Light.GREY)),
    "items closed late": ("ledger_item_kept", lambda r: r.counted(kept="late")),
    "items closed in time": ("ledger_item_kept", lambda r: r.counted(kept="in_time")),
    "a commissioner's items": ("ledger_item_commissioner", lambda r: r.counted(by=r.zhuan)),
    "a commissioner's work": (
        "(using|Bitmap Index Scan on) \\w*ledger_item_",
        lambda r: ledger.first_work(r.zhuan, limit=6),
    ),
    "the cockpit": ("ledger_item_year", lambda r: ledger.summary(r.chen, year=2021, today=r.today)),
    "the years": ("ledger_item_year", lambda r: ledger.years(r.chen)),
    "the units that lead": ("idx_ledger_item_lead_un", lambda r: ledger.lead_units(r.chen)),
    "an item by its number": ("ledger_item_number_text", lambda r: ledger.item_numbered(r.chen, "77777")),
    "a photo by its likeness": ("photo_fingerprint", lambda r: Photo.filter(fingerprint="0" * 16).first()),
}


def a_uuid(word):
    return UUID(hashlib.md5(word.encode()).hexdigest())


@pytest.mark.parametrize("name", READINGS)
async def test_a_reading_uses_its_index(hundred_thousand, reading, name):
    index, read = READINGS[name]
    with Statements(mine=True) as sent:
        await read(reading)
    asked = [one for one in sent if re.search(r'FROM "?(ledger_item|photo|\()', one.sql)]
    assert asked
    plans = [await hundred_thousand.fetch(f"EXPLAIN {one.sql}", *one.values) for one in asked]
    told = ["\n".join(row["QUERY PLAN"] for row in plan) for plan in plans]
    assert not [plan for plan in told if "Seq Scan on ledger_item" in plan or "Seq Scan on photo" in plan], (
        told
    )
    assert re.search(index, "\n".join(told)), told


async def test_the_box_around_a_map_is_found_once_and_not_for_each_item(hundred_thousand, reading):
    corners = placing.inside(
        -90, -180, 90, 180
    )  # which the planner takes for rows so few that it may begin with them
    with Statements(mine=True) as sent:
        await placing.spots_of(ledger.wanted(reading.chen, LedgerView()).filter(corners))
    (asked,) = [one for one in sent if "cell_up" in one.sql]
    plan = await hundred_thousand.fetch(f"EXPLAIN {asked.sql}", *asked.values)
    assert any("CTE box" in row[0] for row in plan)
