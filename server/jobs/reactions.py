"""Reactions to events: one table from journal entries to actions.

Every action here is safe to repeat, because a worker may die between doing it and recording that it is done.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

from models import JournalEntry, LedgerItem, Letter, Observation, Photo
from server import exports, ledger, ledger_sheets, letters, moderation, policies
from server.jobs.renditions import render_after
from server.kernel.clock import business_date
from server.letters.refusals import PaperFailed
from server.notifications import inbox, wechat_messages
from server.tools import Tools

Reaction = Callable[[JournalEntry, Tools], Awaitable[None]]


async def tell_reporter(entry: JournalEntry, _: Tools) -> None:
    """Tell the reporter what happened to their report."""
    await inbox.tell_reporter(entry)


async def tell_owner(entry: JournalEntry, _: Tools) -> None:
    """Tell the sender of a photo that it can't be opened."""
    await inbox.tell_owner_of_photo(entry)


async def tell_reporters(entry: JournalEntry, _: Tools) -> None:
    """Tell everybody who reported a matter what became of it."""
    await inbox.tell_reporters_of_item(entry)


async def tell_commissioner(entry: JournalEntry, _: Tools) -> None:
    """Tell the commissioner of an item what is expected of them."""
    await inbox.tell_commissioner(entry)


async def take_back(entry: JournalEntry, _: Tools) -> None:
    """Tell people who no longer answer for an item, and drop messages that would lead nowhere."""
    await wechat_messages.drop(await inbox.take_back(entry))


async def tell_unit(entry: JournalEntry, _: Tools) -> None:
    """Tell the unit that a case has arrived."""
    await inbox.tell_case_unit(entry)


async def tell_opener(entry: JournalEntry, _: Tools) -> None:
    """Tell the author of a case that the unit has answered."""
    await inbox.tell_case_opener(entry)


async def tell_who_escalated(entry: JournalEntry, _: Tools) -> None:
    """Tell the person who escalated a problem what the commission decided."""
    await inbox.tell_who_escalated(entry)


async def ask_reporters(entry: JournalEntry, tools: Tools) -> None:
    """Ask everybody who reported the matter, after close-out, whether it is solved."""
    item = await LedgerItem.get(id=entry.subject_id)
    for observation in await Observation.filter(ledger_item_id=item.id):
        await ledger.ask_recheck(item, observation_id=observation.id, now=tools.clock.now())


async def tell_members(entry: JournalEntry, _: Tools) -> None:
    """Tell members that they are sent on a mission or no longer need to go."""
    await inbox.tell_members(entry)


async def tell_observers(entry: JournalEntry, _: Tools) -> None:
    """Tell the observers of a visit what it expects of them, and what came of it."""
    await inbox.tell_observers(entry)


async def tell_result(entry: JournalEntry, _: Tools) -> None:
    """Tell observers and scored units of a visit's published or corrected result."""
    await inbox.tell_result(entry)


async def tell_observer(entry: JournalEntry, _: Tools) -> None:
    """Tell an observer who is invited late."""
    await inbox.tell_observer(entry)


async def tell_planner(entry: JournalEntry, _: Tools) -> None:
    """Tell the planner of a mission that it is finished."""
    await inbox.tell_planner(entry)


async def tell_addressee(entry: JournalEntry, tools: Tools) -> None:
    """Tell those to whom a letter is addressed that it is here, that its reply was decided on, or that it is void."""
    await inbox.tell_addressee(entry, today=business_date(tools.clock.now()))


async def deliver_letter(entry: JournalEntry, tools: Tools) -> None:
    """Tell the addressees of a signed letter, by one channel after another until somebody looks."""
    letter_id = UUID(entry.detail["letter_id"])
    await letters.remind_of_arrival(letter_id, city_pack=tools.settings.city_pack, now=tools.clock.now())


async def set_paper(entry: JournalEntry, tools: Tools) -> None:
    """Set a signed letter on paper, so that its first reader does not wait; one that fails is tried when it is read."""
    letter = await Letter.get(id=entry.detail["letter_id"])
    with suppress(PaperFailed):
        await letters.paper_of(letter, tools=tools)


async def tell_letter_people(entry: JournalEntry, tools: Tools) -> None:
    """Tell the office's people about a letter: signers what to sign, drafters what came back."""
    kinds, today = letters.kinds_of(tools.settings.city_pack), business_date(tools.clock.now())
    await inbox.tell_letter_people(entry, kinds=kinds, today=today)


async def recompute_deadlines(_: JournalEntry, __: Tools) -> None:
    """Move the open deadlines that a new notice affects."""
    await ledger.recompute_deadlines()


async def make_export(entry: JournalEntry, tools: Tools) -> None:
    """Make the file that somebody asked for."""
    await exports.make(entry.subject_id, tools=tools)


async def bring_into_ledger(entry: JournalEntry, tools: Tools) -> None:
    """Import the rows of a confirmed sheet into the ledger."""
    await ledger_sheets.bring_in(entry.subject_id, tools=tools)


async def check_report(entry: JournalEntry, tools: Tools) -> None:
    """Check the text of a report while its reporter is still there (REV-01)."""
    observation = await Observation.get_or_none(id=entry.subject_id)
    if observation:
        await moderation.check_report(observation, tools=tools)


async def check_photo(entry: JournalEntry, tools: Tools) -> None:
    """Check a report's photo that can be shown (REV-01)."""
    await moderation.check_photo(await Photo.get(id=entry.subject_id), tools=tools)


async def tell_successor(entry: JournalEntry, _: Tools) -> None:
    """Tell a successor which work they take over."""
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
    "ledger_item.merged": [take_back],
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
    "letter.submitted": [tell_letter_people],
    "letter.sent_back": [tell_letter_people],
    "ledger_item.letter_issued": [deliver_letter, set_paper],
    "ledger_item.letter_voided": [tell_addressee],
    "ledger_item.letter_accepted": [tell_addressee],
    "ledger_item.letter_reply_returned": [tell_addressee],
    "ledger_item.letter_acknowledged": [],
    "ledger_item.letter_replied": [tell_letter_people],
    "case.released": [tell_unit],
    "case.answered": [tell_opener],
    "problem.decided": [tell_who_escalated],
    "mission.dispatched": [tell_members],
    "mission.cancelled": [tell_members],
    "mission.finished": [tell_planner],
    "score_round.confirmed": [tell_result],
    "score_round.published": [tell_result],
    "site_visit.observer_invited": [tell_observer],
    "site_visit.published": [tell_observers],
    "photo.refused": [tell_owner],
    "photo.shown": [check_photo],
}

# Events that concern nobody but their actors. A test requires every event to be listed here, above, or among
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
    "letter.drafted",
    "letter.given_up",
    "letter.reworded",
    "ledger_item.linked",
    "ledger_item.recheck_solved",
    "ledger_item.recheck_unsolved",
    "ledger_item.registered",
    "ledger_item.resumed",
    "ledger_item.returned",
    "ledger_item.split",
    "ledger_item.taken_over",
    "ledger_item.void_asked",
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
    "site_visit.board_moved",
    "site_visit.board_opened",
    "site_visit.board_revoked",
    "site_visit.cancelled",
    "site_visit.changed",
    "site_visit.check_in_rejected",
    "site_visit.check_ins_confirmed",
    "site_visit.checked_in",
    "site_visit.checked_in_by_hand",
    "site_visit.copied",
    "site_visit.observer_uninvited",
    "site_visit.planned",
    "site_visit.rules_changed",
    "site_visit.screen_opened",
    "site_visit.screen_revoked",
    "site_visit.stop_added",
    "site_visit.stop_changed",
    "site_visit.stops_ordered",
    "score_round.asked",
    "score_round.excluded",
    "score_round.judge_assigned",
    "score_round.judge_excused",
    "score_round.locked",
    "score_round.opened",
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
    "policy.changed",
    "reason.added",
    "delivery.dealt_with",
    "cadence_rule.added",
    "cadence_rule.changed",
    "job_run.obligations_opened",
    "coordination_request.answered",
    "coordination_request.on_ledger",
    "file_line.added",
    "meeting.decision_added",
    "meeting.decision_on_ledger",
    "meeting.recorded",
    "meeting.voided",
    "media_item.entered",
    "month_report.handed_in",
    "month_report.sent",
    "topic_answer.given",
    "topic_call.called",
    "proof.handed_in",
    "proof.withdrawn",
    "reminder_rule.changed",
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
    "person.contacts_changed",
    "person.invited",
    "person.substitute_arranged",
    "person.substitute_ended",
    "person.locked",
    "person.password_changed",
    "person.account_untied",
    "person.sessions_ended",
    "person.signed_in",
}


async def subscribe_message(entry: JournalEntry, tools: Tools) -> None:
    """Send the new inbox messages through WeChat to those who allowed it."""
    settings = tools.settings
    quiet = (await policies.in_force()).quiet_hours
    await wechat_messages.plan(entry, templates=settings.wechat_templates, quiet=quiet, now=tools.clock.now())
    await wechat_messages.send_due(tools=tools)


async def react(entry_id: int, *, tools: Tools) -> None:
    """Do everything that follows from one journal entry."""
    entry = await JournalEntry.get(id=entry_id)
    await render_after(entry)
    for reaction in REACTIONS.get(entry.event, []):
        await reaction(entry, tools)
    if any(event == entry.event for event, _ in wechat_messages.PURPOSES):
        await subscribe_message(entry, tools)
