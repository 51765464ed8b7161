"""A batch as a user runs it: what goes in, what comes out, and what is said where something does not."""

from __future__ import annotations

import gzip
import json
import os
import pty
import random
import re
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import RUN, SERVICE, hear_interrupts
from jiaokan import cli, repair

DAMAGED, CLEAN = "現(xiàn)代金融的問題。", "在现代金融社会中，助贷行业逐渐成为了一个重要的市场。"
REPAIRED = "现代金融的问题。"
GONE = "it is not there any more"
CHANGED = "it has changed while it was read: begin anew"


def run(*arguments: str | Path, given: bytes = b"") -> Result:
    return CliRunner().invoke(cli.commands, ["repair", *map(str, arguments)], input=given)


def program(*arguments: str | Path, code: str = "", **options: object) -> subprocess.CompletedProcess[bytes]:
    """A run of its own; ``code`` runs before it, in the same process."""
    start = [sys.executable, "-c", f"{code}\nfrom jiaokan.cli import main; main()"]
    return subprocess.run(
        [*start, "repair", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(SERVICE)},
        capture_output=True,
        timeout=120,
        **options,  # type: ignore[call-overload]
    )


def jsonl(path: Path, *texts: str) -> Path:
    path.write_text("".join(f"{json.dumps({'text': text}, ensure_ascii=False)}\n" for text in texts), "utf-8")
    return path


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """Lines enough for several pieces, a hundredth of them damaged."""
    texts = [DAMAGED if number % 100 == 0 else f"{CLEAN}{number}" * 5 for number in range(4000)]
    return jsonl(tmp_path / "crawl.jsonl", *texts)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_pieces_come_together_as_if_there_was_one(crawl: Path, tmp_path: Path) -> None:
    assert run("-j", 2, "-o", tmp_path / "out", crawl).exit_code == 0
    expected = [repair(json.loads(line)["text"]).text for line in crawl.read_text("utf-8").splitlines()]
    made = (tmp_path / "out" / "crawl.jsonl").read_text("utf-8")
    assert [json.loads(line)["text"] for line in made.splitlines()] == expected
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["crawl.jsonl"]
    streamed = run("-j", 2, crawl)
    assert streamed.stdout == made
    packed = tmp_path / "packed.jsonl.gz"
    packed.write_bytes(gzip.compress(crawl.read_bytes()))
    assert gzip.decompress(run("-j", 2, packed).stdout_bytes).decode() == made
    assert run("-j", 2, "--format", "jsonl", given=crawl.read_bytes()).stdout == made
    assert gzip.decompress(run("--format", "jsonl", given=packed.read_bytes()).stdout_bytes).decode() == made


def test_a_folder_is_mirrored_with_what_is_wanted_of_it(tmp_path: Path) -> None:
    for name in ("a.txt", "sub/b.txt", "sub/c.md", "drafts/d.txt", ".jiaokan-3"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(DAMAGED, "utf-8")
    out = tmp_path / "in" / "out"
    for _ in range(2):  # the second time what was written stands below the folder that is read
        result = run("-o", out, "--include", "*.txt", "--exclude", "drafts/", tmp_path / "in")
        assert (result.exit_code, result.output) == (0, "")
        assert files(out) == {"a.txt": REPAIRED.encode(), "sub/b.txt": REPAIRED.encode()}
    assert run(tmp_path / "in" / "*.txt").stdout == REPAIRED
    assert run(str(tmp_path / "in" / "**" / "*.md")).stdout == REPAIRED


def test_in_place_keeps_a_backup_unless_told_not_to(tmp_path: Path, crawl: Path) -> None:
    page, clean = tmp_path / "page.txt", tmp_path / "clean.txt"
    page.write_bytes(DAMAGED.encode("gb18030"))
    clean.write_text(CLEAN, "utf-8")
    before = crawl.read_bytes(), clean.stat().st_mtime_ns
    assert run("--in-place", page, crawl, clean).exit_code == 0
    assert page.read_text("utf-8") == REPAIRED
    assert (tmp_path / "page.txt.bak").read_bytes() == DAMAGED.encode("gb18030")
    assert (tmp_path / "crawl.jsonl.bak").read_bytes() == before[0]
    assert crawl.read_bytes() != before[0]
    assert clean.stat().st_mtime_ns == before[1]
    assert not (tmp_path / "clean.txt.bak").exists()
    page.write_text(DAMAGED, "utf-8")
    (tmp_path / "page.txt.bak").unlink()
    assert run("--in-place", "--no-backup", page).exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"page.txt", "clean.txt", "crawl.jsonl", "crawl.jsonl.bak"}


def test_in_place_never_loses_what_it_rejects(crawl: Path, tmp_path: Path) -> None:
    little = jsonl(tmp_path / "little.jsonl", DAMAGED)
    for path in (crawl, little):
        path.write_bytes(path.read_bytes() + b"{\n")
    before = files(tmp_path)
    assert run("-j", 2, "--in-place", "--no-backup", crawl, little).exit_code == 1
    assert {name: files(tmp_path)[f"{name}.bak"] for name in before} == before
    assert (run(crawl).exit_code, run(little).exit_code) == (0, 0)


def test_a_folder_is_repaired_in_place(tmp_path: Path) -> None:
    for name in ("a.txt", "sub/b.txt"):
        (tmp_path / "crawl" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "crawl" / name).write_text(DAMAGED, "utf-8")
    assert run("--in-place", "--no-backup", tmp_path / "crawl").exit_code == 0
    assert files(tmp_path) == {"crawl/a.txt": REPAIRED.encode(), "crawl/sub/b.txt": REPAIRED.encode()}
    (tmp_path / "crawl" / "c.txt").write_text(DAMAGED, "utf-8")
    (tmp_path / "crawl" / "alone.bak").write_text(DAMAGED, "utf-8")
    for _ in range(2):  # what was kept is no input
        assert run("--in-place", tmp_path / "crawl").exit_code == 0
    kept = {"crawl/c.txt.bak": DAMAGED.encode(), "crawl/alone.bak.bak": DAMAGED.encode()}
    repaired = dict.fromkeys(("crawl/a.txt", "crawl/sub/b.txt", "crawl/c.txt", "crawl/alone.bak"), REPAIRED.encode())
    assert files(tmp_path) == kept | repaired
    assert run("--in-place", tmp_path / "**" / "*.txt").exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"crawl"}


@pytest.mark.parametrize("times", [1, 400])
def test_what_is_no_text_stays_as_it_is(times: int, tmp_path: Path) -> None:
    chance = random.Random(3)
    picture = b"\x89PNG\r\n\x1a\n" + chance.randbytes(2000) * times  # also longer than what is repaired together
    (tmp_path / "picture.png").write_bytes(picture)
    (tmp_path / "packed.gz").write_bytes(gzip.compress(picture))
    assert run("-o", tmp_path / "out", tmp_path / "picture.png", tmp_path / "packed.gz").exit_code == 0
    assert (tmp_path / "out" / "picture.png").read_bytes() == picture
    assert gzip.decompress((tmp_path / "out" / "packed.gz").read_bytes()) == picture
    assert "this is no text" in CliRunner().invoke(cli.commands, ["detect", str(tmp_path / "picture.png")]).stdout


def test_rejects_are_listed_with_their_place_in_the_input(crawl: Path, tmp_path: Path) -> None:
    lines = crawl.read_bytes().splitlines()
    broken = [7, 1200, 3999]
    for number in broken:
        lines[number] = lines[number][:-1]
    crawl.write_bytes(b"\n".join(lines))
    result = run("-j", 2, "-o", tmp_path / "out", crawl)
    rejects = [json.loads(line) for line in (tmp_path / "out" / "rejects.jsonl").read_text("utf-8").splitlines()]
    assert [reject["document"] for reject in rejects] == [number + 1 for number in broken]
    assert all(reject["path"] == str(crawl) and reject["reason"] for reject in rejects)
    assert result.exit_code == 1
    assert "documents that could not be repaired: 3" in result.stderr
    assert len((tmp_path / "out" / "crawl.jsonl").read_bytes().splitlines()) == 3997
    streamed = run("-j", 2, crawl)
    assert [line.split(": ")[1] for line in streamed.stderr.splitlines()] == [f"{crawl}:{n + 1}" for n in broken]
    assert run("--rejects", tmp_path / "r", crawl).exit_code == 1
    assert len((tmp_path / "r").read_bytes().splitlines()) == 3


def test_a_document_that_kills_its_worker_costs_only_itself(crawl: Path, tmp_path: Path) -> None:
    lines = crawl.read_text("utf-8").splitlines()
    lines[10] = lines[3000] = '{"text": "KILL"}'
    crawl.write_text("\n".join(lines), "utf-8")
    code = (
        "import os, signal\nfrom jiaokan import pipeline\nrepair = pipeline.repair\n"
        "pipeline.repair = lambda s, **o: os.kill(os.getpid(), signal.SIGKILL) if s == 'KILL' else repair(s, **o)"
    )
    done = program("-j", "2", "-o", tmp_path / "out", crawl, code=code)
    rejects = [json.loads(line) for line in (tmp_path / "out" / "rejects.jsonl").read_text("utf-8").splitlines()]
    assert [reject["document"] for reject in rejects] == [11, 3001]
    assert "SIGKILL" in rejects[0]["reason"]
    assert done.returncode == 1
    assert len((tmp_path / "out" / "crawl.jsonl").read_bytes().splitlines()) == 3998


def test_a_full_disk_stops_the_run_and_resume_goes_on(crawl: Path, tmp_path: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19, resource.RLIM_INFINITY))

    whole = program("-o", tmp_path / "whole", crawl)
    code = (
        "import errno\nfrom jiaokan.batch import files\nimport signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "files.FULL = (errno.EFBIG,)"  # what a limit of the size of a file gives, as a full disk gives ENOSPC
    )
    full = program("-j", "2", "-o", tmp_path / "out", crawl, code=code, preexec_fn=small)
    assert whole.returncode == 0
    assert full.returncode == 1
    assert b"File too large" in full.stderr
    assert full.stderr.endswith(b"go on with --resume.\n")
    assert not (tmp_path / "out" / "crawl.jsonl").exists()
    resumed = program("-j", "2", "-o", tmp_path / "out", "--resume", crawl)
    assert (resumed.returncode, resumed.stderr) == (0, b"")
    assert files(tmp_path / "out") == files(tmp_path / "whole")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_says_how_to_go_on(number: int, code: int, tmp_path: Path) -> None:
    pages = jsonl(tmp_path / "crawl.jsonl", *(f"{DAMAGED}{number}" * 200 for number in range(600)))
    out = tmp_path / "out"
    started = subprocess.Popen(
        [*RUN, "repair", "-j", "2", "-o", str(out), str(pages)],
        env={**os.environ, "PYTHONPATH": str(SERVICE)},
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )
    until = time.monotonic() + 60
    while not [*out.glob(".jiaokan/parts/*")] and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(started.pid, number)
    told = started.communicate(timeout=30)[1].decode()
    assert started.returncode == code
    assert told.strip() == "jiaokan: interrupted. What is done is kept: go on with --resume."
    again = run("-o", out, pages)
    assert (again.exit_code, "go on with --resume, or remove" in again.stderr) == (1, True)
    other = run("-o", out, "--resume", "--script", "keep", pages)
    assert (other.exit_code, "its options were different" in other.stderr) == (1, True)
    assert run("-o", out, "--resume", pages).exit_code == 0
    assert len((out / "crawl.jsonl").read_bytes().splitlines()) == 600


def test_an_input_that_is_not_there_or_has_changed_is_told_and_taken_up_later(crawl: Path, tmp_path: Path) -> None:
    page, out = tmp_path / "page.txt", tmp_path / "out"
    first = run("-o", out, page, crawl)
    assert (first.exit_code, first.stderr) == (1, f"jiaokan: {page}: No such file or directory\n")
    assert [*files(out)] == [".jiaokan/journal.jsonl", "crawl.jsonl"]
    page.write_text(DAMAGED, "utf-8")
    second = run("-o", out, "--resume", page, crawl)
    assert (second.exit_code, second.stderr) == (0, "")
    assert [*files(out)] == ["crawl.jsonl", "page.txt"]


def test_an_input_that_changes_while_it_is_read_is_not_put_together(crawl: Path, tmp_path: Path) -> None:
    code = (
        "import os\nfrom jiaokan.batch import run\nsignature, times = run._signature, [0]\n"
        "def changed(each):\n    times[0] += 1\n"
        "    times[0] == 3 and os.utime(each.path, (1, 1))\n    return signature(each)\n"
        "run._signature = changed"
    )
    done = program("-j", "2", "-o", tmp_path / "out", crawl, code=code)
    assert (done.returncode, done.stderr.decode()) == (1, f"jiaokan: {crawl}: {CHANGED}\n")
    assert not (tmp_path / "out" / "crawl.jsonl").exists()
    again = run("-o", tmp_path / "out", "--resume", crawl)
    assert again.stderr == f"jiaokan: {crawl}: it has changed since the run began: begin anew\n"


def test_an_input_that_vanishes_is_told(crawl: Path, tmp_path: Path) -> None:
    code = (
        "import os\nfrom jiaokan.batch import run\nsignature, times = run._signature, [0]\n"
        "def vanished(each):\n    times[0] += 1\n    times[0] == 3 and os.rename(each.path, each.path + '-')\n"
        "    return signature(each)\nrun._signature = vanished"
    )
    before = program("-j", "2", "-o", tmp_path / "whole", crawl)
    done = program("-j", "2", "-o", tmp_path / "out", crawl, code=code)
    assert (before.returncode, done.returncode) == (0, 1)
    assert done.stderr.decode() in {f"jiaokan: {crawl}: {why}\n" for why in (GONE, "No such file or directory")}
    Path(f"{crawl}-").rename(crawl)
    assert run("-o", tmp_path / "out", "--resume", crawl).exit_code == 0
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_a_dry_run_writes_nothing(crawl: Path, tmp_path: Path) -> None:
    before = files(tmp_path)
    result = run("--dry-run", "-o", tmp_path / "out", crawl)
    assert (result.exit_code, files(tmp_path)) == (0, before)
    assert result.stdout.startswith("4,000 documents: 40 repaired, 0 doubtful, 0 rejected; ")
    assert "script" in result.stdout


def test_a_sample_shows_diffs_and_writes_nothing(tmp_path: Path) -> None:
    jsonl(tmp_path / "crawl.jsonl", *[DAMAGED] * 50)
    before = files(tmp_path)
    result = run("--sample", 3, tmp_path / "crawl.jsonl")
    assert (result.exit_code, files(tmp_path)) == (0, before)
    assert result.stdout.count(f"+{REPAIRED}") == 3
    assert run("--sample", 3, given=CLEAN.encode()).stderr == "1 of 1 documents are clean\n"


def test_a_sample_is_drawn_from_all_over(crawl: Path) -> None:
    random.seed(5)
    assert run("--sample", 400, crawl).stdout.count(f"+{REPAIRED}") in range(1, 15)  # of 40 in 4,000


def test_added_fields_and_texts_alone(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "crawl.jsonl", DAMAGED, CLEAN)
    rows = [json.loads(line) for line in run("--with", "faults,chars_changed", path).stdout.splitlines()]
    assert rows[0] == {"text": REPAIRED, "jiaokan.faults": ["annotation", "script"], "jiaokan.chars_changed": 9}
    assert rows[1] == {"text": CLEAN, "jiaokan.faults": [], "jiaokan.chars_changed": 0}
    assert run("--text-only", path).stdout == f"{REPAIRED}\n{CLEAN}\n"
    assert run("--with", "mood", path).exit_code == 2


def test_a_field_that_no_record_has_is_told(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "crawl.jsonl", CLEAN)
    result = run("--field", "body", path)
    assert (result.exit_code, result.stdout) == (0, path.read_text("utf-8"))
    assert result.stderr == f"jiaokan: {path}: no record has text in body: is --field as it should be?\n"
    (tmp_path / "empty.jsonl").touch()
    assert run(tmp_path / "empty.jsonl").output == ""


def test_progress_for_machines(crawl: Path, tmp_path: Path) -> None:
    result = run("--log-json", "-o", tmp_path / "out", crawl, tmp_path / "none")
    events = [json.loads(line) for line in result.stderr.splitlines()]
    assert [event["event"] for event in events] == ["failed", "done"]
    assert events[-1]["documents"] == 4000
    assert events[-1]["edits"] == {"annotation": 40, "script": 80}


def test_pages_decide_together_in_any_format(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "crawl.jsonl", "随之而来的催收问也日益突出。", "但催收问依然突出，解决问的办法不多。")
    alone, together = run(path), run("--together", path)
    assert "催收问也" in alone.stdout
    assert "催收问题也日益突出" in together.stdout


def test_diffs_are_of_plain_text(crawl: Path) -> None:
    result = run("--diff", crawl)
    assert result.exit_code == 1
    assert "it is jsonl" in result.stderr


def test_a_document_may_be_so_long_and_no_longer(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(b"a" * 3000)
    assert run("--max-document", "3000", page).exit_code == 0
    refused = run("--max-document", "2K", "-o", tmp_path / "out", page)
    assert refused.exit_code == 1
    assert [*files(tmp_path / "out")] == ["rejects.jsonl"]
    assert b"it has 3,000 bytes, and a document may have 2,048" in files(tmp_path / "out")["rejects.jsonl"]
    assert run("--max-document", "much", page).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--in-place", "-o", "x", "p"], "leave out -o"),
        (["--no-backup", "p"], "goes with --in-place"),
        (["--in-place", "--text-only", "p"], "would cost all other fields"),
        (["--in-place", "-"], "standard input has no name to keep"),
        (["--resume", "p"], "--resume needs -o or --in-place"),
        (["--together", "-"], "cannot be read twice"),
        (["--format", "pdf", "p"], "'pdf' is not one of"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(arguments: list[str], complaint: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, complaint in result.stderr) == (2, True)


def on_a_terminal(*arguments: str | Path) -> str:
    """What a run says on standard error, where that is a terminal."""
    ours, its = pty.openpty()
    with subprocess.Popen(
        [*RUN, "repair", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(SERVICE), "TERM": "xterm", "COLUMNS": "80"},
        stdout=subprocess.DEVNULL,
        stderr=its,
    ):
        os.close(its)
        said = b""
        with suppress(OSError):  # EIO, when the last of them has closed it
            while block := os.read(ours, 4096):
                said += block
    os.close(ours)
    return said.decode()


def test_a_terminal_is_told_how_far_it_is(crawl: Path, tmp_path: Path) -> None:
    said = on_a_terminal("-j", 2, "-o", tmp_path / "out", crawl)
    assert re.search(r"100%.*1\.7/1\.7 MB", said)
    assert re.search(r"4,000 documents, \d+\.\d\d MB/s, 40 repaired, 0 doubtful", said)
    assert re.search(r"4,000 documents: 40 repaired, 0 doubtful, 0 rejected; 1\.6 MB in \d+\.\d s\r\n$", said)
    assert run("-o", tmp_path / "other", crawl).stderr == ""
