"""What a file is, by its first and last bytes and never by its name; nothing in it is run, drawn or unpacked. Pure."""

import zipfile
from io import BytesIO

from models.vocabulary import FileKind as K
from server.files.refusals import FileHasMacros, FileNotAccepted

HEAD_BYTES = 1024
TAIL_BYTES = 1024 * 1024  # holds the table of contents of every honest document
PARTS = {K.DOCX: "word/document.xml", K.XLSX: "xl/workbook.xml"}
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
CODE = ("vbaproject", "activex", "oleobject")


def kind_of(head: bytes, tail: bytes) -> K:
    """Return a file's kind by its content; raises FileNotAccepted, FileHasMacros."""
    if head.startswith(b"%PDF-"):
        return K.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return K.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return K.PNG
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return K.HEIC
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(tail)
    raise FileNotAccepted


def _office_kind(tail: bytes) -> K:
    try:
        names = zipfile.ZipFile(BytesIO(tail)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileNotAccepted from error
    if any(code in name.lower() for name in names for code in CODE):
        raise FileHasMacros
    found = [kind for kind, part in PARTS.items() if part in names and "[Content_Types].xml" in names]
    if len(found) != 1:
        raise FileNotAccepted
    return found[0]
