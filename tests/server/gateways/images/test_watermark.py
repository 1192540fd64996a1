from datetime import UTC, datetime

import pytest
from PIL import Image, ImageChops, ImageFont, ImageStat

from server.gateways.images import Mark, renditions_of
from server.gateways.images.watermark import FONT, SIMPLIFIED_CHINESE, stamp

MARK = Mark(
    at=datetime(2026, 11, 22, 2, 0, 5, tzinfo=UTC),
    code="7KQ4-M2XD",
    place="北京路与民族街口东北角便民市场对面公交站台旁",
    task="〔2026〕12号",
    reporter="督察队员 A7**3",
)


def band_of(picture):
    """The rows that the mark changed, as (first, last)."""
    unmarked = Image.new("RGB", picture.size, picture.getpixel((picture.width - 1, 0)))
    box = ImageChops.difference(picture, unmarked).getbbox()
    return box[1], box[3]


@pytest.mark.parametrize("colour", ["white", "black", "gray", "orange", "skyblue"])
@pytest.mark.parametrize("size", [(1600, 1200), (1200, 1600), (800, 600), (600, 800)])
def test_the_mark_is_legible_on_every_ground(size, colour):
    marked = stamp(Image.new("RGB", size, colour), MARK)
    top = int(size[1] * 0.8) if size[0] > size[1] else int(size[1] * 0.85)
    band = marked.crop((size[0] // 40, top, size[0], size[1])).convert("L")
    ground, (_, brightest) = ImageStat.Stat(band).median[0], band.getextrema()
    contrast = (luminance(brightest) + 0.05) / (luminance(ground) + 0.05)
    assert contrast > 4.5  # WCAG AA


def luminance(tone):
    return (tone / 255) ** 2.2


@pytest.mark.parametrize("size", [(1600, 1200), (1200, 1600), (800, 600), (600, 800), (1600, 500)])
def test_the_mark_stays_at_the_foot(size):
    first, last = band_of(stamp(Image.new("RGB", size, "white"), MARK))
    assert last == size[1]
    assert first > size[1] * 0.5


def test_the_picture_itself_is_not_touched():
    picture = Image.new("RGB", (800, 600), "white")
    stamp(picture, MARK)
    assert picture.getextrema() == ((255, 255),) * 3


def test_a_thumbnail_carries_its_code_alone():
    first, last = band_of(stamp(Image.new("RGB", (320, 240), "white"), MARK))
    assert last - first < 40
    without = Mark(at=MARK.at, code=MARK.code)
    assert stamp(Image.new("RGB", (320, 240)), MARK) == stamp(Image.new("RGB", (320, 240)), without)


@pytest.mark.parametrize("field", ["place", "task", "reporter", "code"])
def test_each_fact_is_burnt_in(field):
    picture = Image.new("RGB", (1200, 900))
    other = Mark(**{name: getattr(MARK, name) for name in MARK.__struct_fields__} | {field: "另外"})
    assert stamp(picture, MARK) != stamp(picture, other)


def test_the_time_is_the_servers_in_shanghai():
    picture = Image.new("RGB", (1200, 900))
    in_utc = Mark(at=datetime(2026, 11, 22, 2, 0, 5, tzinfo=UTC), code="X")
    in_shanghai = Mark(at=datetime.fromisoformat("2026-11-22T10:00:05+08:00"), code="X")
    a_minute_later = Mark(at=datetime.fromisoformat("2026-11-22T10:01:05+08:00"), code="X")
    assert stamp(picture, in_utc) == stamp(picture, in_shanghai) != stamp(picture, a_minute_later)


def test_the_second_of_receipt_is_not_told():
    picture = Image.new("RGB", (1200, 900))
    first, last = (Mark(at=datetime(2026, 11, 22, 2, 0, second, tzinfo=UTC), code="X") for second in (0, 59))
    assert stamp(picture, first) == stamp(picture, last)


def test_rare_characters_of_names_have_glyphs():
    font = ImageFont.truetype(str(FONT), 40, index=SIMPLIFIED_CHINESE)
    missing = bytes(font.getmask("\U0010fffd"))
    for character in "祎珺堃昇玥翀瑀㎡〔〕银督":
        assert bytes(font.getmask(character)) != missing, character


@pytest.mark.parametrize("size", [(1, 1), (10, 4000), (4000, 10), (200, 300), (1600, 121), (400, 3000)])
@pytest.mark.parametrize("text", ["", "长" * 5000, "a" * 5000, "\u202e\n\r\0\x1b[31m", "👍🏽" * 50, "𠮷𠮷𠮷"])
def test_no_size_and_no_text_is_too_odd(size, text):
    marked = stamp(Image.new("RGB", size), Mark(at=MARK.at, code=text, place=text, task=text, reporter=text))
    assert marked.size == size


def test_a_long_place_is_wrapped_once_and_then_cut():
    short, long, endless = (
        band_of(stamp(Image.new("RGB", (600, 800), "white"), Mark(at=MARK.at, code="X", place="路" * length)))
        for length in (5, 40, 110)
    )
    assert short[0] > long[0] == endless[0]


def test_all_sizes_but_none_without_a_mark_are_marked(album):
    data = album.encoded(album.scene())
    for plain, marked in zip(renditions_of(data, mark=None), renditions_of(data, mark=MARK), strict=True):
        assert (plain.name, plain.width, plain.height) == (marked.name, marked.width, marked.height)
        assert plain.sha256 != marked.sha256
        assert album.has_no_metadata(marked.data)
