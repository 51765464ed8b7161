"""The command line: bytes in, bytes out, and exit codes that can be relied on."""

from __future__ import annotations

import fcntl
import json
import re
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import IO

import pytest
from click.testing import CliRunner, Result

import jiaokan
from conftest import SERVICE, Start
from jiaokan import cli
from jiaokan.web import tokens

TRADITIONAL, SIMPLIFIED = "問題", "问题"


def run(*arguments: str, given: bytes = b"", **variables: str) -> Result:
    """A run in this very process, with ``given`` on standard input."""
    return CliRunner().invoke(cli.commands, arguments, input=given, env=variables)


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, made the current one, with two pages of the same name in different charsets."""
    for folder, charset in (("a", "utf-8"), ("b", "gb18030")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "p.txt").write_bytes(f"{folder} 中文網頁的{TRADITIONAL}\r\n".encode(charset))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r", "\n\n"])
def test_the_output_is_the_text_and_not_a_byte_more(end: str) -> None:
    for arguments in (("repair",), ("repair", "-")):
        assert run(*arguments, given=f"{TRADITIONAL}{end}".encode()).stdout_bytes == f"{SIMPLIFIED}{end}".encode()


def test_files_of_any_charset_come_out_as_utf8_in_order(pages: Path) -> None:
    result = run("repair", "b/p.txt", "a/p.txt")
    assert result.stdout_bytes == f"b 中文网页的{SIMPLIFIED}\r\na 中文网页的{SIMPLIFIED}\r\n".encode()
    assert result.exit_code == 0


def test_a_declared_charset_is_used() -> None:
    assert run("repair", "--charset", "big5", given="問題".encode("big5")).stdout == SIMPLIFIED


def test_options_reach_the_repair(monkeypatch: pytest.MonkeyPatch, pages: Path) -> None:
    asked: list[object] = []
    repair = jiaokan.pipeline.repair
    monkeypatch.setattr("jiaokan.pipeline.repair", lambda raw, **options: asked.append((raw, options)) or repair(raw))
    words = Path("words.txt")
    words.write_text("\ufeff电话\n\n  方法 \n", "utf-8")
    run("repair", "--script", "keep", "--consent", "certain", "--skip", "gaps", "--skip", "script", given=b"a")
    run("detect", "--charset", "gbk", "--skip", "transcoding", given=b"b")
    run("repair", "--punctuation", "fullwidth", "--dropped-words", str(words), given=b"c")
    plain = {"charset": None, "script": "simplified", "punctuation": "keep", "skip": (), "dropped_words": ()}
    assert asked == [
        (b"a", {**plain, "script": "keep", "consent": "certain", "skip": ("gaps", "script")}),
        (b"b", {**plain, "charset": "gbk", "skip": ("transcoding",)}),
        (b"c", {**plain, "consent": "probable", "punctuation": "fullwidth", "dropped_words": ("电话", "方法")}),
    ]


def test_words_that_cannot_be_read_are_wrong_usage(pages: Path) -> None:
    Path("words.txt").write_bytes(b"\xff\xfe\xff")
    result = run("repair", "--dropped-words", "words.txt", given=b"a")
    assert result.exit_code == 2
    assert "words.txt cannot be read" in result.stderr


def test_more_words_than_are_allowed_are_wrong_usage(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("\n".join(map(str, range(3000))), "utf-8")
    result = run("repair", "--dropped-words", str(words), given=b"a")
    assert result.exit_code == 2
    assert f"{words}: there are more than 2,000 dropped words." in result.stderr


def test_pages_decide_together(tmp_path: Path) -> None:
    for name, text in (("a", "随之而来的催收问也日益突出。"), ("b", "但催收问依然突出，解决问的办法不多。")):
        (tmp_path / name).write_text(text, "utf-8")
    paths = [str(tmp_path / "a"), str(tmp_path / "missing"), str(tmp_path / "b")]
    alone, together = run("repair", *paths), run("repair", "--together", *paths)
    assert "催收问也" in alone.stdout
    assert together.stdout == "随之而来的催收问题也日益突出。但催收问题依然突出，解决问题的办法不多。"
    assert together.exit_code == alone.exit_code == 1
    assert "missing" in together.stderr


def test_the_module_is_the_command() -> None:
    answer = subprocess.run([sys.executable, "-m", "jiaokan.cli", "--version"], capture_output=True, check=True)
    assert answer.stdout.decode() == f"jiaokan, version {jiaokan.__version__}\n"


def test_standard_input_cannot_be_read_twice() -> None:
    result = run("repair", "--together", given=b"a")
    assert result.exit_code == 2
    assert "cannot be read twice" in result.stderr


@pytest.mark.parametrize("fault", jiaokan.Fault)
def test_every_fault_can_be_skipped(fault: jiaokan.Fault) -> None:
    assert run("repair", "--skip", fault.value, given=b"x").stdout == "x"


def test_json_is_one_line_a_document(pages: Path) -> None:
    rows = [json.loads(line) for line in run("repair", "--json", "a/p.txt", "b/p.txt").stdout.splitlines()]
    assert [(row["path"], row["charset"]) for row in rows] == [("a/p.txt", "utf-8"), ("b/p.txt", "gb18030")]
    assert rows[0]["text"] == f"a 中文网页的{SIMPLIFIED}\r\n"
    assert {"path", "text", "charset", "losses", "edits", "doubts", "diff"} <= rows[0].keys()


def test_the_diff_says_what_changed_and_why(pages: Path) -> None:
    lines = run("repair", "--diff", "a/p.txt").stdout.splitlines()
    assert lines[:4] == ["=== a/p.txt", "@@ line 1 @@", "-a 中文網頁的問題", "+a 中文网页的问题"]
    assert all(line.startswith("! 1:") for line in lines[4:])


def test_a_clean_document_has_no_diff() -> None:
    assert run("repair", "--diff", given=SIMPLIFIED.encode()).stdout_bytes == b""


def test_the_diff_is_coloured_where_there_are_colours() -> None:
    source = TRADITIONAL.encode()
    assert "\x1b[" in run("repair", "--diff", given=source, FORCE_COLOR="1", TERM="xterm").stdout
    for variables in ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, {"FORCE_COLOR": "1", "TERM": "dumb"}):
        assert f"-{TRADITIONAL}\n+{SIMPLIFIED}\n" in run("repair", "--diff", given=source, **variables).stdout


def test_detect_prints_a_line_a_finding(pages: Path) -> None:
    result = run("detect", "a/p.txt")
    assert result.exit_code == 0
    assert re.match(r'a/p\.txt:1:\d+ ".+" → ".+" script, certain, 1\.00: .+\n', result.stdout)
    assert run("detect", given=SIMPLIFIED.encode()).stdout == ""


def test_detect_names_a_charset_that_is_not_utf8_and_what_was_lost() -> None:
    raw = SIMPLIFIED.encode("gbk")
    assert run("detect", given=raw).stdout.startswith("-: charset gb18030, ")
    assert run("detect", given=SIMPLIFIED.encode() * 9 + b"\xff").stdout.endswith("; 1 byte lost at 1:19\n")


def test_detect_as_json() -> None:
    found = json.loads(run("detect", "--json", given=TRADITIONAL.encode()).stdout)
    assert found["path"] == "-"
    assert found["charset"] == "utf-8"
    assert "".join(row["after"] for row in found["findings"]) == SIMPLIFIED


def test_o_writes_files_and_prints_nothing(pages: Path) -> None:
    result = run("repair", "-o", "out/new", "a/p.txt", "b/p.txt")
    assert (result.exit_code, result.output) == (0, "")
    written = {path.name: path.read_bytes().decode() for path in (pages / "out" / "new").iterdir()}
    assert written == {"p.txt": f"a 中文网页的{SIMPLIFIED}\r\n", "p-2.txt": f"b 中文网页的{SIMPLIFIED}\r\n"}


def test_o_with_json_does_both(pages: Path) -> None:
    result = run("repair", "-o", "out", "--json", "a/p.txt")
    assert json.loads(result.stdout)["text"].encode() == (pages / "out" / "p.txt").read_bytes()


def test_an_input_is_not_overwritten(pages: Path) -> None:
    before = Path("a/p.txt").read_bytes()
    result = run("repair", "-o", "a", "a/p.txt")
    assert result.exit_code == 2
    assert "a/p.txt is an input: choose another folder." in result.stderr
    assert Path("a/p.txt").read_bytes() == before


def test_bad_documents_are_listed_and_the_others_done(pages: Path) -> None:
    result = run("repair", "nowhere.txt", "a/p.txt", "*/nowhere.txt", "b")
    assert result.exit_code == 1
    assert result.stdout_bytes == f"a 中文网页的{SIMPLIFIED}\r\nb 中文网页的{SIMPLIFIED}\r\n".encode()
    assert result.stderr.splitlines() == ["jiaokan: nowhere.txt: No such file or directory"]


def test_a_document_that_cannot_be_written_is_listed(pages: Path) -> None:
    (pages / "out" / "p.txt").mkdir(parents=True)
    result = run("repair", "-o", "out", "a/p.txt", "b/p.txt")
    assert result.exit_code == 1
    assert result.stderr == "jiaokan: a/p.txt: out/p.txt: Is a directory\n"
    assert sorted(path.name for path in (pages / "out").iterdir()) == [".jiaokan", "p-2.txt", "p.txt"]


def test_a_folder_that_cannot_be_made_ends_the_run(pages: Path) -> None:
    result = run("repair", "-o", "a/p.txt/out", "b/p.txt")
    assert result.exit_code == 1
    assert "Not a directory" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["repair", "--diff", "--json"], "leave out --diff"),
        (["repair", "-o", "out"], "standard input has no name"),
        (["repair", "-o", "out", "-"], "standard input has no name"),
        (["repair", "--skip", "typos"], "'typos' is not one of"),
        (["repair", "--consent", "maybe"], "'maybe' is not one of"),
        (["repair", "--script", "traditional"], "'traditional' is not one of"),
        (["repair", "--charset", "gkb"], "no charset is called 'gkb'."),
        (["repair", "--charset", "a\0b"], "no charset is called"),
        (["detect", "--consent", "certain"], "No such option"),
        (["serve", "--tls-cert", "c"], "tls_key (JIAOKAN_TLS_KEY) is missing"),
        (["serve", "--port", "0"], "port is from 1 to 65535, not 0."),
        (["serve", "--workers", "0"], "workers is at least 1, not 0."),
        (["mend"], "No such command 'mend'"),
        ([], "Usage:"),
    ],
)
def test_wrong_usage_is_2_and_explained(arguments: list[str], complaint: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert complaint in result.stderr


def test_a_bad_setting_is_wrong_usage() -> None:
    result = run("serve", JIAOKAN_PORT="http")
    assert (result.exit_code, "JIAOKAN_PORT is a whole number" in result.stderr) == (2, True)


def test_serve_passes_on_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[object] = []
    monkeypatch.setattr("jiaokan.web.server.serve", served.append)
    run("serve", "--port", "9000", "--tls-key", "k", JIAOKAN_PORT="9001", JIAOKAN_WORKERS="3", JIAOKAN_TLS_CERT="c")
    assert served == [jiaokan.settings.Settings(port=9000, workers=3, tls_cert="c", tls_key="k")]


def test_a_token_is_printed_once_and_its_name_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    made = run("token", "crawler", "--file", str(path))
    assert (made.exit_code, made.stderr) == (0, "")
    assert tokens.Keys(path).owner(made.stdout.rstrip("\n")) == "crawler"
    again = run("token", "crawler", "--file", str(path))
    assert (again.exit_code, again.stdout) == (2, "")
    assert "crawler has a token" in again.stderr
    assert run("token", "two words", "--file", str(path)).exit_code == 2
    assert run("token", "other").exit_code == 2
    nowhere = run("token", "other", "--file", str(tmp_path / "none" / "tokens"))
    assert (nowhere.exit_code, "No such file or directory" in nowhere.stderr) == (1, True)


def test_a_lone_surrogate_in_a_path_or_a_text_is_printed_somehow(pages: Path) -> None:
    Path("a/\udcff.txt").write_bytes(b"ok")
    assert json.loads(run("repair", "--json", "a/\udcff.txt").stdout)["path"] == "a/\udcff.txt"
    assert run("repair", "b/\udcfe.txt").stderr == "jiaokan: b/\ufffd.txt: No such file or directory\n"


# From here on: the program as a whole, in a shell's place.


def test_version_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv[1:] = ['--version']\n"
        "from jiaokan import cli\n"
        "try: cli.main()\n"
        "finally: print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(SERVICE)}
    )
    version, modules = done.stdout.splitlines()
    assert version == f"jiaokan, version {jiaokan.__version__}"
    heavy = {"opencc", "wordfreq", "pypinyin", "ftfy", "flask", "werkzeug", "granian", "rich", "numpy"}
    heavy |= {"prometheus_client", "pythonjsonlogger", "flask_limiter", "logging"}
    assert heavy.isdisjoint(modules.split())


def test_a_whole_run(start: Start, tmp_path: Path) -> None:
    program = start(["repair", "-", str(tmp_path / "none")])
    out, err = program.communicate(TRADITIONAL.encode())
    assert (program.returncode, out) == (1, SIMPLIFIED.encode())
    assert err.decode() == f"jiaokan: {tmp_path}/none: No such file or directory\n"


def test_wrong_usage_of_a_whole_run(start: Start) -> None:
    program = start(["repair", "--json", "--diff"])
    _, err = program.communicate()
    assert program.returncode == 2
    assert err.startswith(b"Usage: jiaokan repair")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_is_no_trouble(start: Start, unbuffered: str, tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_bytes(b"a quiet line\n" * 100_000)
    program = start(["repair", str(page)], PYTHONUNBUFFERED=unbuffered)
    assert program.stdout
    program.stdout.read(1)
    program.stdout.close()
    program.stdout = None
    assert program.communicate()[1] == b""
    assert program.returncode == 1


def test_unbuffered_output_is_complete(start: Start) -> None:
    """Raw standard output takes a part of a long write and says so; a pipe holds 64 KiB."""
    text = b"a quiet line\n" * 100_000
    assert start(["repair"], PYTHONUNBUFFERED="1").communicate(text)[0] == text


def test_a_full_disk_is_reported() -> None:
    code = "from jiaokan.cli import main; main()"
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", code, "repair"],
            input=b"a",
            stdout=full,
            stderr=subprocess.PIPE,
            env={"PYTHONPATH": str(SERVICE)},
        )
    assert (done.returncode, done.stderr) == (1, b"jiaokan: standard output: No space left on device\n")


def unread(pipe: IO[bytes]) -> int:
    """How many bytes wait in a pipe."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


def test_an_interrupt_is_quiet(start: Start) -> None:
    program = start(["repair", "-", "-"])
    assert program.stdin
    program.stdin.write(b"a")
    program.stdin.flush()
    while unread(program.stdin) and program.poll() is None:
        time.sleep(0.01)
    program.send_signal(signal.SIGINT)
    out, err = program.communicate()
    assert (program.returncode, out, err.strip()) == (130, b"", b"")
