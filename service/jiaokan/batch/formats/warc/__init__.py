"""WARC archives: of WET the texts, of WARC the texts of the pages, as WET has them; all other records as they are.

Read it in this order: ``unpacking`` (bytes and members), ``records`` (where each stands), ``responses`` (the bytes of
a page as its server meant them), ``html`` beside this folder (its text), ``writing``.

A response or resource that holds HTML or plain text becomes a ``conversion`` record with the repaired text in UTF-8.
What is asked to be told of a text (``Repairer.wanted``) follows it in a ``metadata`` record, as JSON with the keys
``jiaokan.NAME``, which ``WARC-Refers-To`` ties to it.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from jiaokan.batch.compression import writing as compressed
from jiaokan.batch.documents import Place, Reject, Repaired, Repairer, too_long
from jiaokan.batch.formats.html import PageError, text_of
from jiaokan.batch.formats.warc import writing
from jiaokan.batch.formats.warc.records import Broken, Record, is_archive, records
from jiaokan.batch.formats.warc.responses import Payload, UndecodableError, bytes_of, payload_of
from jiaokan.batch.formats.warc.unpacking import Unpacked
from jiaokan.batch.pieces import InputError, Piece, Shape
from jiaokan.charset.source import Source
from jiaokan.records import to_utf8
from jiaokan.report import Repair


def pieces(path: Path, size: int) -> Iterator[Piece]:
    """The pieces of an archive, compressed or not: records until they are ``size`` bytes of the file.

    All of it is unpacked for this, since a page may itself hold what looks like the start of a record.

    Raises:
        OSError: it cannot be read.
        InputError: it is no archive.
    """
    with path.open("rb") as file:
        source, start, end = Unpacked(file), 0, path.stat().st_size
        if end and not is_archive(source):
            raise InputError(f"it is no WARC file: {source.broken or 'it does not begin with a record'}")
        for record in records(source, 0):
            if isinstance(record, Record) and record.extent and record.extent[0] - start >= size:
                yield Piece(path, start, record.extent[0], first=not start)
                start = record.extent[0]
    yield Piece(path, start, end, first=not start)


def rewrite(piece: Piece, target: BinaryIO, shape: Shape, repairer: Repairer) -> int:
    """Write the records of a piece, those that hold text repaired, and say how many there were."""
    count = 0
    one, each = (shape.compression, None) if shape.text_only else (None, shape.compression)
    with piece.path.open("rb") as file, compressed(target, one) as written:
        source = Unpacked(file) if piece.compression else Unpacked(file, piece.start, piece.end)
        output = writing.Output(written, each, file, source.compression)
        for count, found in enumerate(records(source, repairer.longest), 1):
            place = Place(shape.name, count)
            if isinstance(found, Broken):
                repairer.rejected(Reject(place, found.reason))
            elif payload := payload_of(found):
                named = place._replace(name=found.header("WARC-Target-URI") or None)
                if repaired := _repaired(found, payload, named, repairer):
                    _write(output, found, payload, repaired, shape.text_only)
            elif not shape.text_only:
                output.keep(found)
    return count


def _repaired(record: Record, payload: Payload, place: Place, repairer: Repairer) -> Repaired | None:
    """The repaired text of a record, ``None`` if it was rejected."""
    reason = repairer.met(place)
    if not reason and not record.whole:
        reason = too_long(record.length, repairer.longest)
    if not reason:
        try:
            return _repaired_text(payload, place, replace(repairer, met=lambda _place: None))
        except (PageError, UndecodableError) as error:
            reason = str(error)
        except MemoryError:
            reason = f"there is no memory to read its {record.length:,} bytes"
        except Exception as error:  # a bug, which must not cost the other documents
            reason = f"{type(error).__name__}: {error}"
    repairer.rejected(Reject(place, reason))
    return None


def _repaired_text(payload: Payload, place: Place, repairer: Repairer) -> Repaired | None:
    raw = bytes_of(payload, repairer.longest)
    charset = payload.charset or repairer.charset
    if not payload.is_page or len(raw) > repairer.longest:
        return repairer.repair(raw, place, charset or payload.usual)
    read = Source.read(raw, charset)
    repaired = _told(repairer, read).repair(text_of(read.text), place)
    if repaired and "charset" in repaired.added:
        return repaired._replace(added={**repaired.added, "charset": read.charset})
    return repaired


def _told(repairer: Repairer, read: Source) -> Repairer:
    """The repairer, telling of each text how the bytes were read that it is the text of."""

    def noted(place: Place, size: int, repair: Repair, start: int) -> None:
        source = replace(read, raw=repair.source.raw, text=repair.source.text, losses=(), passages=())
        repairer.noted(place, size, replace(repair, source=source), start)

    return replace(repairer, noted=noted)


def _write(output: writing.Output, record: Record, payload: Payload, repaired: Repaired, text_only: bool) -> None:
    content = to_utf8(repaired.text)
    if text_only:
        output.target.write(content + b"\n")
        return
    about = record.header("WARC-Record-ID")
    if not payload.is_converted:
        about, head = writing.conversion(record, content)
        output.write(head, [content])
    elif (content := _marked(content, payload.raw)) == payload.raw:
        output.keep(record)
    else:
        output.write(writing.changed(record, content), [content])
    if repaired.added:
        head, told = writing.account(record, about, repaired.added)
        output.write(head, [told])


def _marked(content: bytes, raw: bytes) -> bytes:
    """The content, with the byte order mark that it had."""
    return codecs.BOM_UTF8 + content if raw.startswith(codecs.BOM_UTF8) else content
