"""Introducing one more browser, so that a user whose attempts were used up by a guesser can sign in."""

from datetime import datetime
from urllib.parse import urlencode

from models import ConsoleLogin, Person
from server import journal
from server.gateways.sealing import KeyRing
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import browsers


class NoLogin(Refusal):
    """The person has no console login."""

    status = 409
    message_zh = "这位同志还没有办公台账号。"
    hint_zh = "请先在人员页面开通账号。"


@unit_of_work
async def introduce(person: Person, *, by: Person | None, keys: KeyRing, now: datetime) -> str:
    """Return the query of a sign-in URL that makes a browser known to this person for an hour; raises NoLogin.

    It grants no access: password and code are still required. `by` is None on the command line.
    """
    login = await ConsoleLogin.get_or_none(person_id=person.id)
    if login is None:
        raise NoLogin
    await journal.record("person.browser_introduced", person, by=by)
    word = browsers.introduction(login.username, keys=keys, now=now)
    return urlencode({"username": login.username, "introduction": word})
