"""Who belongs to the team, who is trained, who is certified, and until when."""

from datetime import timedelta

import pytest

from models import Duty, TeamMember
from models.vocabulary import DeputyKind, MemberSource, Role
from server import team
from server.kernel.refusal import NoSuchThing
from server.people import NotAllowed
from server.team.refusals import AlreadyMember, BadTerm, DeputyKindMissing, NotTrained
from tests.server.team.conftest import DEPUTY


@pytest.mark.parametrize("source", [one for one in MemberSource if one is not MemberSource.DEPUTY])
async def test_members_come_from_five_sources(crew, office, source):
    person = await office.enrol("新队员", Role.CITIZEN)
    assert (await crew.enlisted(person, source=source)).source is source
    assert [one.person.designation for one in await team.members_of(crew.chen, source=source)] == ["新队员"]


@pytest.mark.parametrize(
    "what",
    [{"source": MemberSource.DEPUTY}, {"deputy_kind": DeputyKind.PARTY_DELEGATE}],
)
async def test_deputies_and_only_they_are_of_one_of_three_kinds(crew, office, what):
    person = await office.enrol("苏委员", Role.DEPUTY)
    with pytest.raises(DeputyKindMissing):
        await crew.enlisted(person, **what)
    assert (await crew.enlisted(person, **DEPUTY)).deputy_kind is DeputyKind.CPPCC_MEMBER


async def test_a_person_is_a_member_once(crew, office):
    person = await office.enrol("老马", Role.CITIZEN)
    await crew.enlisted(person)
    with pytest.raises(AlreadyMember):
        await crew.enlisted(person, by=crew.ding, organisation=crew.county)
    assert await TeamMember.all().count() == 1


async def test_an_office_keeps_its_own_team_and_those_below(crew, office):
    person = await office.enrol("老马", Role.CITIZEN)
    with pytest.raises(NoSuchThing):
        await crew.enlisted(person, by=crew.ding)  # into the city's team
    member = await crew.enlisted(person, by=crew.ding, organisation=crew.county)
    with pytest.raises(NoSuchThing):
        await crew.trained(member, by=crew.gao)
    await crew.trained(member, by=crew.chen)
    assert [len(await team.members_of(one)) for one in (crew.chen, crew.ding, crew.gao)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("training", "enough"),
    [
        (None, False),
        ({"is_passed": False}, False),
        ({"days_ago": 366}, False),
        ({"days_ago": -1}, False),  # tomorrow's
        ({"days_ago": 365}, True),
    ],
)
async def test_a_certificate_needs_a_training_passed_within_a_year(crew, office, training, enough):
    member = await crew.enlisted(await office.enrol("老马", Role.CITIZEN))
    if training:
        await crew.trained(member, **training)
    if enough:
        certificate = await team.certify(member.id, by=crew.chen, now=crew.now)
        assert certificate.valid_until == crew.today + timedelta(days=365)
        return
    with pytest.raises(NotTrained):
        await team.certify(member.id, by=crew.chen, now=crew.now)


@pytest.mark.parametrize("days", [0, -1, 1099])
async def test_a_certificate_has_a_sensible_term(crew, office, days):
    member = await crew.enlisted(await office.enrol("老马", Role.CITIZEN))
    await crew.trained(member)
    with pytest.raises(BadTerm):
        await team.certify(
            member.id, by=crew.chen, now=crew.now, valid_until=crew.today + timedelta(days=days)
        )


async def test_it_holds_on_both_ends_and_not_after_it_was_revoked(crew):
    member = await crew.certified("老马", valid_until=None)
    end = crew.today + timedelta(days=365)
    for day, holds in (
        (crew.today - timedelta(days=1), False),
        (crew.today, True),
        (end, True),
        (end + timedelta(days=1), False),
    ):
        assert (await team.certified_on(day, [member.id]) == {member.id}) is holds
    (certificate,) = await team.certificates_of(member)
    await team.revoke(certificate.id, because="多次无故缺席", by=crew.chen, now=crew.now)
    assert await team.certified_on(crew.today, [member.id]) == set()


async def test_the_certified_get_the_duty_to_go_once(crew):
    member = await crew.certified("老马")
    await team.certify(member.id, by=crew.chen, now=crew.now)
    assert await Duty.filter(person_id=member.person_id, role=Role.TEAM_MEMBER).count() == 1


async def test_members_manage_no_team(crew, office):
    laoma = await office.actor(await office.enrol("老马", Role.TEAM_MEMBER))
    with pytest.raises(NotAllowed):
        await crew.enlisted(laoma.person, by=laoma)
