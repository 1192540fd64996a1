import pytest
from PIL import Image, ImageEnhance

from server.gateways.images import distance, fingerprint


def test_a_fingerprint_is_64_bits(album):
    assert 0 < fingerprint(album.encoded(album.scene())) < 2**64


@pytest.mark.parametrize("again", ["smaller", "poorer", "PNG", "brighter", "turned by EXIF"])
def test_the_same_scene_again_is_near(album, again):
    picture = album.scene()
    remade = {
        "smaller": lambda: album.encoded(picture.resize((640, 480))),
        "poorer": lambda: album.encoded(picture, quality=30),
        "PNG": lambda: album.encoded(picture, "PNG", compress_level=1),
        "brighter": lambda: album.encoded(ImageEnhance.Brightness(picture).enhance(1.15)),
        "turned by EXIF": lambda: album.encoded(
            picture.transpose(Image.Transpose.ROTATE_90), exif=album.camera_exif(orientation=6)
        ),
    }[again]()
    assert distance(fingerprint(album.encoded(picture)), fingerprint(remade)) <= 6


def test_another_scene_is_far(album):
    picture = album.scene()
    one = fingerprint(album.encoded(picture))
    for other in (picture.transpose(Image.Transpose.ROTATE_90), album.quadrants(), picture.transpose(0)):
        assert distance(one, fingerprint(album.encoded(other))) > 16


def test_the_distance_counts_differing_bits():
    assert (distance(0, 0), distance(0b1011, 0b0010), distance(0, 2**64 - 1)) == (0, 2, 64)
