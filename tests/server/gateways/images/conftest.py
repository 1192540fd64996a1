"""Pictures that the tests make themselves."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw, TiffImagePlugin

# Made once with an HEVC encoder: `quadrants()` turned left, with the EXIF and orientation 6 of a phone.
HEIC = Path(__file__).parents[3] / "pictures" / "upright.heic"

CORNERS = {"red": (0.1, 0.1), "green": (0.9, 0.1), "blue": (0.1, 0.9), "white": (0.9, 0.9)}
COLOURS = {"red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}


def quadrants(width=480, height=640, mode="RGB"):
    """Return a picture that is, upright, red top left, green top right, blue bottom left and white bottom right."""
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for name, (x, y) in CORNERS.items():
        left, top = round(x) * width // 2, round(y) * height // 2
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=name)
    return picture.convert(mode)


def stands_upright(picture):
    def close(name, spot):
        seen = picture.convert("RGB").getpixel((int(spot[0] * picture.width), int(spot[1] * picture.height)))
        return all(abs(one - other) < 40 for one, other in zip(seen, COLOURS[name], strict=True))

    return all(close(name, spot) for name, spot in CORNERS.items())


def scene(width=1600, height=1200):
    """Return a picture with light, dark and detail, as photos have."""
    ramp = Image.linear_gradient("L").resize((width, height))
    waves = Image.effect_mandelbrot((width, height), (-2, -1.2, 1, 1.2), 60)
    return Image.merge("RGB", (ramp, waves, ramp.transpose(Image.Transpose.ROTATE_180)))


def encoded(picture, kind="JPEG", **options):
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def camera_exif(*, orientation=1, offset="+08:00", latitude=((38.0, 29.0, 13.92), "N")):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x0110] = "华为".encode(), "Pura 80\0"
    exif[0x9C9C] = "canary-comment".encode("utf-16-le")
    photo = exif.get_ifd(0x8769)
    photo[0x9003] = "2026:11:22 10:00:05"
    if offset:
        photo[0x9011] = offset
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = latitude[1], latitude[0]
    gps[3], gps[4] = "E", (106.0, 13.0, 51.24)
    gps[5], gps[6] = b"\0", TiffImagePlugin.IFDRational(11105, 10)
    return exif


def png(width, height, *chunks, bit_depth=8, colour=2, rows=None):
    """Build a PNG by hand: `rows` is the packed picture data, black by default; `chunks` precede it."""
    if rows is None:
        packer = zlib.compressobj(9)
        bits = width * bit_depth * {0: 1, 2: 3, 6: 4}[colour]
        row = bytes(1 + -(-bits // 8))
        rows = b"".join([packer.compress(row * 100) for _ in range(-(-height // 100))]) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, bit_depth, colour, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def with_segment(jpeg, marker, body):
    """Return a JPEG with one more segment right after its start."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + jpeg[2:]


def of_scans(scans, width=7000, height=7000):
    """Return a small JPEG with this many scans."""
    jpeg = encoded(quadrants(width, height), progressive=True, quality=50)
    last, usual = jpeg.rindex(b"\xff\xda"), jpeg.count(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * (scans - usual) + jpeg[-2:]


def jpeg_claiming(width, height, scans=1):
    """Return a small JPEG whose header claims this size, with this many scans."""
    jpeg = encoded(quadrants(64, 64)) if scans == 1 else of_scans(scans, 64, 64)
    frame = jpeg.index(b"\xff\xc0" if scans == 1 else b"\xff\xc2") + 5
    return jpeg[:frame] + struct.pack(">HH", height, width) + jpeg[frame + 4 :]


def segments(jpeg):
    """Return the markers of a JPEG before its picture data, APP0 … as (marker, body)."""
    found, place = [], 2
    while jpeg[place + 1] != 0xDA:
        marker, length = struct.unpack_from(">xBH", jpeg, place)
        found.append((marker, jpeg[place + 4 : place + 2 + length]))
        place += 2 + length
    return found


def has_no_metadata(jpeg):
    """Whether a JPEG has nothing but JFIF's size, the tables, and the picture up to its end."""
    markers = {marker for marker, _ in segments(jpeg)}
    jfif = [body for marker, body in segments(jpeg) if marker == 0xE0]
    return (
        markers == {0xE0, 0xDB, 0xC0, 0xC4}
        and [(body[:5], len(body)) for body in jfif] == [(b"JFIF\0", 14)]
        and jpeg.endswith(b"\xff\xd9")
        and b"canary" not in jpeg
    )


@pytest.fixture(scope="session")
def album():
    """The makers above, by name."""
    return SimpleNamespace(
        heic=HEIC.read_bytes(),
        quadrants=quadrants,
        stands_upright=stands_upright,
        scene=scene,
        encoded=encoded,
        camera_exif=camera_exif,
        png=png,
        with_segment=with_segment,
        of_scans=of_scans,
        jpeg_claiming=jpeg_claiming,
        segments=segments,
        has_no_metadata=has_no_metadata,
    )
