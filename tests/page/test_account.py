"""The arithmetic of the page: what it makes of an answer, held against plain Python.

The answers are made up, at random and on purpose bad-tempered: astral characters, lone line ends, edits over several
lines, long ones, insertions side by side, doubts that overlap each other and the edits.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from jiaokan import Edit, apply
from page.unified import patched

ALPHABET = "甲乙丙丁戊問题a(𠮷𠀀\u200b \n\n\r"
CASES, FEW_CASES = 100, 20  # where there is time for all, and in every gate
Record = dict[str, Any]

# For each case: the source as the page restores it, and for some decisions the text, both columns, and the diff.
SCRIPT = """async (cases) => {
  const load = (name) => import(`/page/js/${name}.js`);
  const [A, D, S, R, P, T] = await Promise.all(
    ["account", "decisions", "slices", "rows", "pieces", "take"].map(load));
  const side = (piece, name) => {
    if (!piece.slice) return piece.kept;
    if (!piece.inner) return piece[name];
    return name === "text" && piece.text !== null ? piece.text : piece.inner.map((each) => side(each, name)).join("");
  };
  return cases.map(({ answer, steps }) => {
    const account = A.account(answer, null);
    const cuts = S.slices(account);
    const rows = R.rows(account.source, cuts);
    let decisions = D.undecided();
    const seen = steps.map(([kind, number, choice]) => {
      const finding = account.findings.find((each) => each.kind === kind && each.number === number);
      if (kind === "edit") decisions = D.toggled(account, decisions, finding);
      else if (choice === null) decisions = D.refusing(account, decisions, finding);
      else decisions = D.accepting(account, decisions, finding, choice);
      const pieces = rows.map((row) => P.pieces(account.source, row, cuts.slice(row.from, row.to), decisions));
      const column = (name) => pieces.flat().map((piece) => side(piece, name)).join("");
      return {
        states: account.findings.map((each) =>
          [each.kind, each.number, D.state(decisions, each), decisions.accepted.get(each.id) ?? null]),
        text: D.text(account, decisions),
        columns: [column("source"), column("text")],
      };
    });
    const diff = T.asDiff(account, decisions, { name: "source.txt" });
    const lists = rows.map(({ start, end, line, begins }) => [end - start, line, begins]);
    return { source: account.source, rows: lists, blocks: R.blocks(rows), seen, diff };
  });
}"""


def test_the_page_reckons_like_the_library(page: Page, tmp_path: Path, seed: str, long: bool) -> None:
    cases = [made_up(random.Random(f"{seed} {number}")) for number in range(CASES if long else FEW_CASES)]
    sent = [{"answer": case["answer"], "steps": case["steps"]} for case in cases]
    for case, told in zip(cases, page.evaluate(SCRIPT, sent), strict=True):
        source = case["source"]
        assert told["source"] == source
        check_rows(source, told["rows"])
        for seen in told["seen"]:
            expected = by_states(source, case["answer"], seen["states"])
            assert seen["columns"] == [source, expected]
            assert seen["text"] == expected
        check_states(case, told["seen"])
        text = told["seen"][-1]["text"]
        assert patched(source, told["diff"], tmp_path) == text if told["diff"] else text == source


def made_up(chance: random.Random) -> dict[str, Any]:
    """A source, an answer about it, and what is decided, one step after the other."""
    source = "".join(chance.choices(ALPHABET, k=chance.choice([0, 3, 40, 200, 1000])))
    edits, at = list[Record](), 0
    while at <= len(source) and len(edits) < 40:
        start = chance.randint(at, min(len(source), at + 60))
        end = min(len(source), start + chance.choice([0, 1, 1, 2, 5, 700]))
        edits.append(record(chance, source, start, end))
        at = end + chance.choice([0, 1, 3])
        if start == len(source):
            break
    doubts = [record(chance, source, *sorted(chance.choices(range(len(source) + 1), k=2))) for _ in range(6)]
    places = range(0, max(0, len(source) - 2), 9)
    doubts += [record(chance, source, start, start + chance.randint(0, 2)) for start in places]
    doubts.sort(key=lambda doubt: doubt["start"])
    for doubt in chance.sample(doubts, 3):
        part = doubt["after"][: chance.choice([1, 1000])]  # all of it, or a part: an edit was made beside it
        doubt["fills"] = [{"text": part, "confidence": 0.5}, {"text": "庚辛", "confidence": 0.2}]
    edits = [edit for edit in edits if edit["before"] != edit["after"]]
    text = apply(source, [Edit.at(e["start"], e["before"], e["after"]) for e in edits])
    answer = {"text": text, "edits": edits, "doubts": doubts, "losses": [], "charset": None}
    steps = [step(chance, edits, doubts) for _ in range(12)]
    return {"source": source, "answer": answer, "steps": steps}


def record(chance: random.Random, source: str, start: int, end: int) -> Record:
    before = source[start:end]
    after = "".join(chance.choices(ALPHABET, k=chance.choice([0, 1, 2, 400]))) if chance.random() < 0.9 else before
    spot = {"start": start, "end": end, "before": before, "after": after}
    return spot | {"fault": "script", "consent": "probable", "confidence": 0.9, "evidence": "made up"}


def step(chance: random.Random, edits: list[Record], doubts: list[Record]) -> tuple[str, int, int | None]:
    if edits and chance.random() < 0.4:
        return "edit", chance.randrange(len(edits)), None
    number = chance.randrange(len(doubts))
    doubt = doubts[number]
    choices = len(doubt.get("fills", ())) or int(doubt["before"] != doubt["after"])
    return "doubt", number, chance.randrange(choices) if choices and chance.random() < 0.8 else None


def by_states(source: str, answer: Record, states: list[list[Any]]) -> str:
    """The text that follows from the states of all findings, by the library."""
    edits = []
    for kind, number, state, choice in states:
        found = answer[f"{kind}s"][number]
        if state == "made":
            edits.append(Edit.at(found["start"], found["before"], found["after"]))
        elif state == "accepted":
            fills = found.get("fills") or [{"text": found["after"]}]
            after = found["after"].replace(fills[0]["text"], fills[choice]["text"], 1)
            edits.append(Edit.at(found["start"], found["before"], after))
    return apply(source, edits)


def check_states(case: dict[str, Any], seen: list[Record]) -> None:
    """The last step had its way, and an edit is displaced if and only if an accepted doubt overlaps it."""
    for (kind, number, choice), after in zip(case["steps"], seen, strict=True):
        states = {(kind, number): state for kind, number, state, _ in after["states"]}
        last = states[kind, number]
        assert [kind, number, last, choice] in after["states"]
        assert last in (("made", "undone") if kind == "edit" else ("accepted" if choice is not None else "refused",))
        accepted = [case["answer"]["doubts"][n] for (k, n), state in states.items() if state == "accepted"]
        for place, edit in enumerate(case["answer"]["edits"]):
            overlapped = any(d["start"] < edit["end"] and edit["start"] < d["end"] for d in accepted)
            assert (states["edit", place] == "displaced") == overlapped


def check_rows(source: str, rows: list[list[Any]]) -> None:
    """Rows make up the source, and each says its line."""
    units, at = source.encode("utf-16-le"), 0
    for length, line, begins in rows:
        before = units[:at].decode("utf-16-le")  # which fails amid a surrogate pair
        assert line == before.count("\n") + 1
        assert begins == (not before or before.endswith("\n"))
        at += 2 * length
    assert at == len(units)
