import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import Datum, PlaceGrade
from server.kernel.places import Position, distance_m, grade, to_gcj02, to_wgs84

YINCHUAN = Position(38.4872, 106.2309, Datum.WGS84)
YINCHUAN_ON_A_MAP = Position(38.487660, 106.235299, Datum.GCJ02)

on_the_mainland = st.builds(Position, st.floats(18, 54), st.floats(73.6, 135), st.just(Datum.WGS84))


def test_the_golden_pair_is_one_place_in_two_datums():
    assert to_gcj02(YINCHUAN)[:2] == pytest.approx(YINCHUAN_ON_A_MAP[:2], abs=1e-6)
    assert distance_m(YINCHUAN, YINCHUAN_ON_A_MAP) < 0.1


def test_taking_one_datum_for_the_other_is_386_metres_wrong():
    mistaken = YINCHUAN_ON_A_MAP._replace(datum=Datum.WGS84)
    assert distance_m(YINCHUAN, mistaken) == pytest.approx(386, abs=0.5)


@given(on_the_mainland)
def test_there_and_back_is_within_a_millimetre(position):
    back = to_wgs84(to_gcj02(position))
    assert back.datum is Datum.WGS84
    assert distance_m(position, back) < 0.001


@given(on_the_mainland)
def test_no_place_is_bent_by_more_than_a_kilometre(position):
    assert 0 < distance_m(position, to_gcj02(position)._replace(datum=Datum.WGS84)) < 1_500


@pytest.mark.parametrize("there", [(48.8584, 2.2945), (-33.8568, 151.2153), (0.0, 0.0)])
def test_nothing_is_bent_abroad(there):
    position = Position(*there, Datum.WGS84)
    assert to_gcj02(position)[:2] == there
    assert to_wgs84(Position(*there, Datum.GCJ02))[:2] == there


def test_a_degree_of_latitude_is_111_kilometres():
    there = YINCHUAN._replace(latitude=YINCHUAN.latitude + 1)
    assert distance_m(YINCHUAN, there) == pytest.approx(111_195, abs=1)


def test_the_other_side_of_the_earth_is_half_its_round():
    assert distance_m(Position(0, 0, Datum.WGS84), Position(0, 180, Datum.WGS84)) == pytest.approx(
        20_015_115, abs=1
    )


@pytest.mark.parametrize(
    ("accuracy_m", "distance_to_site_m", "expected"),
    [
        (50.0, 200.0, PlaceGrade.A),
        (50.1, 200.0, PlaceGrade.B),
        (50.0, 200.1, PlaceGrade.B),
        (50.0, 250.0, PlaceGrade.B),
        (50.0, 250.1, PlaceGrade.C),
        (300.0, 500.0, PlaceGrade.B),
        (None, 10.0, PlaceGrade.B),
        (None, 200.1, PlaceGrade.C),
        (0.0, 10.0, PlaceGrade.B),
        (0.0, 200.1, PlaceGrade.C),
        (12.0, None, PlaceGrade.B),
        (80.0, None, PlaceGrade.C),
        (None, None, PlaceGrade.C),
    ],
)
def test_a_place_is_graded_at_the_border_of_a_200_metre_fence(accuracy_m, distance_to_site_m, expected):
    assert grade(accuracy_m=accuracy_m, distance_to_site_m=distance_to_site_m, fence_m=200) is expected


def test_no_place_is_grade_d():
    assert grade(accuracy_m=None, distance_to_site_m=None, fence_m=200, located=False) is PlaceGrade.D
