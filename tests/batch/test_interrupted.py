"""A run that is killed at any moment goes on where it was, and ends with what an undisturbed one has made."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import RUN, SERVICE

# How often a run is killed where there is time for it, and how often in every gate.
KILLS, KILLS_IN_PLACE = 100, 30
FEW_KILLS, FEW_KILLS_IN_PLACE = 7, 3
TEXTS = ("現(xiàn)代金融的問題。", "在现代金融社会中，助贷行业逐渐成为了一个重要的市场。", "及貸當(dāng)?shù)厣祥T催收")


def lines(number: int, size: int) -> Iterator[str]:
    """Lines of JSON of so many bytes together, one of a hundred broken; ``number`` tells them from others."""
    chosen = random.Random(number)
    made = 0
    while made < size:
        text = TEXTS[1] * chosen.randrange(1, 20) + TEXTS[0] * (chosen.random() < 0.01)
        line = json.dumps({"id": [number, made], "text": text}, ensure_ascii=False)
        line = line[:-1] if chosen.random() < 0.01 else line
        made += len(line.encode()) + 1
        yield line


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with inputs of several formats, some that are read in pieces and some that are small."""
    folder = tmp_path_factory.mktemp("crawl")
    (folder / "long.jsonl").write_text("\n".join(lines(1, 600_000)), "utf-8")
    (folder / "packed.jsonl.gz").write_bytes(gzip.compress("\n".join(lines(2, 1_300_000)).encode(), 1))
    (folder / "pages").mkdir()
    for number in range(60):
        (folder / "pages" / f"{number}.txt").write_text(TEXTS[number % 3] * (number % 7 + 1), "utf-8")
    rows = [f"{TEXTS[number % 50 != 0]}{number}" for number in range(4_000)]
    pq.write_table(pa.table({"text": rows, "id": [*range(len(rows))]}), folder / "table.parquet", row_group_size=2_000)
    return folder


def started(*arguments: str | Path) -> subprocess.Popen[bytes]:
    # Which lines run is not watched here, as it takes four times as long; tests with fewer runs do that.
    unwatched = {name: value for name, value in os.environ.items() if name != "COVERAGE_PROCESS_CONFIG"}
    return subprocess.Popen(
        [*RUN, "repair", "-j", "2", *map(str, arguments)],
        env={**unwatched, "PYTHONPATH": str(SERVICE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def seconds(*arguments: str | Path) -> float:
    """How long a run takes that nobody disturbs; one in a hundred of its documents is rejected."""
    began = time.monotonic()
    run = started(*arguments)
    told = run.communicate()[1]
    assert run.returncode == 1, told
    return time.monotonic() - began


def killed(chosen: random.Random, longest: float, *arguments: str | Path) -> int:
    """Run to the end, killed at random moments on the way there; how often."""
    kills = 0
    while True:
        run = started(*arguments, "--resume")
        try:
            error = run.communicate(timeout=chosen.uniform(0, longest))[1]
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.communicate()
            kills += 1
        else:
            # 0 if it was killed when it was over: what is repaired in place is clean, and has no rejects.
            assert run.returncode in ((0, 1) if "--in-place" in arguments else (1,)), error
            return kills


def outputs(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def different(found: dict[str, bytes], expected: dict[str, bytes]) -> Sequence[str]:
    return [name for name in sorted({*found, *expected}) if found.get(name) != expected.get(name)]


@pytest.mark.timeout(3600)
def test_a_run_that_is_killed_at_any_moment_ends_as_if_it_was_not(
    crawl: Path, tmp_path: Path, seed: str, long: bool
) -> None:
    longest = seconds("-o", tmp_path / "whole", crawl)
    expected = outputs(tmp_path / "whole")
    assert {"long.jsonl", "packed.jsonl.gz", "table.parquet", "pages/7.txt", "rejects.jsonl"} <= expected.keys()
    chosen, kills, runs = random.Random(seed), 0, 0
    while kills < (KILLS if long else FEW_KILLS):
        runs += 1
        output = tmp_path / f"killed-{runs}"
        kills += killed(chosen, longest, "-o", output, crawl)
        assert different(outputs(output), expected) == []
    assert runs > 1 or not long


@pytest.mark.timeout(3600)
def test_a_run_in_place_that_is_killed_loses_neither_text_nor_backup(
    crawl: Path, tmp_path: Path, seed: str, long: bool
) -> None:
    shutil.copytree(crawl, tmp_path / "whole")
    longest = seconds("--in-place", tmp_path / "whole")
    expected = outputs(tmp_path / "whole")
    assert expected["long.jsonl.bak"] == (crawl / "long.jsonl").read_bytes()
    chosen, kills, runs = random.Random(seed), 0, 0
    while kills < (KILLS_IN_PLACE if long else FEW_KILLS_IN_PLACE):
        runs += 1
        folder = tmp_path / f"killed-{runs}"
        shutil.copytree(crawl, folder)
        kills += killed(chosen, longest, "--in-place", folder)
        assert different(outputs(folder), expected) == []
