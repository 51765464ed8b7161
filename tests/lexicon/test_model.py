"""The language model as it is shipped: which file it is, when it is opened, how much of it is remembered."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import jiaokan.lexicon
from jiaokan.lexicon import START, model, trigrams
from jiaokan.lexicon.model_file import SHIPPED, map_tables

SOURCES = Path(jiaokan.lexicon.__file__).with_name("SOURCES.md")
TEXTS = ("随着消费信贷的普及，催收问题也日益凸显。", "昨天下午，消防员在当地居民的协助下救起了两个孩子。")


def test_the_shipped_file_is_the_one_its_origin_is_stated_for() -> None:
    [(size, digest)] = re.findall(
        r"`data/zh\.trigrams`, ([\d,]+) bytes, sha256 ([0-9a-f]{64})", SOURCES.read_text("utf-8")
    )
    raw = SHIPPED.read_bytes()
    assert (len(raw), hashlib.sha256(raw).hexdigest()) == (int(size.replace(",", "")), digest)


@pytest.mark.parametrize(
    ("code", "opened"),
    [
        ("import jiaokan", 0),
        ("import jiaokan, jiaokan.lexicon.model, jiaokan.cli", 0),
        ("import jiaokan; jiaokan.repair('在现代金融社会中，助贷行业逐渐成为市场。')", 0),
        ("from jiaokan.lexicon import score_per_character as score; score('问题'); score('的')", 1),
    ],
)
def test_the_model_is_opened_once_and_not_before_it_is_asked(code: str, opened: int) -> None:
    watch = "import sys; seen = []; sys.addaudithook(lambda event, args: event == 'mmap.__new__' and seen.append(args))"
    found = {**os.environ, "PYTHONPATH": str(SOURCES.parents[2])}
    ran = subprocess.run([sys.executable, "-c", f"{watch}\n{code}\nsys.exit(len(seen))"], env=found, check=False)
    assert ran.returncode == opened


@pytest.mark.parametrize("most", [1, 2, 7])
def test_what_was_forgotten_is_looked_up_again(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [START.extend(text) for text in TEXTS]
    small = trigrams.Trigrams(map_tables())
    monkeypatch.setattr(trigrams, "MOST_REMEMBERED", most)
    monkeypatch.setattr(model, "trigrams", lambda: small)
    for text, known in zip(TEXTS * 2, expected * 2, strict=True):
        assert START.extend(text) == known
        assert 1 <= len(small._children) <= most
        assert 1 <= len(small._steps) <= most
