"""The tables behind the codecs that Python lacks or has in another form, and what Python's own do."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from jiaokan.charset import cns
from jiaokan.charset.decoding import decode

CHARSET = files("jiaokan.charset")
TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
# Pairs that this reading of Big5 gives another character than the codec of Python that wrote them: ten symbols for
# ``big5`` and ``big5hkscs``, two slashes for ``cp950``.
SYMBOLS = {
    "a145": "•‧",
    "a14e": "､﹑",
    "a1c2": "‾¯",
    "a1e3": "∼～",
    "a1f2": "♁⊕",
    "a1f3": "☉⊙",
    "a244": "¥￥",
    "a246": "¢￠",
    "a247": "£￡",
    "f9fe": "￭▓",
}
SLASHES = {"a241": "∕／", "a242": "﹨＼"}


def readings(codec: str) -> dict[str, str]:
    """Every pair that one of Python's codecs reads, in hexadecimal."""
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in TRAILS)
    read = {pair.hex(): pair.decode(codec, "ignore") for pair in pairs}
    return {pair: text for pair, text in read.items() if text and not text.isascii()}


def disagreements(codec: str) -> dict[str, str]:
    """Where text that the codec wrote reads back as another: what it wrote, and what is read."""
    written = {text.encode(codec).hex(): text for text in readings(codec).values()}
    read = {pair: decode(bytes.fromhex(pair), "big5hkscs")[0] for pair in written}
    return {pair: text + read[pair] for pair, text in written.items() if read[pair] != text}


def in_eten_area(pair: str) -> bool:
    return "c6a1" <= pair <= "c7fc"


def test_what_hkscs_wrote_reads_back_but_for_ten_symbols() -> None:
    assert disagreements("big5hkscs") == SYMBOLS


def test_what_windows_wrote_reads_back_but_for_two_slashes_and_kana_that_windows_has_not() -> None:
    found = disagreements("cp950")
    assert {pair: chars for pair, chars in found.items() if not in_eten_area(pair)} == SLASHES
    assert len(found) == 251


def test_what_python_s_big5_wrote_reads_back_but_for_the_symbols_and_kana_in_no_other_s_place() -> None:
    found = disagreements("big5")
    assert {pair: chars for pair, chars in found.items() if not in_eten_area(pair)} == {
        pair: SYMBOLS[pair] for pair in SYMBOLS if pair != "f9fe"
    }
    assert len(found) == 258
    assert found["c6a5"] == "ぁ⑤"
    assert decode(b"\xc6\xe7", "big5hkscs")[0] == "ぁ"


def added() -> Iterator[tuple[bytes, str]]:
    for line in (CHARSET / "data/big5.txt").read_text("utf-8").splitlines():
        yield bytes.fromhex(line[:4]), line[5:]


def test_the_added_pairs_are_those_that_python_s_hkscs_has_not() -> None:
    pairs = dict(added())
    assert len(pairs) == 192
    for pair, char in pairs.items():
        assert decode(pair, "big5hkscs") == (char, ())
        with pytest.raises(UnicodeDecodeError):
            pair.decode("big5hkscs")
    assert pairs[b"\xa3\xe1"] == "€"
    assert pairs[b"\x87\xa4"] == "龗"


def test_four_pairs_of_hkscs_are_a_letter_with_a_mark() -> None:
    raw = b"\x88\x62\x88\x64\x88\xa3\x88\xa5"
    assert decode(raw, "big5hkscs") == ("Ê\u0304Ê\u030cê\u0304ê\u030c", ())


@pytest.mark.parametrize("name", ["big5.txt", "cns11643.txt"])
def test_a_table_is_the_one_of_its_record(name: str) -> None:
    table = (CHARSET / "data" / name).read_bytes()
    record = (CHARSET / "SOURCES.md").read_text("utf-8")
    stated = re.search(rf"`data/{name}`[^)]*?([\d,]+) bytes, sha256 (\w+)\)", record)
    assert stated
    assert stated[1] == f"{len(table):,}"
    assert stated[2] == hashlib.sha256(table).hexdigest()


def test_the_planes_of_cns_have_their_characters() -> None:
    first, second = cns.plane(1), cns.plane(2)
    assert (len(first), len(second)) == (5_867, 7_650)
    assert (first[b"!!"], first[b"D!"], first[b"}K"]) == ("\u3000", "一", "籲")
    assert (second[b"!!"], second[b"rD"]) == ("乂", "龘")


def test_cns_holds_all_that_big5_holds_but_two_that_it_has_twice_and_one_that_cns_writes_in_another_way() -> None:
    big5 = {
        bytes((lead, trail)).decode("big5", "ignore") for lead in range(0xA4, 0xF9) for trail in TRAILS if lead != 0xC7
    }
    han = {char for char in big5 if char and ("一" <= char <= "鿿" or "豈" <= char <= "﫿")}
    assert han - {*cns.plane(1).values(), *cns.plane(2).values()} == {"\ufa0c", "\ufa0d", "彝"}


@pytest.mark.parametrize("codec", ["euc_tw", "iso2022_cn"])
def test_python_has_no_codec_of_this_name(codec: str) -> None:
    with pytest.raises(LookupError):
        codecs.lookup(codec)


def test_python_takes_two_good_characters_for_the_rest_of_four_bytes() -> None:
    assert b"\xb52x".decode("gb18030", "replace") == "\ufffd"


def test_python_loses_one_byte_of_a_pair_without_a_character_and_gets_out_of_step() -> None:
    assert b"\xa3\xe1a".decode("big5hkscs", "replace") == "\ufffd墑"


def test_python_s_hz_loses_the_end_of_a_line_within_pairs() -> None:
    assert "\n" not in b"~{VPND\nabc".decode("hz", "replace")


def test_python_s_utf8_ends_a_loss_where_the_next_character_can_begin() -> None:
    assert b"\xe4\xb8\xe4\xb8\xad".decode("utf-8", "replace") == "\ufffd中"
