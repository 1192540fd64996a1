"""The supervision team: trained and certified members and their missions, alone or jointly (M10)."""

from server.team.actions import ACTIONS, MissionAction, actions_of_organisers
from server.team.answering import Answered, GivenAnswer, answer_question
from server.team.certifying import NewTraining, certify, enlist, record_training, revoke
from server.team.commands import Accept, CancelMission, Finish, SendMembers
from server.team.counting import Progress, progress_of
from server.team.going import accept_mission, dispatch_mission, finish_mission
from server.team.joining import Joinable, joinable
from server.team.planning import NewMission, NewQuestion, NewStop, Where, cancel_mission, plan_mission
from server.team.proposing import Proposal, dismiss_proposal, proposals, take_in_proposal
from server.team.reading import (
    MissionFilter,
    answers_of,
    certificates_of,
    certified_on,
    certified_until,
    finding_seen_by,
    member_managed_by,
    members_of,
    members_seen_by,
    mission_gone_on_by,
    mission_seen_by,
    missions_gone_on_by,
    missions_of,
    missions_seen_by,
    route_of,
    sent_on,
    trainings_of,
)
from server.team.renditions import describe
from server.team.states import MACHINE

__all__ = [
    "ACTIONS",
    "MACHINE",
    "Accept",
    "Answered",
    "CancelMission",
    "Finish",
    "GivenAnswer",
    "Joinable",
    "MissionAction",
    "MissionFilter",
    "NewMission",
    "NewQuestion",
    "NewStop",
    "NewTraining",
    "Progress",
    "Proposal",
    "SendMembers",
    "Where",
    "accept_mission",
    "actions_of_organisers",
    "answer_question",
    "answers_of",
    "cancel_mission",
    "certificates_of",
    "certified_on",
    "certified_until",
    "certify",
    "describe",
    "dismiss_proposal",
    "dispatch_mission",
    "enlist",
    "finding_seen_by",
    "finish_mission",
    "joinable",
    "member_managed_by",
    "members_of",
    "members_seen_by",
    "mission_gone_on_by",
    "mission_seen_by",
    "missions_gone_on_by",
    "missions_of",
    "missions_seen_by",
    "plan_mission",
    "progress_of",
    "proposals",
    "record_training",
    "revoke",
    "route_of",
    "sent_on",
    "take_in_proposal",
    "trainings_of",
]
