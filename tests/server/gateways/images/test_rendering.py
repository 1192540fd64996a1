import struct
import zlib
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat

from server.gateways.images import NotAPicture, Reason, renditions_of
from server.gateways.images.geometry import fitted, upright
from server.gateways.images.mending import is_mostly_missing


def shown(renditions, name="large"):
    return Image.open(BytesIO(next(one.data for one in renditions if one.name == name)))


def test_a_photo_is_shown_in_three_sizes(album):
    renditions = renditions_of(album.encoded(album.scene(4000, 3000)), mark=None)
    assert [(one.name, one.width, one.height) for one in renditions] == [
        ("large", 1600, 1200),
        ("medium", 800, 600),
        ("small", 320, 240),
    ]
    for one in renditions:
        assert shown(renditions, one.name).size == (one.width, one.height)
        assert one.sha256 == sha256(one.data).hexdigest()
        assert album.has_no_metadata(one.data)


def test_a_small_photo_is_never_made_larger(album):
    sizes = [
        (one.width, one.height) for one in renditions_of(album.encoded(album.quadrants(300, 600)), mark=None)
    ]
    assert sizes == [(300, 600), (300, 600), (160, 320)]


def test_other_sizes_may_be_asked_for(album):
    renditions = renditions_of(album.encoded(album.scene()), mark=None, sizes={"cover": 500, "icon": 64})
    assert [(one.name, one.width, one.height) for one in renditions] == [
        ("cover", 500, 375),
        ("icon", 64, 48),
    ]


TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", TURNED)
def test_however_the_phone_was_held_the_picture_stands_upright(album, orientation, kind):
    turn = TURNED[orientation]
    picture = album.quadrants(900, 1800)
    sensor = picture.transpose(turn) if turn is not None else picture
    data = album.encoded(sensor, kind, exif=album.camera_exif(orientation=orientation))

    renditions = renditions_of(data, mark=None)

    for one in renditions:
        assert album.stands_upright(shown(renditions, one.name)), one.name
        assert one.height == 2 * one.width
        assert album.has_no_metadata(one.data)


def test_heic_stands_upright_too(album):
    renditions = renditions_of(album.heic, mark=None)
    assert [(one.width, one.height) for one in renditions] == [(480, 640), (480, 640), (240, 320)]
    assert all(album.stands_upright(shown(renditions, one.name)) for one in renditions)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    ("kind", "count", "value"),
    [
        (3, 1, b"\0\0\0\0"),
        (3, 1, b"\x09\0\0\0"),
        (2, 4, b"left"),
        (7, 1, b"\6"),
        (5, 9, b"\xff" * 4),
    ],
)
def test_a_nonsensical_orientation_is_none(album, kind, count, value):
    entry = struct.pack("<HHHI4sI", 1, 0x0112, kind, count, value, 0)
    exif = b"Exif\0\0II*\0\x08\0\0\0" + entry
    data = album.with_segment(album.encoded(album.quadrants()), 0xE1, exif)
    assert album.stands_upright(shown(renditions_of(data, mark=None)))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "1", "P", "LA", "RGBA"])
def test_every_mode_of_colour_is_shown(album, mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    picture = shown(renditions_of(album.encoded(album.quadrants(mode=mode), kind), mark=None))
    assert picture.mode == "RGB"
    assert mode in {"L", "1", "LA"} or album.stands_upright(picture)
    bright, dark = picture.getpixel((430, 580)), picture.getpixel((40, 580))
    assert min(bright) > 240
    assert max(dark[:2]) < 40


@pytest.mark.parametrize("width", [480, 4000])
def test_what_is_transparent_is_shown_on_white(album, width):
    picture = album.quadrants(width, width).convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, width // 2, width // 2))
    seen = shown(renditions_of(album.encoded(picture, "PNG"), mark=None))
    assert min(seen.getpixel((seen.width // 4, seen.height // 4))) > 245
    assert seen.getpixel((10, seen.height - 10))[2] > 240


def test_a_transparent_colour_is_shown_on_white(album):
    data = album.encoded(album.quadrants(mode="P"), "PNG", transparency=0)
    renditions_of(data, mark=None)
    rgb = album.encoded(album.quadrants(), "PNG", transparency=(255, 0, 0))
    assert min(shown(renditions_of(rgb, mark=None)).getpixel((40, 40))) > 245


@pytest.mark.parametrize("width", [512, 4096])
def test_sixteen_bits_of_grey_keep_their_tones(album, width):
    ramp = Image.linear_gradient("L").resize((width, width)).convert("I").point(lambda tone: tone * 257)
    grey = shown(renditions_of(album.encoded(ramp.convert("I;16"), "PNG"), mark=None)).convert("L")
    tones = [
        grey.getpixel((grey.width // 2, int(grey.height * part))) for part in (0.02, 0.25, 0.5, 0.75, 0.98)
    ]
    assert tones == pytest.approx([5, 64, 128, 191, 250], abs=4)


def test_a_progressive_jpeg_is_shown(album):
    data = album.encoded(album.quadrants(), progressive=True)
    assert album.stands_upright(shown(renditions_of(data, mark=None)))


def test_an_interlaced_or_animated_picture_shows_its_first_frame(album):
    frames = [album.quadrants(), Image.new("RGB", (480, 640), "black")]
    animated = album.encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    several = album.encoded(frames[0], "MPO", save_all=True, append_images=frames[1:])
    for data in (animated, several):
        assert album.stands_upright(shown(renditions_of(data, mark=None)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_profile_is_used_and_dropped(album, kind):
    grey = Image.new("RGB", (64, 64), (128, 128, 128))
    plain = renditions_of(album.encoded(grey, kind), mark=None)
    linear = renditions_of(album.encoded(grey, kind, icc_profile=a_linear_profile()), mark=None)
    assert shown(plain).getpixel((32, 32)) == pytest.approx((128, 128, 128), abs=2)
    # Half the light, in sRGB.
    assert shown(linear).getpixel((32, 32)) == pytest.approx((188, 188, 188), abs=3)
    assert all(album.has_no_metadata(one.data) for one in linear)


def test_a_developed_picture_remembers_nothing_but_pixels(album):
    data = album.encoded(album.scene(), comment=b"canary", dpi=(72, 72), icc_profile=a_linear_profile())
    assert upright(data, longest=1600).info == {}


def a_linear_profile():
    """sRGB's own profile with straight lines for tone curves, renamed so that it is not taken for sRGB."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for number in range(int.from_bytes(profile[128:132], "big")):
        entry = 132 + 12 * number
        name, place = bytes(profile[entry : entry + 4]), int.from_bytes(profile[entry + 4 : entry + 8], "big")
        if name in {b"rTRC", b"gTRC", b"bTRC"}:
            profile[place : place + 12] = b"curv" + bytes(8)
    return bytes(profile).replace("sRGB".encode("utf-16-be"), "flat".encode("utf-16-be"))


@pytest.mark.parametrize("profile", [b"", b"junk" * 1000, bytes(128), bytes(5_000_000)])
def test_a_broken_profile_counts_as_none(album, profile):
    data = album.encoded(album.quadrants(), icc_profile=profile)
    assert album.stands_upright(shown(renditions_of(data, mark=None)))


def cut(album, kind, part):
    options = {"progressive": True} if kind == "progressive" else {}
    made_as = "JPEG" if kind == "progressive" else kind
    data = album.heic if kind == "HEIC" else album.encoded(album.scene(800, 600), made_as, **options)
    return data[: int(len(data) * part)]


@pytest.mark.parametrize("part", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "progressive"])
def test_of_a_photo_that_was_cut_short_the_rows_that_came_are_shown(album, kind, part):
    seen = shown(renditions_of(cut(album, kind, part), mark=None))
    whole = shown(renditions_of(cut(album, kind, 1), mark=None))
    upper = (0, 0, 800, 600 // 4)
    difference = ImageChops.difference(seen.crop(upper), whole.crop(upper)).convert("L")
    assert seen.size == (800, 600)
    assert sum(value * many for value, many in enumerate(difference.histogram())) / (800 * 150) < 4


@pytest.mark.parametrize(
    ("kind", "part"),
    [("JPEG", 0.03), ("PNG", 0.1), ("HEIC", 0.5), ("HEIC", 0.99), ("WEBP", 0.5), ("AVIF", 0.5)],
)
def test_a_photo_of_which_too_little_came_is_broken(album, kind, part):
    with pytest.raises(NotAPicture) as refused:
        renditions_of(cut(album, kind, part), mark=None)
    assert refused.value.reason is Reason.BROKEN


def test_a_quarter_of_the_rows_is_shown_and_less_is_not():
    picture = Image.effect_noise((40, 400), 60).convert("RGB")
    picture.paste((128, 128, 128), (0, 100, 40, 400))
    assert not is_mostly_missing(picture)
    picture.paste((128, 128, 128), (0, 99, 40, 400))
    assert is_mostly_missing(picture)


def test_a_jpeg_without_its_last_two_bytes_looks_like_the_whole_one(album):
    whole = album.encoded(album.scene(800, 600))
    assert (
        shown(renditions_of(whole[:-2], mark=None)).tobytes()
        == shown(renditions_of(whole, mark=None)).tobytes()
    )


def test_a_whole_photo_of_grey_is_no_cut_one(album):
    grey = album.encoded(Image.new("RGB", (800, 600), (128, 128, 128)))
    assert shown(renditions_of(grey, mark=None)).size == (800, 600)


@pytest.mark.parametrize(
    "side",
    [
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b"x" * 3_000_000),
        (b"zTXt", b"words\0\0" + zlib.compress(bytes(50_000_000))),
        (b"iCCP", b"profile\0\0" + zlib.compress(bytes(50_000_000))),
        (b"tEXt", b""),
        (b"pHYs", b"short"),
        (b"tIME", bytes(900)),
        (b"gAMA", b""),
        (b"eXIf", b"II*\0 nonsense"),
    ],
)
def test_what_lies_beside_the_pixels_of_a_png_never_costs_them(album, side):
    rows = zlib.compress(b"".join(b"\0" + bytes([row, 90, 200]) * 64 for row in range(64)))
    plain = shown(renditions_of(album.png(64, 64, rows=rows), mark=None))
    assert shown(renditions_of(album.png(64, 64, side, rows=rows), mark=None)).tobytes() == plain.tobytes()


def test_a_chunk_with_a_wrong_checksum_costs_no_picture(album):
    whole = album.png(64, 64, (b"tEXt", b"a\0b"))
    for name in (b"tEXt", b"IDAT"):
        at = whole.index(name) - 4
        ends = at + 8 + int.from_bytes(whole[at : at + 4])
        damaged = whole[:ends] + b"\0\0\0\0" + whole[ends + 4 :]
        assert shown(renditions_of(damaged, mark=None)).size == (64, 64)


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_webp_and_avif_are_shown_upright_and_without_their_metadata(album, kind):
    turned = album.quadrants().transpose(Image.Transpose.ROTATE_90)
    exif = album.camera_exif(orientation=6)
    rendition = renditions_of(album.encoded(turned, kind, exif=exif, quality=90), mark=None)
    assert album.stands_upright(shown(rendition))
    assert album.has_no_metadata(rendition[0].data)


def test_large_and_small_ways_of_shrinking_look_the_same(album):
    picture = album.scene(4000, 3000)
    in_bands = upright(album.encoded(picture, "PNG", compress_level=1), longest=800)
    at_once = picture.resize((800, 600), Image.Resampling.LANCZOS)
    assert max(ImageStat.Stat(ImageChops.difference(in_bands, at_once)).mean) < 2


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4032, 3024), (1600, 1200)),
        ((3024, 4032), (1200, 1600)),
        ((100, 50), (100, 50)),
        ((1, 20_000), (1, 1600)),
    ],
)
def test_a_size_is_fitted_and_never_vanishes(size, expected):
    assert fitted(size, longest=1600) == expected
