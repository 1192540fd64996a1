"""People: the roster, what each role may do, and signing in."""

from server.people.arranging import move_organisation, rename_organisation
from server.people.changing_password import change_password
from server.people.duties import GRANTS, HeldDuty, NotAllowed, Permission, Reach, acting_role, may
from server.people.ending_sessions import end_sessions
from server.people.enrolling import add_organisation, add_person, give_console_login, give_duty
from server.people.introducing import introduce
from server.people.joining import accept, invite
from server.people.reading import (
    RosterFilter,
    count_of_roster,
    designations_of,
    duties_in_words,
    login_of,
    on_roster,
    open_invitation_of,
    organisation,
    organisation_tree,
    people_of_unit,
    person_called,
    person_on_roster,
    roster,
    sessions_of,
    units_named,
)
from server.people.sessions import (
    Actor,
    NotSignedIn,
    actor_as,
    admit,
    hash_token,
    is_token,
    open_session,
    revoke,
    revoke_all,
    write_down_seen,
)
from server.people.signing_in import by_password, by_wechat, note_guessing
from server.people.untying import is_tied, untie_account

__all__ = [
    "GRANTS",
    "Actor",
    "HeldDuty",
    "NotAllowed",
    "NotSignedIn",
    "Permission",
    "Reach",
    "RosterFilter",
    "accept",
    "acting_role",
    "actor_as",
    "add_organisation",
    "add_person",
    "admit",
    "by_password",
    "by_wechat",
    "change_password",
    "count_of_roster",
    "designations_of",
    "duties_in_words",
    "end_sessions",
    "give_console_login",
    "give_duty",
    "hash_token",
    "introduce",
    "invite",
    "is_tied",
    "is_token",
    "login_of",
    "may",
    "move_organisation",
    "note_guessing",
    "on_roster",
    "open_invitation_of",
    "open_session",
    "organisation",
    "organisation_tree",
    "people_of_unit",
    "person_called",
    "person_on_roster",
    "rename_organisation",
    "revoke",
    "revoke_all",
    "roster",
    "sessions_of",
    "units_named",
    "untie_account",
    "write_down_seen",
]
