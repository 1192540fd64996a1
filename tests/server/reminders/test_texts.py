"""Every text that leaves the office fits WeChat's fields with the worst data, and names nothing that people wrote."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest

from models.vocabulary import Urgency
from server.fake_wechat.messages import FIELDS
from server.kernel.workdays import Calendar
from server.notifications.channels.messages import message_of
from server.notifications.wechat_messages.purposes import PURPOSES
from server.notifications.wechat_messages.wording import about_item, cut, data_of, digest_data
from server.packs import ReminderContent, ways_of
from server.reminders.subjects import USUAL, Matter
from server.reminders.wording import ReminderBlankNotKnown, check_words, worded

WRITTEN = "张三家门口"
WORST = Matter(
    subject_id=uuid4(),
    due_on=date(2026, 10, 31),
    number="中共银川市委全面深化改革委员会办公室督〔2026〕1234567号",
    title=WRITTEN + "\n\t" + "很长的事项名称" * 20,
    unit="兴庆区住房城乡建设和交通局综合执法大队",
)
NOW = datetime(2026, 10, 20, 8, 30, tzinfo=UTC)
TODAYS = [date(2026, 10, 20), date(2026, 10, 30), date(2026, 10, 31), date(2036, 11, 20)]
RULES = [*ways_of("yinchuan").reminders, USUAL]
ODD = ReminderContent(offsets=[0], to=USUAL.to, title="{事项}{单位}", body="{事项}" * 30)
FULL = ("thing1", "thing2", "time3")


def fits(data):
    """Check what the fake WeChat checks, as WeChat would."""
    for name, value in data.items():
        kind = re.sub(r"\d+$", "", name)
        assert re.fullmatch(FIELDS[kind], value), (name, value)


@pytest.mark.parametrize("today", TODAYS)
@pytest.mark.parametrize("content", [*RULES, ODD], ids=lambda one: getattr(one, "kind", "other"))
def test_a_reminder_fits_every_field_and_leaves_out_what_people_wrote(content, today):
    short, title, body = worded(content, WORST, today=today, calendar=Calendar())
    assert 0 < len(short) <= 20
    assert len(title) <= 40
    assert len(body) <= 300
    assert WRITTEN not in short
    assert WORST.unit not in short
    one = SimpleNamespace(
        short=short,
        number=WORST.number,
        urgency=Urgency.OVERDUE,
        offset=1,
        id=uuid4(),
        kind="x",
        subject_id=uuid4(),
    )
    for many in (1, 8, 999):
        message = message_of(SimpleNamespace(id=uuid4()), [one] * many)
        fits({"thing1": message.title, "thing2": message.about})


@pytest.mark.parametrize("purpose", PURPOSES.values(), ids=lambda one: one[1])
@pytest.mark.parametrize("many", [1, 2, 999])
def test_a_message_about_an_event_fits_every_field(purpose, many):
    item = SimpleNamespace(number_text=WORST.number)
    sent = SimpleNamespace(title=purpose[1], about=about_item(item), caused_at=NOW)
    fits(data_of([sent] * many, fields=FULL))
    fits(data_of([sent] * many, fields=("thing9", "thing8", "date2")))


def test_the_digest_fits_every_field():
    fits(digest_data(NOW, fields=FULL))


@pytest.mark.parametrize(("length", "kept"), [(19, 19), (20, 20), (21, 20)])
def test_what_is_too_long_ends_in_a_sign_that_something_is_missing(length, kept):
    words = cut("字" * length)
    assert len(words) == kept
    assert words.endswith("…") is (length > 20)


@pytest.mark.parametrize("text", ["{姓名}", "{编号", "编号}", "{{编号}}", "{}"])
def test_a_text_with_an_unknown_blank_is_refused(text):
    with pytest.raises(ReminderBlankNotKnown):
        check_words(ReminderContent(offsets=[0], to=USUAL.to, title="事项{时限}", body=text + "，请办理"))


def test_what_a_fact_says_is_never_read_as_a_blank():
    odd = Matter(
        subject_id=uuid4(), due_on=date(2026, 10, 31), number="{期限}", title="{单位}", unit="市住建局"
    )
    _, _, body = worded(USUAL, odd, today=date(2026, 10, 20), calendar=Calendar())
    assert body.startswith("{期限}“{单位}”")


def test_the_rules_of_the_pack_are_sound():
    for one in RULES:
        check_words(one)
