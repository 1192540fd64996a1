"""Telling the person who put a problem before the commission what it decided."""

from models import AgendaEntry, InboxMessage, JournalEntry
from server.notifications.inbox.wording import TO_ASKER


async def tell_who_escalated(entry: JournalEntry) -> None:
    """Tell the person who put a problem before the commission what it decided; safe to repeat."""
    asked = AgendaEntry.filter(problem_id=entry.subject_id).order_by("-asked_at").select_related("problem")
    last = await asked.first()
    if last is None:
        return
    title, body = TO_ASKER[entry.event]
    detail = {"due": "", **entry.detail, "bank_number": last.problem.number_text}
    detail["decision"] = detail["decision"].rstrip("。") + "。"
    message = InboxMessage(
        person_id=last.asked_by_id,
        entry_id=entry.id,
        title=title,
        body=body.format_map(detail)[:300],
        subject_kind="problem",
        subject_id=last.problem_id,
        created_at=entry.at,
    )
    await InboxMessage.bulk_create([message], ignore_conflicts=True)
