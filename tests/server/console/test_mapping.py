"""The map: drawn by ourselves, true to scale, several come nearer, and only what one may see."""

import re
from types import SimpleNamespace

from models import LedgerItem
from models.vocabulary import Datum, ObservationKind, Role
from server import ledger
from server.console.plotting import plot
from server.ledger import NewItem
from server.places import Position, distance_m


def at(latitude, longitude):
    return SimpleNamespace(latitude=latitude, longitude=longitude)


def test_the_scale_bar_is_true():
    here, there = at(38.4, 106.1), at(38.5, 106.3)
    drawn = plot([here, there])
    one, other = drawn.dots
    long = ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5
    metres = distance_m(Position(38.4, 106.1, Datum.WGS84), Position(38.5, 106.3, Datum.WGS84))
    assert abs(long / drawn.bar * drawn.bar_m / metres - 1) < 0.01
    assert drawn.bar <= 200


def test_north_is_up_and_what_is_near_is_one_dot():
    drawn = plot([at(38.4, 106.1), at(38.5, 106.1), at(38.5, 106.1)])
    south, north = sorted(drawn.dots, key=lambda dot: len(dot.things))
    assert (len(north.things), north.y < south.y) == (2, True)
    assert plot([]) is None


async def test_several_come_nearer_until_one_opens(office):
    chen = await office.desk_of("小陈")
    for latitude, longitude in ((38.4, 106.1), (38.4001, 106.1001), (38.5, 106.3)):
        new = NewItem("路口坑槽", ObservationKind.PROBLEM)
        item = await ledger.register(new, office=office.root, at=None, by=chen.person, now=office.watch.now())
        await LedgerItem.filter(id=item.id).update(wgs_latitude=latitude, wgs_longitude=longitude)

    page = (await chen.get("/map")).text
    assert "本图 <b>3</b> 条" in page
    nearer = re.search(r'href="/console(/map\?[^"]*south[^"]+)"', page)[1].replace("&amp;", "&")
    near = (await chen.get(nearer)).text
    assert "本图 <b>2</b> 条" in near
    assert len(re.findall('class="plot-dot ', near)) == 2

    unit = await office.desk_of("联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    assert (await unit.get("/map")).status_code == 403  # a unit must not learn the spot where somebody stood
