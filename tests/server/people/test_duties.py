"""The table of duties: what is not in it is denied."""

import pytest

from models.vocabulary import Role, Scope
from server.people.duties import MAY, WIDTH, Act, HeldDuty, acting_role, may, narrower, reaches


@pytest.mark.parametrize("role", list(Role))
def test_only_the_table_allows(role):
    allowed = {act for act in Act if may([HeldDuty(role, Scope.ALL)], act)}
    assert allowed == {act for act in Act if role in MAY[act]}


def test_every_act_stands_in_the_table():
    assert set(MAY) == set(Act)


def test_nobody_may_anything_without_a_duty():
    assert not any(may([], act) for act in Act)


@pytest.mark.parametrize("one", WIDTH)
@pytest.mark.parametrize("other", WIDTH)
def test_the_narrower_scope_wins(one, other):
    assert narrower(one, other) == narrower(other, one) == WIDTH[min(WIDTH.index(one), WIDTH.index(other))]


def test_a_duty_reaches_no_further_than_itself_or_the_table():
    unit_only = HeldDuty(Role.OFFICE_STAFF, Scope.UNIT)
    assert [reach.scope for reach in reaches([unit_only], Act.SEE_LEDGER)] == [Scope.UNIT]
    city_wide = HeldDuty(Role.COMMISSIONER, Scope.ALL)
    assert [reach.scope for reach in reaches([city_wide], Act.SEE_LEDGER)] == [Scope.ASSIGNED]


@pytest.mark.parametrize("other", [Role.CITIZEN, Role.REFORM_OBSERVER, Role.TEAM_MEMBER])
def test_a_deputy_with_another_duty_reports_as_a_deputy(other):
    duties = [HeldDuty(Role.DEPUTY, Scope.ALL), HeldDuty(other, Scope.ALL)]
    assert acting_role(duties, Act.SUBMIT_OBSERVATION) is Role.DEPUTY
