"""The map: drawn by ourselves, true to scale, with clusters that expand, and only visible items."""

import dataclasses
import re
from types import SimpleNamespace

from models.vocabulary import Datum, ObservationKind, Role
from server.kernel.places import Position, distance_m
from server.web.console.plotting import HEIGHT, WIDTH, plot
from server.web.console.tiling import plot_on_tiles
from tests.factories import registered_item


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
        await registered_item(office, by=chen, wgs_latitude=latitude, wgs_longitude=longitude)

    page = (await chen.get("/map")).text
    assert "本图 <b>3</b> 条" in page
    nearer = re.search(r'href="/console(/map\?[^"]*south[^"]+)"', page)[1].replace("&amp;", "&")
    near = (await chen.get(nearer)).text
    assert "本图 <b>2</b> 条" in near
    assert len(re.findall('class="plot-dot', near)) == 2

    unit = await office.desk_of("联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    assert (await unit.get("/map")).status_code == 403  # a unit must not learn where the reporter stood


async def an_item(office, chen, *, latitude, longitude, kind=ObservationKind.PROBLEM, title="路口坑槽"):
    item = await registered_item(
        office, by=chen, title=title, kind=kind, wgs_latitude=latitude, wgs_longitude=longitude
    )
    return item


def points(page):
    """Return the number of items drawn (including clusters) and the number listed."""
    many = [int(one) for one in re.findall(r'class="plot-count"[^>]*>(\d+)<', page)]
    return page.count('class="plot-dot') + sum(many), page.count("data-point")


async def test_filters_narrow_points_and_list_alike(office):
    chen = await office.desk_of("小陈")
    await an_item(office, chen, latitude=38.4, longitude=106.1)
    await an_item(office, chen, latitude=38.5, longitude=106.3)
    help_ = await an_item(office, chen, latitude=38.6, longitude=106.2, kind=ObservationKind.HELP_REQUEST)
    await registered_item(office, by=chen, title="没有位置")

    assert points((await chen.get("/map")).text) == (3, 3)
    only = (await chen.get("/map?kind=help_request")).text
    assert points(only) == (1, 1)
    assert help_.number_text in only
    assert points((await chen.get("/map?state=registered&light=grey")).text) == (3, 3)
    assert points((await chen.get("/map?state=closed")).text) == (0, 0)
    assert points((await chen.get(f"/map?district={office.bureau.id}")).text) == (0, 0)
    assert points((await chen.get(f"/map?district={office.root.id}")).text) == (3, 3)


async def test_without_a_map_service_no_picture_may_come_from_elsewhere(office):
    chen = await office.desk_of("小陈")
    await an_item(office, chen, latitude=38.4, longitude=106.1)

    answer = await chen.get("/map")

    assert "<image" not in answer.text
    assert "img-src 'self' data:;" in answer.headers["content-security-policy"]


async def test_the_offices_map_service_lies_under_the_points_and_alone_is_let_in(office, app):
    chen = await office.desk_of("小陈")
    await an_item(office, chen, latitude=38.4, longitude=106.1)
    tools = app.ctx.tools
    settings = dataclasses.replace(
        tools.settings,
        map_tiles="https://tiles.example/{z}/{y}/{x}?k=1&l=2",
        map_credit="审图号GS（2024）1号",
    )
    app.ctx.tools = dataclasses.replace(tools, settings=settings)
    try:
        answer = await chen.get("/map")
    finally:
        app.ctx.tools = tools

    assert re.search(r'<image href="https://tiles.example/18/\d+/\d+\?k=1&amp;l=2"', answer.text)
    assert "img-src 'self' data: https://tiles.example;" in answer.headers["content-security-policy"]
    assert "审图号GS（2024）1号" in answer.text


def test_tiles_cover_the_sheet_and_points_lie_where_the_service_draws_them():
    zero = plot_on_tiles([at(0, 0), at(60, 120)], address="{z} {x} {y}", datum=Datum.WGS84)
    drawn, tiles = zero
    zoom = int(tiles[0].href.split()[0])
    equator = next(dot for dot in drawn.dots if dot.things[0].latitude == 0)
    under = next(one for one in tiles if one.href == f"{zoom} {2**zoom // 2} {2**zoom // 2}")
    assert (round(under.x - equator.x), round(under.y - equator.y)) == (0, 0)
    assert min(one.x for one in tiles) <= 0
    assert max(one.x for one in tiles) + 256 >= WIDTH
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in drawn.dots)


def test_a_service_in_gcj02_gets_its_points_where_it_draws_them():
    here = [at(38.4872, 106.2309)]
    plain = plot_on_tiles(here, address="{z} {x} {y}", datum=Datum.WGS84)[1][0]
    bent = plot_on_tiles(here, address="{z} {x} {y}", datum=Datum.GCJ02)[1][0]
    assert (plain.href, plain.x) != (bent.href, bent.x)
