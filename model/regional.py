"""``python -m model.regional``: words of Taiwan and Hong Kong and those of the mainland, from OpenCC's phrase lists.

Both sides simplified. The lists hold some words twice, with themselves: those keep a longer word from being taken for a
shorter one (软体动物 is no 软体).
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jiaokan.lexicon.variants import convert
from jiaokan.lexicon.wordlists import REGIONAL_FILE

OPENCC: Final = "opencc==1.4.2"
LISTS: Final = ("TWPhrasesRev.txt", "HKPhrasesRev.txt")


def main() -> None:
    """Fetch, read, write."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "opencc", OPENCC]
        subprocess.run(command, cwd=folder, check=True)
        (archive,) = Path(folder).glob("opencc-*")
        lines = sorted(set(words(archive)))
    REGIONAL_FILE.write_text("".join(lines), encoding="utf-8")
    print(f"{REGIONAL_FILE}: {len(lines)} words, sha256 {hashlib.sha256(REGIONAL_FILE.read_bytes()).hexdigest()}")


def words(archive: Path) -> Iterator[str]:
    """Each word of the region and the first of those the mainland has for it; Taiwan's where Hong Kong differs."""
    known: set[str] = set()
    with tarfile.open(archive) as sdist:
        for member in (m for name in LISTS for m in sdist.getmembers() if m.name.endswith(f"/data/dictionary/{name}")):
            lines = sdist.extractfile(member)
            assert lines
            for line in lines.read().decode().splitlines():
                word, tab, values = line.partition("\t")
                simple = convert(word, "t2s")
                if tab and not line.startswith("#") and simple not in known:
                    known.add(simple)
                    yield f"{simple}\t{convert(values.split()[0], 't2s')}\n"


if __name__ == "__main__":
    main()
