"""Tests of the decoding of sources."""

import pytest

from mlguide_site.errors import ContentError, Severity
from mlguide_site.importers import Source
from mlguide_site.importers.common.decoding import decode_text, decode_xml


@pytest.mark.parametrize(("data", "text"), [(b"Don\x92t", "Don’t"), ("é".encode(), "é")])
def test_bytes_of_xml_that_are_not_utf_8_are_windows_1252(data: bytes, text: str) -> None:
    assert decode_xml(Source("a", data), "", Severity.ERROR)[0].decode() == text


@pytest.mark.parametrize("codec", ["iso-2022-jp", "iso-2022-kr", "shift_jis", "koi8-r"])
def test_xml_is_read_in_its_declared_encoding(codec: str) -> None:
    word = {"iso-2022-kr": "직조", "koi8-r": "Ткань"}.get(codec, "織物の話")
    text = f'<?xml version="1.0" encoding="{codec}"?><a>{word}</a>'
    for data in (text.encode(codec), text.encode()):
        assert decode_xml(Source("a", data), "", Severity.ERROR) == (text.encode(), None)


@pytest.mark.parametrize(
    ("declared", "codec", "word"),
    [
        ("Shift_JIS", "cp932", "髙橋さんの糸①"),
        ("windows-31j", "cp932", "髙橋さんの糸①"),
        ("GB2312", "gb18030", "朱镕基"),
        ("EUC-JP", "euc_jis_2004", "橋さんの糸①㈱"),
        ("Big5", "cp950", "絲綢€"),
        ("EUC-KR", "cp949", "똠얌꿍"),
        ("ks_c_5601-1987", "cp949", "똠얌꿍"),
        ("CP949", "cp949", "똠얌꿍"),
        ("TIS-620", "cp874", "ผ้าไหม"),
        ("x-mac-roman", "mac-roman", "tissé"),
        ("utf-16", "utf-8", "tissé"),
        ("x-user-defined", "cp1252", "tissé"),
        ("unknown", "cp1252", "tissé"),
    ],
)
def test_declared_encodings_are_read_as_browsers_read_them(declared: str, codec: str, word: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><a>{word}</a>'
    read, problem = decode_xml(Source("a", text.encode(codec)), "", Severity.ERROR)
    assert read == text.encode() and (problem is None or codec == "cp1252")


@pytest.mark.parametrize(
    ("declared", "word", "invalid"),
    [
        ("Shift_JIS", "織物の話", b"\x93"),
        ("EUC-KR", "직조 이야기", b"\xc1"),
        ("windows-1251", "Ткань", b"\x98"),
        ("ISO-2022-JP", "織物の話", b"\x1b$B\x2d\x21\x1b(B"),
    ],
)
def test_an_invalid_byte_leaves_the_other_bytes_of_a_declared_encoding(
    declared: str, word: str, invalid: bytes
) -> None:
    start = f'<?xml version="1.0" encoding="{declared}"?><a>'.encode()
    data = start + word.encode(declared) + b"<b>" + invalid + b"</b></a>"
    read, problem = decode_xml(Source("a", data), "", Severity.WARNING)
    assert read.decode() == f"{start.decode()}{word}<b>\ufffd</b></a>" and problem


@pytest.mark.parametrize("declared", ["Shift_JIS", "ISO-8859-1", "windows-1251", "koi8-r"])
def test_utf_8_with_an_invalid_byte_and_another_declaration_stays_utf_8(declared: str) -> None:
    data = f'<?xml version="1.0" encoding="{declared}"?><a>織物の話'.encode() + b"\x92</a>"
    read, problem = decode_xml(Source("a", data), "", Severity.WARNING)
    assert read.decode().endswith("織物の話’</a>") and problem


@pytest.mark.parametrize(
    ("declared", "word"),
    [("ISO-8859-1", "Größe, prêt"), ("windows-1251", "Ткань"), ("koi8-r", "Ткань"), ("GBK", "纺织品的故事")],
)
def test_valid_bytes_of_a_declared_encoding_are_not_utf_8(declared: str, word: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><a>{word}</a>'
    assert decode_xml(Source("a", text.encode(declared)), "", Severity.ERROR) == (text.encode(), None)


def test_text_has_plain_line_breaks_and_no_byte_order_mark() -> None:
    assert decode_text(Source("a.txt", b"\xef\xbb\xbfOne\r\nTwo"), 100) == "One\nTwo"


def test_an_invalid_byte_is_reported_with_its_position() -> None:
    with pytest.raises(ContentError) as found:
        decode_text(Source("a.txt", b"One\nT\xffo"), 100)
    assert str(found.value) == "a.txt:2:2: byte 0xff is not UTF-8; save the file as UTF-8"


def test_other_spaces_at_the_start_of_a_line_are_no_indentation() -> None:
    text = decode_text(Source("a.txt", "\u3000\u3000\u3000\u3000第一段\n \u00a0a\u00a0b\u2028c".encode()), 100)
    assert text == "\u3000\u3000\u3000\u3000第一段\n \u00a0a b c"
