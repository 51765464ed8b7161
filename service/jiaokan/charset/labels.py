"""What a document says about its charset: a byte order mark, a label from outside, a label within.

A mark is proof. A label is evidence: it is often wrong, and where the bytes say otherwise they are believed.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16-LE, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

# A label names the widest charset it is used for, as in the WHATWG Encoding Standard, section 4.2:
# pages labelled GB2312 hold GBK, pages labelled Big5 hold HKSCS. Keys are Python's canonical codec names.
_READ_AS: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "hz": "hz",
    "utf-8": "utf-8",
    "utf-16": "utf-16-le",  # without a mark the standard reads little-endian
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32-le",
    "utf-32-le": "utf-32-le",
    "utf-32-be": "utf-32-be",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "euc_jp": "euc_jp",
    "euc_kr": "cp949",
    "cp949": "cp949",
    "iso2022_jp": "iso2022_jp",
    "iso2022_kr": "iso2022_kr",
    "koi8-r": "koi8-r",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "cp1253": "cp1253",
    "cp1254": "cp1254",
    "cp1257": "cp1257",
    "cp1258": "cp1258",
}
# Labels that Python's registry does not know, or reads as something narrower.
_NAMED: Final = {
    "euc-tw": "euc_tw",
    "euctw": "euc_tw",
    "iso-2022-cn": "iso2022_cn",
    "iso2022cn": "iso2022_cn",
    "iso-2022-cn-ext": "iso2022_cn",
    "big5-uao": "big5hkscs",
}

# A page may declare its charset in its first 1024 bytes (HTML Living Standard, section 4.2.5.4).
_HEAD: Final = 1024
_WITHIN: Final = re.compile(
    rb"<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)


def codec_for(label: str) -> str | None:
    """The codec a charset label stands for on the web, or ``None`` for one that is unknown or says nothing.

    Latin-1 and Windows-1252 say nothing: they are what servers and editors declare when nobody told them.

    >>> codec_for("GB2312"), codec_for("x-gbk"), codec_for("latin-1"), codec_for("nonsense")
    ('gb18030', 'gb18030', None, None)
    """
    name = label.strip().strip("\"'").lower().removeprefix("x-")
    try:
        return _NAMED.get(name) or _READ_AS.get(codecs.lookup(name).name)
    except (LookupError, ValueError):  # ValueError: a null character in the label
        return None


def declared_within(raw: bytes) -> str | None:
    """The label that a page of HTML or XML gives of itself.

    >>> declared_within(b'<html><head><meta charset="gb2312">'), declared_within(b"<p>charset=big5")
    ('gb2312', None)
    """
    head = raw[:_HEAD]
    if b"<" not in head:
        return None
    found = _WITHIN.search(head)
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def declared(raw: bytes, label: str | None) -> dict[str, str]:
    """The codecs that are declared, from outside and within, each with the label it has there.

    A label that was found by reading bytes as ASCII cannot be UTF-16's; the standard takes it for UTF-8.

    >>> declared(b'<meta charset="utf-16">', "GBK")
    {'gb18030': 'GBK', 'utf-8': 'utf-16'}
    """
    found = {}
    if label and (codec := codec_for(label)):
        found[codec] = label
    within = declared_within(raw)
    if within and (codec := codec_for(within)):
        found.setdefault("utf-8" if codec.startswith(("utf-16", "utf-32")) else codec, within)
    return found
