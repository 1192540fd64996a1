from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin

from server.gateways.images import CameraClaims, camera_claims

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

JPEG_START = b"\xff\xd8\xff"


def claims_of(album, exif, kind="JPEG"):
    return camera_claims(album.encoded(album.quadrants(64, 48), kind, exif=exif))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_phone_says_when_where_and_with_what(album, kind):
    claims = claims_of(album, album.camera_exif(), kind)
    assert claims.taken_at.isoformat() == "2026-11-22T10:00:05+08:00"
    assert (claims.utc_offset_minutes, claims.altitude_m) == (480, 1110.5)
    assert (claims.latitude, claims.longitude) == pytest.approx((38.4872, 106.2309), abs=1e-6)
    assert (claims.make, claims.model) == ("华为", "Pura 80")


def test_heic_says_the_same(album, tmp_path):
    path = tmp_path / "photo.heic"
    path.write_bytes(album.heic)
    claims = camera_claims(path)
    assert claims.taken_at.isoformat() == "2026-11-22T10:00:05+08:00"
    assert (claims.latitude, claims.longitude, claims.altitude_m) == (38.4872, 106.2309, 1110.0)
    assert (claims.make, claims.model) == ("Duchatong", "Test Phone")


def test_a_camera_without_an_offset_is_taken_for_local(album):
    claims = claims_of(album, album.camera_exif(offset=None))
    assert claims.taken_at.utcoffset() == timedelta(hours=8)
    assert claims.utc_offset_minutes is None


def test_south_and_behind_greenwich_are_negative(album):
    claims = claims_of(album, album.camera_exif(offset="-03:30", latitude=((33.0, 51.0, 25.0), "S")))
    assert claims.latitude == pytest.approx(-33.8569, abs=1e-4)
    assert claims.taken_at == datetime.fromisoformat("2026-11-22T10:00:05-03:30")


@pytest.mark.parametrize(
    "latitude",
    [
        ((91.0, 0.0, 0.0), "N"),
        ((38.0, 29.0, 13.9), "X"),
        ((38.0, 29.0, 13.9), "NS"),
        ((TiffImagePlugin.IFDRational(1, 0), 0.0, 0.0), "N"),
    ],
)
def test_an_impossible_place_is_no_place(album, latitude):
    claims = claims_of(album, album.camera_exif(latitude=latitude))
    assert (claims.latitude, claims.longitude, claims.altitude_m) == (None, None, None)
    assert claims.make == "华为"


def test_zero_zero_is_a_camera_without_a_fix(album):
    exif = album.camera_exif(latitude=((0.0, 0.0, 0.0), "N"))
    exif.get_ifd(0x8825)[4] = (0.0, 0.0, 0.0)
    assert claims_of(album, exif).latitude is None


@pytest.mark.parametrize(
    "moment",
    ["", "0000:00:00 00:00:00", "2026:02:30 10:00:00", "1970:01:01 00:00:00", "yesterday", "2026:11:22"],
)
def test_an_impossible_moment_is_none(album, moment):
    exif = album.camera_exif()
    exif.get_ifd(0x8769)[0x9003] = moment
    claims = claims_of(album, exif)
    assert (claims.taken_at, claims.utc_offset_minutes) == (None, None)


def test_names_are_one_printable_line_of_bounded_length(album):
    exif = album.camera_exif()
    exif[0x010F], exif[0x0110] = "Evil\n\x1b[31m\u202eCo".encode(), "x" * 10_000
    claims = claims_of(album, exif)
    assert claims.make == "Evil[31mCo"
    assert claims.model == "x" * 64


def test_a_picture_without_exif_claims_nothing(album):
    assert camera_claims(album.encoded(album.quadrants(64, 48))) == CameraClaims()


@pytest.mark.parametrize("data", [b"", b"GIF89a", JPEG_START, b"\x89PNG\r\n\x1a\n", b"\0\0\0\x1cftypheic"])
def test_what_is_no_picture_claims_nothing(data):
    assert camera_claims(data) == CameraClaims()


def test_ten_thousand_tags_are_read_in_no_time(album):
    exif = album.camera_exif()
    for tag in range(20_000, 30_000):
        exif[tag] = 7
    jpeg = album.with_segment(album.encoded(album.quadrants(64, 48)), 0xE1, exif.tobytes()[:65_000])
    assert camera_claims(jpeg).model in {None, "Pura 80"}


@settings(max_examples=300)
@given(st.binary(max_size=200), st.binary(min_size=4, max_size=4))
def test_no_exif_however_hostile_raises(album, body, offset):
    for order in (b"II*\0", b"MM\0*"):
        exif = b"Exif\0\0" + order + offset + body
        camera_claims(album.with_segment(album.encoded(Image.new("RGB", (8, 8))), 0xE1, exif))


@settings(max_examples=200)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_no_single_altered_byte_raises(album, place, value):
    exif = bytearray(album.camera_exif().tobytes())
    exif[place % len(exif)] = value
    jpeg = album.with_segment(album.encoded(Image.new("RGB", (8, 8))), 0xE1, bytes(exif))
    assert isinstance(camera_claims(jpeg), CameraClaims)
