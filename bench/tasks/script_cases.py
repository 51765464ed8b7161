"""OpenCC's own cases of t2s, tw2s, hk2s, tw2sp and hk2sp, and why some have another outcome here.

The cases are fetched with OpenCC's source distribution and not kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bench.corpus import packaged
from bench.peers.repairs import opencc, repaired_script
from bench.tables import Block, Lines, Shares

CONFIGURATIONS: Final = ("t2s", "tw2s", "hk2s", "tw2sp", "hk2sp")
# The file is JSON with comments and with commas behind the last member.
_COMMENT: Final = re.compile(r"^\s*//.*$", re.MULTILINE)
_COMMA: Final = re.compile(r",(?=\s*[}\]])")

# The cases that come out otherwise, and why. By identifier, and by configuration where it matters.
REASONS: Final = {
    "BYVoid_OpenCC_PR_1035_t2s": "想像 is 想象 on the mainland (the case keeps 想像, and 想像水一样 for 像水)",
    "BYVoid_OpenCC_Issue_767_solace": "t2s and hk2s keep every 著; 慰藉著 is 慰藉着 in simplified, as tw2s has it",
    "BYVoid_OpenCC_PR_464_jia_vs_jia": "a line in both scripts, in which 袷 is simplified as well",
    "BYVoid_OpenCC_Issue_475_tw2sp": "marked [sic]: OpenCC misses 画素 and 图示 before 藉 and 覆",
    "ByVoid_OpenCC_Issue950_AlgorithmConversionRev": "演算法 alone has no character that tells it is traditional",
    "medical_phrases_tw_ultrasound_tw2sp": "腹部超音波 reads no better as 腹部超声波, by the model",
    "BYVoid_OpenCC_PR_1036_t2s": "叮当 reads better than 丁当, by the model: -5.5 and -5.9",
    "western_classical_musicians_tw2sp": "拉罗, 韦本 and 奥福 read as well as 拉洛, 韦伯恩 and 奥尔夫, by the model",
    "BYVoid_OpenCC_Issue_1246_core_reverse_phrase": "核心 is a word of the mainland; 稽覈 is 稽核, which it calls 审核",
    "BYVoid_OpenCC_Issue_506": "simplified-cn takes the words of Taiwan and Hong Kong: 机率 and 机会率 are both 概率",
}


class Case(NamedTuple):
    """A case: what comes in, and what a configuration is to make of it."""

    label: str
    configuration: str
    text: str
    want: str


def case_blocks() -> Iterator[Block]:
    """How many are right, and the others with the reason."""
    every = list(cases())
    shares, missed = Shares(), list[str]()
    for case in every:
        ours = got(case)
        for row in (case.configuration, "all"):
            shares.add(row, "jiaokan", ours == case.want)
            shares.add(row, "OpenCC", opencc(case.configuration)(case.text) == case.want)
        if ours != case.want:
            reason = REASONS.get(case.label, "no reason known")
            missed.append(f"{case.configuration} {case.label}: {reason}\n  got  {ours!r}\n  want {case.want!r}")
    yield shares.table(f"OpenCC's {len(every)} cases (per cent)")
    yield Lines(f"Otherwise here: {len(missed)}", missed)


def cases() -> Iterator[Case]:
    """Every case of the configurations, in the order of the file."""
    member = "test/testcases/testcases.json"
    text = packaged("opencc", member, "--no-binary", "opencc")
    for case in json.loads(_COMMA.sub("", _COMMENT.sub("", text)))["cases"]:
        for configuration in CONFIGURATIONS:
            if configuration in case["expected"]:
                yield Case(case["id"], configuration, case["input"], case["expected"][configuration])


def got(case: Case) -> str:
    """What jiaokan makes of it: mainland words where the configuration has them."""
    return repaired_script(case.text, "simplified-cn" if case.configuration.endswith("p") else "simplified")
