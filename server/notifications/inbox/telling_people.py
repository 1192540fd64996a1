"""Telling successors whose work they take over."""

from models import InboxMessage, JournalEntry, Person


async def tell_successor(entry: JournalEntry) -> None:
    """Tell a successor whose work they take over and what it is; safe to repeat."""
    former, to = await Person.get_or_none(id=entry.subject_id), entry.detail["to"]
    if former is None or to is None or not entry.detail["moved"]:
        return
    items, codes = entry.detail["items"], entry.detail["tasks"]
    what = (
        [f"{len(items)}件台账事项（{'、'.join(items[:5])}{'等' if len(items) > 5 else ''}）"] if items else []
    )
    what += (
        [f"{len(codes)}项改革任务（{'、'.join(codes[:5])}{'等' if len(codes) > 5 else ''}）"] if codes else []
    )
    message = InboxMessage(
        person_id=to,
        entry_id=entry.id,
        title="您接手了新的工作",
        body=f"{former.designation}把{'和'.join(what)}交接给您，期限不变，请到台账查看。",
        subject_kind="person",
        subject_id=former.id,
        created_at=entry.at,
    )
    await InboxMessage.bulk_create([message], ignore_conflicts=True)
