"""Goal G10: a hostile file harms nobody. Each goes through the renderer, as every photo does."""

import io
import os
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from server.gateways.images import Mark, NotAPicture, PictureRenderer, Reason

MARK = Mark(at=datetime(2026, 11, 22, 2, 0, 5, tzinfo=UTC), code="7KQ4-M2XD")
NOT_ACCEPTED, BROKEN, TOO_MANY = Reason.NOT_ACCEPTED, Reason.BROKEN, Reason.TOO_MANY_PIXELS
SHOWN = "shown"


def an_archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("canary.html", "<script>canary</script>")
    return out.getvalue()


def jpeg(album, **options):
    return album.encoded(album.quadrants(200, 200), **options)


def plain_png(album):
    return album.encoded(album.quadrants(200, 200), "PNG")


def heic_claiming(album, width, height):
    place = album.heic.index(b"ispe") + 8
    return album.heic[:place] + struct.pack(">II", width, height) + album.heic[place + 8 :]


def jpeg_claiming(album, width, height):
    data = jpeg(album)
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + struct.pack(">HH", height, width) + data[place + 4 :]


def looping_exif():
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHIII", 1, 0x8769, 4, 1, 8, 8)


def crowded_exif():
    entries = b"".join(struct.pack("<HHII", 40_000 + n % 20_000, 4, 1, n) for n in range(5_000))
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 5_000) + entries + bytes(4)


def exif_with_thumbnail(album):
    thumb = album.encoded(Image.new("RGB", (16, 16), "red"), comment=b"canary")
    head = struct.pack("<HI", 0, 14)
    count = struct.pack("<HHHIIHHIII", 2, 0x0201, 4, 1, 44, 0x0202, 4, 1, len(thumb), 0)
    return b"Exif\0\0II*\0\x08\0\0\0" + head + count + thumb


def bomb(size):
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)) + packer.flush()


FILES = {
    "nothing": (lambda a: b"", Reason.EMPTY),
    "one byte": (lambda a: b"\xff", NOT_ACCEPTED),
    "text": (lambda a: b"canary" * 100, NOT_ACCEPTED),
    "svg": (lambda a: b"<svg onload='alert(1)'/>", NOT_ACCEPTED),
    "svg behind a byte order mark": (lambda a: b"\xef\xbb\xbf<svg/>", NOT_ACCEPTED),
    "html": (lambda a: b"<!doctype html><script>1</script>", NOT_ACCEPTED),
    "php": (lambda a: b"<?php system($_GET[0]);", NOT_ACCEPTED),
    "eps": (lambda a: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", NOT_ACCEPTED),
    "eps with a dos head": (lambda a: b"\xc5\xd0\xd3\xc6" + bytes(30), NOT_ACCEPTED),
    "pdf": (lambda a: b"%PDF-1.7\n", NOT_ACCEPTED),
    "zip": (lambda a: an_archive(), NOT_ACCEPTED),
    "program": (lambda a: b"\x7fELF\x02\x01\x01" + bytes(60), NOT_ACCEPTED),
    "gif": (lambda a: a.encoded(a.quadrants(64, 64), "GIF"), NOT_ACCEPTED),
    "tiff": (lambda a: a.encoded(a.quadrants(64, 64), "TIFF"), NOT_ACCEPTED),
    "big tiff": (lambda a: b"II+\0\x08\0\0\0" + bytes(30), NOT_ACCEPTED),
    "webp": (lambda a: a.encoded(a.quadrants(64, 64), "WEBP"), SHOWN),
    "avif": (lambda a: a.encoded(a.quadrants(64, 64), "AVIF"), SHOWN),
    "bmp": (lambda a: a.encoded(a.quadrants(64, 64), "BMP"), NOT_ACCEPTED),
    "ico": (lambda a: a.encoded(a.quadrants(64, 64), "ICO"), NOT_ACCEPTED),
    "jpeg 2000": (lambda a: a.encoded(a.quadrants(64, 64), "JPEG2000"), NOT_ACCEPTED),
    "photoshop": (lambda a: b"8BPS\0\1" + bytes(40), NOT_ACCEPTED),
    "video": (lambda a: b"\0\0\0\x20ftypisom" + bytes(60), NOT_ACCEPTED),
    "avif called mif1": (lambda a: b"\0\0\0\x18ftypmif1\0\0\0\0avif" + bytes(60), BROKEN),
    "gif then jpeg": (lambda a: b"GIF89a" + jpeg(a), NOT_ACCEPTED),
    "html then jpeg": (lambda a: b"<html>" + jpeg(a), NOT_ACCEPTED),
    "head of a jpeg": (lambda a: b"\xff\xd8\xff\xe0", BROKEN),
    "head of a png": (lambda a: b"\x89PNG\r\n\x1a\n", BROKEN),
    "head of a heic": (lambda a: a.heic[:40], BROKEN),
    "jpeg cut": (lambda a: jpeg(a)[:2000], SHOWN),
    "png cut": (lambda a: plain_png(a)[:-60], SHOWN),
    "heic cut": (lambda a: a.heic[:-200], BROKEN),
    "jpeg of nothing": (lambda a: jpeg_claiming(a, 0, 0), BROKEN),
    "jpeg larger than its data": (lambda a: jpeg_claiming(a, 7000, 7000), None),
    "jpeg claiming 65000 x 65000": (lambda a: jpeg_claiming(a, 65_000, 65_000), TOO_MANY),
    "heic claiming 30000 x 30000": (lambda a: heic_claiming(a, 30_000, 30_000), TOO_MANY),
    "heic claiming 7000 x 7000": (lambda a: heic_claiming(a, 7_000, 7_000), None),
    "heic claiming 1 x 1": (lambda a: heic_claiming(a, 1, 1), None),
    "png of nothing": (lambda a: a.png(0, 0, rows=zlib.compress(b"")), BROKEN),
    "png of 30000 x 30000": (lambda a: a.png(30_000, 30_000, bit_depth=1, colour=0), TOO_MANY),
    "png of 12000 x 12000": (lambda a: a.png(12_000, 12_000), TOO_MANY),
    "png of 4 thousand million pixels": (lambda a: a.png(2**31 - 1, 2, rows=b""), TOO_MANY),
    "png of 49 megapixels in 50 KB": (lambda a: a.png(7_000, 7_000), SHOWN),
    "png with 100 MB behind its picture": (lambda a: a.png(10, 10, rows=bomb(100_000_000)), None),
    "png with a text bomb": (lambda a: a.png(10, 10, (b"zTXt", b"canary\0\0" + bomb(100_000_000))), None),
    "png with a profile bomb": (lambda a: a.png(10, 10, (b"iCCP", b"canary\0\0" + bomb(100_000_000))), None),
    "png with a hundred texts": (lambda a: a.png(10, 10, *[(b"tEXt", b"canary\0x")] * 100), SHOWN),
    "png with a bad checksum": (lambda a: plain_png(a)[:40] + b"\xff\xff" + plain_png(a)[42:], BROKEN),
    "png with an unknown critical chunk": (lambda a: a.png(10, 10, (b"EVIL", b"canary")), None),
    "png, 20000 wide, one high": (lambda a: a.png(20_000, 1), SHOWN),
    "png, one wide, 20000 high": (lambda a: a.png(1, 20_000), SHOWN),
    "one pixel": (lambda a: a.encoded(Image.new("RGB", (1, 1))), SHOWN),
    "jpeg with a comment": (lambda a: jpeg(a, comment=b"canary"), SHOWN),
    "jpeg with gps": (lambda a: jpeg(a, exif=a.camera_exif()), SHOWN),
    "jpeg with xmp": (
        lambda a: a.with_segment(jpeg(a), 0xE1, b"http://ns.adobe.com/xap/1.0/\0canary"),
        SHOWN,
    ),
    "jpeg with iptc": (
        lambda a: a.with_segment(jpeg(a), 0xED, b"Photoshop 3.0\x008BIM\4\4\0\0\0\0canary"),
        SHOWN,
    ),
    "jpeg with a thumbnail": (lambda a: a.with_segment(jpeg(a), 0xE1, exif_with_thumbnail(a)), SHOWN),
    "jpeg with exif in a ring": (lambda a: a.with_segment(jpeg(a), 0xE1, looping_exif()), SHOWN),
    "jpeg with 10000 tags": (
        lambda a: a.with_segment(a.with_segment(jpeg(a), 0xE1, crowded_exif()), 0xE1, crowded_exif()),
        SHOWN,
    ),
    "jpeg with 4 MB of profile": (lambda a: jpeg(a, icc_profile=b"canary" * 700_000), SHOWN),
    "jpeg with a hundred segments": (
        lambda a: jpeg(a)[:2] + (b"\xff\xe9\xff\xff" + b"c" * 65_533) * 100 + jpeg(a)[2:],
        SHOWN,
    ),
    "jpeg and zip": (lambda a: jpeg(a) + an_archive(), SHOWN),
    "jpeg and html": (lambda a: jpeg(a) + b"<script>canary</script>", SHOWN),
    "jpeg and php": (lambda a: a.with_segment(jpeg(a), 0xFE, b"<?php canary ?>"), SHOWN),
    "png and html": (lambda a: plain_png(a) + b"<script>canary</script>", SHOWN),
    "heic and zip": (lambda a: a.heic + an_archive(), SHOWN),
    "jpeg twice": (lambda a: jpeg(a) + jpeg(a), SHOWN),
    "animated png": (
        lambda a: a.encoded(
            a.quadrants(64, 64), "PNG", save_all=True, append_images=[a.quadrants(64, 64, "L")]
        ),
        SHOWN,
    ),
    "png, palette without colours": (lambda a: a.png(10, 10, colour=0, bit_depth=2), SHOWN),
}


@pytest.fixture(scope="module")
async def renderer():
    room = PictureRenderer(seconds=90)  # two cores may be busy with other tests
    yield room
    await room.close()


@pytest.mark.parametrize("name", FILES)
async def test_a_hostile_file_harms_nobody(renderer, album, name):
    make, expected = FILES[name]
    data = make(album)
    before, already = spent_seconds(renderer)
    outcome, renditions = await developed(renderer, data)
    child, spent = spent_seconds(renderer)
    assert spent - (already if child == before else 0.0) < 3
    assert peak_megabytes(renderer) <= 300
    assert expected in (outcome, None)
    assert all(album.has_no_metadata(one.data) for one in renditions)
    assert b"canary" not in b"".join(one.data for one in renditions)


async def developed(renderer, data):
    try:
        return SHOWN, (await renderer.render(data, mark=MARK)).renditions
    except NotAPicture as refusal:
        return refusal.reason, []


def spent_seconds(room):
    """Return the child's pid and its own CPU time, which other tests can't lengthen."""
    if room._child is None:
        return None, 0.0
    fields = Path(f"/proc/{room._child.pid}/stat").read_text().rpartition(")")[2].split()
    return room._child.pid, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_megabytes(room):
    lines = Path(f"/proc/{room._child.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def test_the_corpus_is_large_enough():
    assert len(FILES) >= 60
