"""The paper of a letter, measured on the PDF itself: GB/T 9704-2012, letter form (positions ± 1 mm)."""

import ctypes
import json
from dataclasses import dataclass
from io import BytesIO

import docx
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from models.vocabulary import Role
from server.gateways.typesetting import typeset_with_pages
from server.gateways.word_documents import TemplateBroken, fill_document
from server.letters.setting import DOCUMENT

MM = 25.4 / 72
GLYPHS = "祎珺堃㼆㎡"
ISSUER = "中共银川市委全面深化改革委员会办公室"
LETTER = {
    "issuer": ISSUER,
    "number": "银改办督〔2026〕7号",
    "title": "关于督察事项限期整改的督办函",
    "addressee": "银川市住房和城乡建设局",
    "copy_to": "市委督查室",
    "paragraphs": [f"涉及{GLYPHS}。", "口" * 1500],
    "annexes": ["问题清单", "整改时限表"],
    "date": "2026年11月28日",
    "void": False,
}


@dataclass(frozen=True)
class Glyph:
    """A character and its box in millimetres from the page's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@pytest.fixture(scope="module")
async def paper():
    return await typeset_with_pages(DOCUMENT, data=json.dumps(LETTER).encode())


def glyphs_of(page):
    """Return the ink boxes of a page's characters, in reading order."""
    text, height = page.get_textpage(), page.get_height()
    found = []
    for at in range(text.count_chars()):
        letter = text.get_text_range(at, 1)
        if letter.strip():
            left, bottom, right, top = text.get_charbox(at, loose=False)
            found.append(Glyph(letter, left * MM, (height - top) * MM, right * MM, (height - bottom) * MM))
    return found


def origins_of(page):
    """Return (character, x, y) of each character's origin, in millimetres from the upper left corner."""
    text, height, found = page.get_textpage(), page.get_height(), []
    for at in range(text.count_chars()):
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        found.append((text.get_text_range(at, 1), x.value * MM, (height - y.value) * MM))
    return [one for one in found if one[0].strip()]


def lines_of(page):
    """Return the boxes of everything drawn besides text, in millimetres."""
    height, found = page.get_height(), []
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = thing.get_pos() if hasattr(thing, "get_pos") else thing.get_bounds()
        found.append((left * MM, (height - top) * MM, right * MM, (height - bottom) * MM))
    return sorted(found, key=lambda one: one[1])


async def test_name_lines_and_number_stand_where_the_standard_says(paper):
    page = pdfium.PdfDocument(paper[0])[0]
    assert (page.get_width() * MM, page.get_height() * MM) == pytest.approx((210, 297), abs=0.2)
    glyphs = glyphs_of(page)
    name = glyphs[: len(ISSUER)]
    assert "".join(one.text for one in name) == ISSUER
    assert min(one.top for one in name) == pytest.approx(30, abs=1)
    upper_thick, upper_thin, lower_thin, lower_thick = lines_of(page)
    assert upper_thick[1] - max(one.bottom for one in name) == pytest.approx(4, abs=1)
    for left, top, right, bottom in (upper_thick, upper_thin, lower_thin, lower_thick):
        around = (bottom - top) / 2  # the box of a stroke has half its height around the line's ends too
        assert right - left - 2 * around == pytest.approx(170, abs=1)
        assert left + around == pytest.approx(20, abs=1)
    thickness = [bottom - top for _, top, _, bottom in (upper_thick, upper_thin, lower_thin, lower_thick)]
    assert thickness[0] > thickness[1]
    assert thickness[3] > thickness[2]
    assert 297 - lower_thick[3] == pytest.approx(20, abs=1)
    number = next(one for one in glyphs if one.text == "号")
    assert number.right == pytest.approx(210 - 26, abs=1)
    assert number.top - upper_thin[3] == pytest.approx(7 / 8 * 16 * MM, abs=1)


async def test_a_page_has_22_lines_of_28_characters_on_156_by_225_millimetres(paper):
    page = pdfium.PdfDocument(paper[0])[1]
    body = [(x, y) for letter, x, y in origins_of(page) if letter == "口"]
    rows = sorted({round(y, 1) for _, y in body})
    assert len(rows) == 22
    full = [[x for x, y in body if round(y, 1) == row] for row in rows]
    assert {len(row) for row in full} == {28}
    assert rows[1] - rows[0] == pytest.approx(225 / 22, abs=0.1)
    assert full[0][0] == pytest.approx(28, abs=1)
    assert full[0][27] - full[0][0] == pytest.approx(156 * 27 / 28, abs=1)
    ink = [one for one in glyphs_of(page) if one.text == "口"]
    assert min(one.top for one in ink) >= 37 - 1
    assert max(one.bottom for one in ink) <= 297 - 35 + 1


async def test_the_first_page_has_no_number_and_later_ones_have(paper):
    pages = list(pdfium.PdfDocument(paper[0]))
    assert len(pages) == len(paper[1]) >= 3
    texts = ["".join(one.text for one in glyphs_of(page)) for page in pages]
    assert "—1—" not in texts[0]
    assert all(f"—{number}—" in text for number, text in enumerate(texts[1:], start=2))


async def test_annexes_signature_and_copy_to_close_the_letter_and_leave_room_for_the_seal(paper):
    glyphs = glyphs_of(list(pdfium.PdfDocument(paper[0]))[-1])
    text = "".join(one.text for one in glyphs)
    assert "附件：1.问题清单2.整改时限表" in text
    assert "抄送：市委督查室" in text
    at = text.index(ISSUER)
    name, date = glyphs[at : at + len(ISSUER)], glyphs[at + len(ISSUER) : at + len(ISSUER) + 11]
    assert "".join(one.text for one in date) == "2026年11月28日"
    middle = (name[0].left + name[-1].right) / 2
    assert (date[0].left + date[-1].right) / 2 == pytest.approx(middle, abs=1)
    above = max(one.bottom for one in glyphs[:at])
    seal_top = (
        (name[0].bottom + date[0].top) / 2 - 3 - 21
    )  # 42 mm across, its centre a little above name and date
    assert 0 <= seal_top - above <= 225 / 22
    assert middle + 21 <= 210
    copied = glyphs[text.index("抄送")]
    assert copied.bottom == pytest.approx(297 - 35, abs=3)


async def test_rare_characters_are_printed_and_it_is_pdf_a(paper):
    pdf, pages = paper
    found = {one.text: one for one in glyphs_of(pdfium.PdfDocument(pdf)[0])}
    assert set(GLYPHS) <= set(found)
    assert "□" not in found
    assert b"pdfaid" in pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert all(page.startswith(b"\x89PNG") for page in pages)


async def test_a_voided_letter_says_so_across_the_paper():
    told = json.dumps(LETTER | {"void": True}).encode()
    pdf, _ = await typeset_with_pages(DOCUMENT, data=told)
    text = "".join(one.text for one in glyphs_of(pdfium.PdfDocument(pdf)[0]))
    assert {"作", "废"} <= set(text)
    assert "作废" not in json.dumps(LETTER, ensure_ascii=False)


def paragraphs_of(content):
    return [one.text for one in docx.Document(BytesIO(content)).paragraphs if one.text.strip()]


async def test_the_editable_copy_is_filled_from_a_template_and_words_are_no_markup(desk, office):
    item = await desk.late_item(title="<w:b/>&{{ issuer }}{% x %}")
    letter = await desk.signed(item=item)
    luo = await office.desk_of("严主任", Role.OFFICE_LEAD)
    answer = await luo.get(f"/letters/{letter.id}/docx")
    found = paragraphs_of(answer.content)
    assert letter.number_text in found
    assert f"{letter.addressee}：" in found
    assert any("“<w:b/>&{{ issuer }}{% x %}”" in one for one in found)
    assert "docx" in answer.headers["content-disposition"]


async def test_the_office_s_own_template_counts_and_a_broken_one_says_so(tmp_path):
    own = docx.Document()
    own.add_paragraph("〖{{ number }}〗")
    own.save(tmp_path / "own.docx")
    assert paragraphs_of(fill_document(tmp_path / "own.docx", {"number": "7号"})) == ["〖7号〗"]
    own.add_paragraph("{{ unknown }}")
    own.save(tmp_path / "own.docx")
    with pytest.raises(TemplateBroken):
        fill_document(tmp_path / "own.docx", {"number": "7号"})
    (tmp_path / "own.docx").write_bytes(b"no document")
    with pytest.raises(TemplateBroken):
        fill_document(tmp_path / "own.docx", {"number": "7号"})
