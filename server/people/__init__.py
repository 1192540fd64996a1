"""People: who you are, what you may do, and how you are let in."""

from server.people.duties import MAY, Act, HeldDuty, NotAllowed, Reach, acting_role, may
from server.people.enrolling import add_organisation, add_person, give_console_login, give_duty
from server.people.joining import accept, invite
from server.people.sessions import NotSignedIn, Visitor, admit, open_session, revoke, revoke_all, visitor_as
from server.people.signing_in import by_password, by_wechat

__all__ = [
    "MAY",
    "Act",
    "HeldDuty",
    "NotAllowed",
    "NotSignedIn",
    "Reach",
    "Visitor",
    "accept",
    "acting_role",
    "add_organisation",
    "add_person",
    "admit",
    "by_password",
    "by_wechat",
    "give_console_login",
    "give_duty",
    "invite",
    "may",
    "open_session",
    "revoke",
    "revoke_all",
    "visitor_as",
]
