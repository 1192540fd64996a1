"""Deciding on a content that WeChat did not pass: an office member other than its author shows or hides it."""

from datetime import datetime
from uuid import UUID

from models import ContentCheck, Observation
from models.vocabulary import ContentDecision
from server import journal, observations, reporters
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.moderation.contents import is_wanted, name_of
from server.moderation.refusals import ContentChecked, ContentReplaced, HidingNeedsWords, OwnContent
from server.people import Actor


@unit_of_work
async def decide(
    check_id: UUID, *, version: int, decision: ContentDecision, by: Actor, now: datetime, words: str = ""
) -> ContentCheck:
    """Show a content to others or hide it, whatever WeChat says; a later decision replaces it.

    `version` is the one the reviewer saw, `words` say why. Raises NoSuchThing for what the actor may not
    review, OwnContent, ContentReplaced, ContentChecked, and HidingNeedsWords for hiding without a word.
    """
    check = await ContentCheck.select_for_update().get_or_none(id=check_id)
    if check is None:
        raise NoSuchThing
    await observations.observation_reviewed_by(by, check.subject_id)
    observation = await Observation.select_for_update().get(id=check.subject_id)
    if await reporters.sent_by(by.person.id, observation.id):
        raise OwnContent
    if not await is_wanted(check, observation):
        raise ContentReplaced
    if check.version != version:
        raise ContentChecked
    if decision is ContentDecision.HIDDEN and not words.strip():
        raise HidingNeedsWords
    check.decision, check.decided_by_id, check.decided_at = decision, by.person.id, now
    check.decision_words = words.strip()
    check.due_at = None  # no need to wait for WeChat any more
    check.version += 1
    await check.save()
    said = {"content": await name_of(check), "words": check.decision_words}
    await journal.record(f"content.{decision.value}", observation, by=by.person, **said)
    return check
