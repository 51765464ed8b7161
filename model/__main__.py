"""``python -m model``: makes the language model that the package ships, the same bytes on every machine."""

from __future__ import annotations

import argparse
import hashlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from jiaokan.lexicon.model_file import SHIPPED
from model import kenlm
from model.ngrams import Ngrams
from model.pack import pack
from model.source import SourceError, model_file

# Words that dictionaries of simplified Chinese have with 著 and with 着.
BOTH_SPELLINGS: Final = frozenset({"执著"})


def main() -> None:
    """Read, mend, pack, write under a temporary name and rename."""
    parser = argparse.ArgumentParser(prog="python -m model", description=__doc__)
    parser.add_argument("--deb", type=Path, help="the package, if apt-get is not to fetch it")
    parser.add_argument("--out", type=Path, default=SHIPPED, help=f"default: {SHIPPED.name} in the lexicon")
    arguments = parser.parse_args()
    try:
        packed = pack(without_strays(kenlm.read(model_file(arguments.deb))))
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        part = arguments.out.with_suffix(".part")
        part.write_bytes(packed)
        part.replace(arguments.out)
    except (SourceError, ValueError, OSError) as error:
        sys.exit(f"model: {error}")
    print(f"{arguments.out}: {len(packed)} bytes, sha256 {hashlib.sha256(packed).hexdigest()}")


def without_strays(ngrams: Ngrams) -> Ngrams:
    """The model without words that spell 着 as 著 although they are commoner with 着.

    They come from traditional text that was counted with the rest (随著, 带著), and would say that 著 is as good.
    """
    prob = dict(zip(ngrams.words, ngrams.prob.tolist(), strict=True))
    keep = np.array(
        [
            "著" not in word or word in BOTH_SPELLINGS or prob.get(word.replace("著", "着"), -np.inf) < prob[word]
            for word in ngrams.words
        ]
    )
    number = (np.cumsum(keep) - 1).astype(np.int32)
    two, three = ngrams.bigrams, ngrams.trigrams
    return replace(
        ngrams,
        words=tuple(word for word, kept in zip(ngrams.words, keep.tolist(), strict=True) if kept),
        prob=ngrams.prob[keep],
        backoff=ngrams.backoff[keep],
        bigrams=two.take(keep[two.first] & keep[two.second]).renumber(number),
        trigrams=three.take(keep[three.first] & keep[three.second] & keep[three.third]).renumber(number),
    )


if __name__ == "__main__":
    main()
