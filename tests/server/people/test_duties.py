"""The table of duties: anything not in it is denied."""

import pytest

from models.vocabulary import Role, Scope
from server.people.duties import GRANTS, WIDTH, HeldDuty, Permission, acting_role, may, narrower, reaches


@pytest.mark.parametrize("role", list(Role))
def test_only_the_table_allows(role):
    allowed = {permission for permission in Permission if may([HeldDuty(role, Scope.ALL)], permission)}
    assert allowed == {permission for permission in Permission if role in GRANTS[permission]}


def test_every_act_stands_in_the_table():
    assert set(GRANTS) == set(Permission)


def test_nobody_may_anything_without_a_duty():
    assert not any(may([], permission) for permission in Permission)


@pytest.mark.parametrize("one", WIDTH)
@pytest.mark.parametrize("other", WIDTH)
def test_the_narrower_scope_wins(one, other):
    assert narrower(one, other) == narrower(other, one) == WIDTH[min(WIDTH.index(one), WIDTH.index(other))]


def test_a_duty_reaches_no_further_than_itself_or_the_table():
    unit_only = HeldDuty(Role.OFFICE_STAFF, Scope.UNIT)
    assert [reach.scope for reach in reaches([unit_only], Permission.SEE_LEDGER)] == [Scope.UNIT]
    city_wide = HeldDuty(Role.COMMISSIONER, Scope.ALL)
    assert [reach.scope for reach in reaches([city_wide], Permission.SEE_LEDGER)] == [Scope.ASSIGNED]


@pytest.mark.parametrize("other", [Role.CITIZEN, Role.REFORM_OBSERVER, Role.TEAM_MEMBER])
def test_a_deputy_with_another_duty_reports_as_a_deputy(other):
    duties = [HeldDuty(Role.DEPUTY, Scope.ALL), HeldDuty(other, Scope.ALL)]
    assert acting_role(duties, Permission.SUBMIT_OBSERVATION) is Role.DEPUTY
