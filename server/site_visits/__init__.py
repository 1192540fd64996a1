"""Site visits: stops, observers, presence and the hall's board; `server.scoring` keeps what is scored (M12)."""

from server.site_visits.board import CHANNEL, bump, bump_for_ballots
from server.site_visits.checking_in import CheckedIn, GivenCheckIn, PhonePlace, check_in, position_of
from server.site_visits.confirming import (
    check_in_by_hand,
    confirm_check_ins,
    reject_check_in,
    seal_visit,
    unsettled,
)
from server.site_visits.fetching import observer_in, stop_in, stops_of, visit_run_by, visit_seen_by
from server.site_visits.inviting import invitable, invite_observer, uninvite_observer
from server.site_visits.planning import (
    PlannedStop,
    PlannedVisit,
    StopPlace,
    add_stop,
    cancel_visit,
    change_stop,
    change_visit,
    copy_visit,
    create_visit,
    order_stops,
    rules_of,
)
from server.site_visits.publishing import change_published_rules, faults_of, publish_visit
from server.site_visits.reading import (
    Year,
    check_ins_of,
    is_open,
    observers_of,
    own_check_ins,
    result_seen_by,
    rounds_of,
    visits_observed_by,
    visits_of,
    year_of,
)
from server.site_visits.scoring_stops import score_stop
from server.site_visits.screens import OpenedScreen, open_screen, reseal_stop_keys, revoke_screen

__all__ = [
    "CHANNEL",
    "CheckedIn",
    "GivenCheckIn",
    "OpenedScreen",
    "PhonePlace",
    "PlannedStop",
    "PlannedVisit",
    "StopPlace",
    "Year",
    "add_stop",
    "bump",
    "bump_for_ballots",
    "cancel_visit",
    "change_published_rules",
    "change_stop",
    "change_visit",
    "check_in",
    "check_in_by_hand",
    "check_ins_of",
    "confirm_check_ins",
    "copy_visit",
    "create_visit",
    "faults_of",
    "invitable",
    "invite_observer",
    "is_open",
    "observer_in",
    "observers_of",
    "open_screen",
    "order_stops",
    "own_check_ins",
    "position_of",
    "publish_visit",
    "reject_check_in",
    "reseal_stop_keys",
    "result_seen_by",
    "revoke_screen",
    "rounds_of",
    "rules_of",
    "score_stop",
    "seal_visit",
    "stop_in",
    "stops_of",
    "uninvite_observer",
    "unsettled",
    "visit_run_by",
    "visit_seen_by",
    "visits_observed_by",
    "visits_of",
    "year_of",
]
