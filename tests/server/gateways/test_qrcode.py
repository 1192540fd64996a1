"""QR codes: drawn without any style that a strict page policy would refuse."""

from server.gateways.qrcode import as_svg


def test_a_code_is_an_inline_drawing_without_style():
    drawn = as_svg("otpauth://totp/督察通:chen?secret=ABC&issuer=督察通")

    assert drawn.startswith("<svg ")
    assert drawn.endswith("</svg>")
    for forbidden in ("style", "class", "script", "http", "督察通"):
        assert forbidden not in drawn
