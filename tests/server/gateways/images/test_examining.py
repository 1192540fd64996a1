import re

import pytest

from server.gateways.images import Kind, NotAPicture, Picture, Reason, examine, kind_by_content
from server.gateways.images.examining import LONGEST_SIDE, MOST_PIXELS, SENTENCES
from server.gateways.images.jpegs import MOST_PASSES, MOST_SCANS, MOST_SEGMENTS


def reason_for(data):
    with pytest.raises(NotAPicture) as refused:
        examine(data)
    return refused.value.reason


def test_the_kinds_are_told_by_content(album):
    assert examine(album.encoded(album.quadrants())) == Picture(Kind.JPEG, 480, 640)
    assert examine(album.encoded(album.quadrants(), "PNG")) == Picture(Kind.PNG, 480, 640)
    assert examine(album.heic) == Picture(Kind.HEIF, 480, 640)
    assert examine(album.encoded(album.quadrants(), "WEBP")) == Picture(Kind.WEBP, 480, 640)
    assert examine(album.encoded(album.quadrants(), "AVIF")) == Picture(Kind.AVIF, 480, 640)


def test_an_avif_that_calls_itself_a_still_picture_in_general_is_one(album):
    avif = album.encoded(album.quadrants(), "AVIF")
    assert avif[8:12] == b"avif"
    assert examine(avif[:8] + b"mif1" + avif[12:]).kind is Kind.AVIF


def test_a_picture_on_disk_is_examined_too(album, tmp_path):
    path = tmp_path / "photo.txt"
    path.write_bytes(album.encoded(album.quadrants()))
    assert examine(path).kind is Kind.JPEG


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "EPS", "PDF", "ICO", "PPM", "JPEG2000", "TGA"])
def test_every_other_kind_of_picture_is_refused(album, kind):
    assert reason_for(album.encoded(album.quadrants(64, 64), kind)) is Reason.NOT_ACCEPTED


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>alert(1)</script></html>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"PK\x03\x04rest of an archive",
        b"\x7fELF\x02\x01\x01",
        b"\0\0\0\x1cftypisom\0\0\0\0",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"GIF89a\xff\xd8\xff",
        b" \xff\xd8\xff\xe0",
        b"\0",
    ],
)
def test_what_is_no_picture_is_refused(data):
    assert reason_for(data) is Reason.NOT_ACCEPTED


def test_an_empty_file_is_called_empty():
    assert reason_for(b"") is Reason.EMPTY


@pytest.mark.parametrize("head", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x1cftypheic\0\0\0\0"])
def test_a_head_without_a_body_is_broken(head):
    assert reason_for(head + b"junk" * 10) is Reason.BROKEN


def test_as_many_pixels_pass_as_fit_into_memory_and_one_more_row_does_not(album):
    assert examine(album.png(10_000, 6_800, rows=b"")).width * 6_800 == MOST_PIXELS[Kind.PNG]
    assert reason_for(album.png(10_000, 6_801, rows=b"")) is Reason.TOO_MANY_PIXELS


@pytest.mark.parametrize("size", [(8192, 6144), (12_000, 9_000), (16_320, 12_240), (16_382, 3_914)])
def test_every_sensor_and_panorama_of_a_phone_is_taken_as_jpeg(album, size):
    assert (examine(album.jpeg_claiming(*size)).width, size[1]) == size


def test_more_pixels_may_be_passed_over_less_often(album):
    passes = MOST_PASSES // (10_000 * 8_000)
    assert examine(album.jpeg_claiming(10_000, 8_000, scans=passes)).width == 10_000
    assert reason_for(album.jpeg_claiming(10_000, 8_000, scans=passes + 1)) is Reason.TOO_HEAVY


def test_a_side_may_be_long_but_not_endless(album):
    assert examine(album.png(LONGEST_SIDE, 10, rows=b"")).width == LONGEST_SIDE
    assert reason_for(album.png(10, LONGEST_SIDE + 1, rows=b"")) is Reason.TOO_MANY_PIXELS


def test_examining_decodes_nothing(album):
    assert examine(album.png(7_000, 7_000, rows=b"no picture data at all")).kind is Kind.PNG


def test_sixty_four_passes_over_the_pixels_are_made_and_not_one_more(album):
    assert examine(album.of_scans(MOST_SCANS, 80, 60)).kind is Kind.JPEG
    assert reason_for(album.of_scans(MOST_SCANS + 1, 80, 60)) is Reason.TOO_HEAVY


def test_a_head_of_endless_segments_is_refused(album):
    whole = album.encoded(album.quadrants())
    used = len(album.segments(whole)) + 2  # its start and its one scan
    comment = b"\xff\xfe\0\2"
    assert examine(whole[:2] + comment * (MOST_SEGMENTS - used) + whole[2:]).kind is Kind.JPEG
    assert reason_for(whole[:2] + comment * (MOST_SEGMENTS - used + 1) + whole[2:]) is Reason.TOO_HEAVY


def test_a_preview_inside_a_photo_is_no_scan_of_it(album):
    preview = b"".join(b"\xff\xda\0\x0c" for _ in range(MOST_SCANS + 1))
    assert examine(album.with_segment(album.encoded(album.quadrants()), 0xE1, preview)).kind is Kind.JPEG


def test_a_kind_is_known_from_its_first_bytes(album):
    assert kind_by_content(album.heic[:12]) is Kind.HEIF
    with pytest.raises(NotAPicture):
        kind_by_content(b"GIF89a")


def test_every_reason_says_in_chinese_what_happened_and_what_next():
    assert set(SENTENCES) == set(Reason)
    for reason in Reason:
        sentence = NotAPicture(reason).message_zh
        assert re.fullmatch(r"[^。]*。请[^。]*。|[^。]*。请[^。]*，[^。]*。", sentence), sentence
