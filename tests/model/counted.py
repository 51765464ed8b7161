"""A small model counted from a dozen sentences, and what any model says of a word after two others.

``tiny.lm`` is this model as a KenLM binary. With the kenlm package of PyPI (0.3.0) unpacked and ``build_binary`` built:

    PYTHONPATH=. python tests/model/counted.py > tiny.arpa
    build_binary -s -q 8 -b 7 -a 2 trie tiny.arpa tests/model/tiny.lm

Its values are few enough for eight and seven bits to tell all of them apart, so nothing but float64 is lost.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from model.ngrams import Bigrams, Floats, Ids, Ngrams, Trigrams, arranged

SENTENCES = """
我们 在 处理 这 个 问题 时 ， 应当 通知 借款人 。
借款人 应当 在 三十 日 内 还清 全部 贷款 。
银行 有 权 要求 借款人 提前 还清 贷款 。
如果 借款人 没有 还清 贷款 ， 银行 可以 通过 电话 通知 借款人 。
我们 没有 收到 借款人 的 电话 。
这 个 问题 的 处理 方法 是 提前 通知 银行 。
处理 方法 有 三 种 ， 我们 在 这 里 说 第一 种 。
第一 种 方法 是 通过 电话 通知 ， 第二 种 方法 是 通过 银行 处理 。
A股 今天 没有 大 的 问题 ， 我们 可以 等 三十 日 。
他 在 𠮷野 的 家 里 等 我们 的 电话 。
如果 没有 问题 ， 我们 今天 可以 处理 这 种 贷款 。
他 要求 我们 说 这 个 问题 。
"""
DISCOUNT = 0.5  # taken from every count, for what was not seen

Gram = tuple[str, ...]


def counted(sentences: Sequence[Sequence[str]]) -> Ngrams:
    """The back-off model by absolute discounting: after any context the words, the unknown one too, add up to 1."""
    ones, twos, threes = Counter[Gram](), Counter[Gram](), Counter[Gram]()
    for words in sentences:
        ones.update((word,) for word in words)
        twos.update(pairwise(words))
        threes.update(zip(words, words[1:], words[2:], strict=False))
    share, backoff = {gram: (n - DISCOUNT) / ones.total() for gram, n in ones.items()}, dict[Gram, float]()
    unknown = DISCOUNT * len(ones) / ones.total()
    for grams in (twos, threes):
        seen: Counter[Gram] = Counter()
        for gram, n in grams.items():
            seen[gram[:-1]] += n
        longer = {gram: (n - DISCOUNT) / seen[gram[:-1]] for gram, n in grams.items()}
        over, under = dict.fromkeys(seen, 1.0), dict.fromkeys(seen, 1.0)
        for gram, value in longer.items():
            over[gram[:-1]] -= value
            under[gram[:-1]] -= _chance(share, backoff, gram[1:])
        share |= longer
        backoff |= {context: over[context] / under[context] for context in seen}
    return _ngrams(share, backoff, unknown)


def _chance(share: Mapping[Gram, float], backoff: Mapping[Gram, float], gram: Gram) -> float:
    found = share.get(gram)
    return backoff.get(gram[:-1], 1.0) * _chance(share, backoff, gram[1:]) if found is None else found


def _ngrams(share: Mapping[Gram, float], backoff: Mapping[Gram, float], unknown: float) -> Ngrams:
    words = [gram[0] for gram in share if len(gram) == 1]
    number = {word: i for i, word in enumerate(words)}

    def columns(order: int) -> tuple[list[Ids], Floats, Floats]:
        grams = [gram for gram in share if len(gram) == order]
        prob, weight = [share[gram] for gram in grams], [backoff.get(gram, 1.0) for gram in grams]
        ids = [np.array([number[gram[i]] for gram in grams], np.int32) for i in range(order)]
        return ids, np.log10(np.array(prob)), np.log10(np.array(weight))

    _, prob, weight = columns(1)
    (u, v), prob2, weight2 = columns(2)
    (x, y, z), prob3, _ = columns(3)
    two, three = Bigrams(u, v, prob2, weight2), Trigrams(x, y, z, prob3)
    return arranged(words, prob, weight, two, three, math.log10(unknown))


def grams(ngrams: Ngrams) -> Iterator[tuple[Gram, float, float]]:
    """Every n-gram by its words, with its probability and its backoff, log10."""
    words, two, three = ngrams.words, ngrams.bigrams, ngrams.trigrams
    for word, prob, backoff in zip(words, ngrams.prob.tolist(), ngrams.backoff.tolist(), strict=True):
        yield (word,), prob, backoff
    for u, v, prob, backoff in zip(*(column.tolist() for column in two), strict=True):
        yield (words[u], words[v]), prob, backoff
    for u, v, w, prob in zip(*(column.tolist() for column in three), strict=True):
        yield (words[u], words[v], words[w]), prob, 0.0


class Chances:
    """The probabilities of a model, by the definition in ``Ngrams``."""

    def __init__(self, ngrams: Ngrams) -> None:
        self.words = ngrams.words
        self.share = {gram: 10**prob for gram, prob, _ in grams(ngrams)}
        self.backoff = {gram: 10**backoff for gram, _, backoff in grams(ngrams)}

    def __call__(self, *gram: str) -> float:
        """P(last | those before)."""
        return _chance(self.share, self.backoff, gram)

    def total(self, *context: str) -> float:
        """What all words after a context add up to."""
        return sum(self(*context, word) for word in self.words)


def arpa(ngrams: Ngrams) -> str:
    """The model as text in the format of the ARPA."""
    by_order: list[list[str]] = [[f"{ngrams.unknown!r}\t<unk>\t0"], [], []]
    for gram, prob, backoff in grams(ngrams):
        by_order[len(gram) - 1].append(f"{prob!r}\t{' '.join(gram)}" + f"\t{backoff!r}" * (len(gram) < 3))
    counts = "".join(f"ngram {i}={len(lines)}\n" for i, lines in enumerate(by_order, 1))
    parts = "".join(f"\n\\{i}-grams:\n" + "\n".join(lines) + "\n" for i, lines in enumerate(by_order, 1))
    return f"\\data\\\n{counts}{parts}\n\\end\\\n"


TINY = counted([line.split() for line in SENTENCES.strip().splitlines()])

if __name__ == "__main__":
    sys.stdout.write(arpa(TINY))
