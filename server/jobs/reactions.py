"""What follows from each deed: one table from journal entries to verbs.

Every verb here is safe to repeat, because a worker may die between doing and noting that it is done.
"""

from collections.abc import Awaitable, Callable

from models import JournalEntry, LedgerItem, Observation, Photo
from server import exports, ledger, ledger_sheets, moderation
from server.jobs.renditions import render_after
from server.notifications import inbox, wechat_messages
from server.packs import ways_of
from server.tools import Tools

Reaction = Callable[[JournalEntry, Tools], Awaitable[None]]


async def tell_reporter(entry: JournalEntry, _: Tools) -> None:
    """The reporter reads what happened to his report."""
    await inbox.tell_reporter(entry)


async def tell_owner(entry: JournalEntry, _: Tools) -> None:
    """Whoever sent a photo reads that it can't be opened."""
    await inbox.tell_owner_of_photo(entry)


async def tell_reporters(entry: JournalEntry, _: Tools) -> None:
    """Everybody who reported a matter reads what became of it."""
    await inbox.tell_reporters_of_item(entry)


async def tell_commissioner(entry: JournalEntry, _: Tools) -> None:
    """Who answers for an item reads what is wanted of him."""
    await inbox.tell_commissioner(entry)


async def take_back(entry: JournalEntry, _: Tools) -> None:
    """Who no longer answers for an item reads so, instead of a message that leads nowhere."""
    await wechat_messages.drop(await inbox.take_back(entry))


async def tell_unit(entry: JournalEntry, _: Tools) -> None:
    """The unit reads that a case has come."""
    await inbox.tell_case_unit(entry)


async def tell_opener(entry: JournalEntry, _: Tools) -> None:
    """Who wrote a case reads that the unit has answered."""
    await inbox.tell_case_opener(entry)


async def tell_who_escalated(entry: JournalEntry, _: Tools) -> None:
    """Who put a problem before the commission reads what it decided."""
    await inbox.tell_who_escalated(entry)


async def ask_reporters(entry: JournalEntry, tools: Tools) -> None:
    """After close-out everybody who reported the matter is asked whether it is solved."""
    item = await LedgerItem.get(id=entry.subject_id)
    for observation in await Observation.filter(ledger_item_id=item.id):
        await ledger.ask_recheck(item, observation_id=observation.id, now=tools.clock.now())


async def tell_members(entry: JournalEntry, _: Tools) -> None:
    """Who is sent on a mission, or need not go any more, reads it."""
    await inbox.tell_members(entry)


async def tell_planner(entry: JournalEntry, _: Tools) -> None:
    """Who planned a mission reads that it is finished."""
    await inbox.tell_planner(entry)


async def recompute_deadlines(_: JournalEntry, __: Tools) -> None:
    """A new notice moves the open deadlines it touches."""
    await ledger.recompute_deadlines()


async def make_export(entry: JournalEntry, tools: Tools) -> None:
    """The file that somebody asked for is made."""
    await exports.make(entry.subject_id, tools=tools)


async def bring_into_ledger(entry: JournalEntry, tools: Tools) -> None:
    """The rows of a confirmed sheet are brought into the ledger."""
    await ledger_sheets.bring_in(entry.subject_id, tools=tools)


async def check_report(entry: JournalEntry, tools: Tools) -> None:
    """The words of a report are checked while its reporter is still there (REV-01)."""
    observation = await Observation.get_or_none(id=entry.subject_id)
    if observation:
        await moderation.check_report(observation, tools=tools)


async def check_photo(entry: JournalEntry, tools: Tools) -> None:
    """A photo of a report that can be shown is checked (REV-01)."""
    await moderation.check_photo(await Photo.get(id=entry.subject_id), tools=tools)


async def tell_successor(entry: JournalEntry, _: Tools) -> None:
    """Who takes work over reads what it is."""
    await inbox.tell_successor(entry)


REACTIONS: dict[str, list[Reaction]] = {
    "person.work_handed_over": [tell_successor],
    "observation.submitted": [tell_reporter, check_report],
    "observation.amended": [check_report],
    "observation.more_asked": [tell_reporter],
    "observation.office_wrote": [tell_reporter],
    "observation.acceptance_undone": [tell_reporter],
    "observation.registered": [tell_reporter],
    "observation.declined": [tell_reporter],
    "ledger_item.dispatched": [tell_commissioner, tell_reporters],
    "ledger_item.recalled": [take_back],
    "ledger_item.transferred": [take_back, tell_commissioner],
    "ledger_item.close_out_refused": [tell_commissioner],
    "ledger_item.reminded": [tell_commissioner],
    "ledger_item.due_postponed": [tell_commissioner],
    "ledger_item.extension_granted": [tell_commissioner],
    "ledger_item.extension_refused": [tell_commissioner],
    "ledger_item.retained": [tell_commissioner],
    "ledger_item.retention_refused": [tell_commissioner],
    "ledger_item.closed": [tell_commissioner, ask_reporters, tell_reporters],
    "export.asked": [make_export],
    "ledger_import.confirmed": [bring_into_ledger],
    "calendar_notice.loaded": [recompute_deadlines],
    "ledger_item.due_recomputed": [tell_commissioner],
    "ledger_item.re_registered": [take_back, tell_reporters],
    "case.released": [tell_unit],
    "case.answered": [tell_opener],
    "problem.decided": [tell_who_escalated],
    "mission.dispatched": [tell_members],
    "mission.cancelled": [tell_members],
    "mission.finished": [tell_planner],
    "photo.refused": [tell_owner],
    "photo.shown": [check_photo],
}

# Deeds that concern nobody beyond those who did them; a test asks for every deed to stand here, above, or among
# those whose photos are rendered.
WITHOUT_REACTION = {
    "photo.forgotten",
    "case.picture_made",
    "annual_task_list.published",
    "case.answer_forwarded",
    "case.withdrawn",
    "escrow.destroyed",
    "escrow.handed_on",
    "escrow.holder_agreed",
    "escrow.opened",
    "escrow.opening_asked",
    "export.downloaded",
    "content.held",
    "content.hidden",
    "content.passed",
    "keyset.drill_answered",
    "keyset.drill_began",
    "keyset.drill_failed",
    "keyset.set_up",
    "ledger_import.done",
    "ledger_item.acknowledged",
    "ledger_item.amended",
    "ledger_item.extension_asked",
    "ledger_item.retention_asked",
    "ledger_item.letter_issued",
    "ledger_item.merged",
    "ledger_item.recheck_solved",
    "ledger_item.recheck_unsolved",
    "ledger_item.registered",
    "ledger_item.resumed",
    "ledger_item.returned",
    "ledger_item.split",
    "ledger_item.taken_over",
    "ledger_item.voided",
    "observation.answered",
    "observation.completed",
    "observation.decline_proposed",
    "observation.handed_over",
    "observation.withdrawn",
    "organisation.added",
    "organisation.closed",
    "organisation.moved",
    "organisation.renamed",
    "ledger_item.commission_decided",
    "checklist_answer.dismissed",
    "mission.accepted",
    "mission.planned",
    "site_visit.cancelled",
    "site_visit.changed",
    "site_visit.check_in_rejected",
    "site_visit.check_ins_confirmed",
    "site_visit.checked_in",
    "site_visit.checked_in_by_hand",
    "site_visit.copied",
    "site_visit.observer_invited",
    "site_visit.observer_uninvited",
    "site_visit.observers_imported",
    "site_visit.planned",
    "site_visit.published",
    "site_visit.rules_changed",
    "site_visit.screen_opened",
    "site_visit.screen_revoked",
    "site_visit.stop_added",
    "site_visit.stop_changed",
    "site_visit.stops_ordered",
    "score_round.asked",
    "score_round.confirmed",
    "score_round.excluded",
    "score_round.judge_assigned",
    "score_round.judge_excused",
    "score_round.locked",
    "score_round.opened",
    "score_round.published",
    "score_round.recused",
    "score_round.rules_changed",
    "score_round.sealed",
    "score_round.signal_decided",
    "team_member.certificate_revoked",
    "team_member.certified",
    "team_member.enlisted",
    "team_member.trained",
    "problem.collected",
    "problem.escalated",
    "problem.followed_up",
    "problem.merged",
    "problem.put_on_ledger",
    "problem.settled",
    "problem.triaged",
    "reason.added",
    "reason.changed",
    "reason.restored",
    "reason.retired",
    "template.changed",
    "template.restored",
    "person.accepted_invitation",
    "person.browser_introduced",
    "person.console_login_given",
    "person.duty_ended",
    "person.duty_given",
    "person.enrolled",
    "person.invited",
    "person.locked",
    "person.password_changed",
    "person.account_untied",
    "person.sessions_ended",
    "person.signed_in",
}


async def subscribe_message(entry: JournalEntry, tools: Tools) -> None:
    """What the inbox has just been told goes through WeChat to those who allowed it."""
    settings = tools.settings
    quiet = ways_of(settings.city_pack).quiet_hours
    await wechat_messages.plan(entry, templates=settings.wechat_templates, quiet=quiet, now=tools.clock.now())
    await wechat_messages.send_due(tools=tools)


async def react(entry_id: int, *, tools: Tools) -> None:
    """Do what follows from one journal entry."""
    entry = await JournalEntry.get(id=entry_id)
    await render_after(entry)
    for reaction in REACTIONS.get(entry.event, []):
        await reaction(entry, tools)
    if any(event == entry.event for event, _ in wechat_messages.PURPOSES):
        await subscribe_message(entry, tools)
