"""The Dockerfile carried out in bare directory trees, for a machine without a container engine.

    python image/rehearse.py        as root on Debian; needs debootstrap (apt-get install debootstrap)

Each stage is a tree of its own. ``FROM`` a Debian image is debootstrap of the same release, later ``FROM`` a copy of
an earlier tree, ``RUN`` a chroot, ``COPY`` what .dockerignore lets through. Then the image is run: root file system
mounted read-only with a tmpfs at /tmp, the numeric user without any capability, a network namespace of its own. Its
health check fails before the start and passes after, a real page is repaired over HTTP, and SIGTERM ends it with 0.

Not shown: the published base image itself (its packages are those of its release today, less what slim images leave
out), the layers as an engine packs them, cgroup limits, and Docker's seccomp profile.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Final, NamedTuple

import trees
from steps import Stage, assignments, context, copied, probe, stages, words

ROOT: Final = Path(__file__).parents[1]
WORK: Final = ROOT / "build" / "image"
MOST: Final = 250_000_000  # bytes that the image may have
PATIENCE: Final = 60.0  # seconds for the service to come up
GRACE: Final = 15.0  # seconds to end in, as in compose.yaml
PAGE: Final = ROOT / "fixtures/seeds/003_6ba9500f3d06fe2b.source.txt"
_NAMESPACES: Final = ("--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
_ELSEWHERE: Final = ("/", "/opt/jiaokan", "/var/tmp", "/etc", "/home")  # where the service must not write


class Image(NamedTuple):
    """A tree with what its last stage says about running it."""

    tree: Path
    environ: dict[str, str]
    user: str
    place: str
    command: list[str]
    probe: list[str]


def main() -> None:
    """Build, and run what was built in a network of its own."""
    if "--within" not in sys.argv:
        lacking = [name for name in ("unshare", "debootstrap") if not shutil.which(name)]
        if lacking or os.geteuid():
            sys.exit(f"the rehearsal needs root on Debian, and {' and '.join(lacking) or 'nothing else'}")
        again = [sys.executable, __file__, "--within"]
        sys.exit(subprocess.run(["unshare", *_NAMESPACES, *again], check=False).returncode)
    if "--alone" in sys.argv:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        run(built(carry_out=False))
        return
    image = built(carry_out=True)
    whole = trees.size(image.tree)
    say(f"the image: {whole / 1e6:.1f} MB of at most {MOST / 1e6:.0f}")
    alone = [sys.executable, __file__, "--within", "--alone"]
    subprocess.run(["unshare", "--net", *_NAMESPACES, *alone], check=True)
    if whole >= MOST:
        sys.exit("the image is too large")


def built(carry_out: bool) -> Image:
    """The last stage of the Dockerfile, after all stages were carried out."""
    made: dict[str, Image] = {}
    for stage in stages(ROOT / "Dockerfile"):
        made[stage.name] = _stage(stage, made, carry_out)
    return made[stage.name]


def _stage(stage: Stage, made: dict[str, Image], carry_out: bool) -> Image:
    tree = WORK / stage.name
    image = made[stage.base]._replace(tree=tree) if stage.base in made else Image(tree, {}, "0:0", "/", [], [])
    if carry_out:
        say(f"FROM {stage.base}, as {stage.name}")
        trees.copy(made[stage.base].tree if stage.base in made else _debian(stage.base), tree)
        print(f"{trees.size(tree) / 1e6:8.1f} MB", flush=True)
    for name, value in stage.steps:
        match name:
            case "ENV":
                image = image._replace(environ=image.environ | assignments(value))
            case "USER":
                image = image._replace(user=value)
            case "WORKDIR":
                image = image._replace(place=value)
            case "CMD":
                image = image._replace(command=words(value))
            case "HEALTHCHECK":
                image = image._replace(probe=probe(value))
            case "RUN" | "COPY" if carry_out:
                _layer(image, name, value, made)
    return image


def _debian(image: str) -> Path:
    """A bare tree for ``debian:bookworm-…-slim``, made once."""
    name, _, tag = image.partition("@")[0].partition(":")
    if name != "debian" or not tag.endswith("-slim"):
        raise SystemExit(f"the rehearsal knows no way to have {image}")
    release = tag.partition("-")[0]
    trees.debian(release, WORK / f"debian-{release}")
    return WORK / f"debian-{release}"


def _layer(image: Image, name: str, value: str, made: dict[str, Image]) -> None:
    """One step that changes the tree, and how many bytes it adds."""
    say(f"{name} {' '.join(value.split())}")
    before = trees.size(image.tree)
    (image.tree / image.place.lstrip("/")).mkdir(parents=True, exist_ok=True)
    if name == "RUN":
        if image.user != "0:0":
            raise SystemExit("the rehearsal runs build steps as root only")
        trees.build(image.tree, words(value), image.environ, image.place)
    else:
        _copy(image, value, made)
    print(f"{(trees.size(image.tree) - before) / 1e6:+8.1f} MB", flush=True)


def _copy(image: Image, value: str, made: dict[str, Image]) -> None:
    stage, sources, target = copied(value)
    place = image.tree / os.path.join(image.place, target).lstrip("/")
    if stage is not None:
        (source,) = sources
        place.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "--archive", str(made[stage].tree) + source, str(place)], check=True)
        return
    seen = list(context(ROOT))
    for source in map(Path, sources):
        files = [path for path in seen if path == source or source in path.parents]
        if not files:
            raise SystemExit(f"COPY {value}: .dockerignore lets no {source} through")
        whole = (ROOT / source).is_dir()  # a directory gives its contents, a file keeps its name
        for path in files:
            end = place / (path.relative_to(source) if whole else path.name)
            end.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, end)


def run(image: Image) -> None:
    """Run the image as a container is run, and look at all that it promises; raise if it keeps less."""
    with trees.read_only(image.tree), trees.entered(image.tree):
        _refuses_to_write(image)
        if _once(image, image.probe) == 0:
            raise SystemExit("the health check passes before the service is up")
        say(f"CMD {image.command}, as {image.user}, root file system read-only")
        service = subprocess.Popen(_arguments(image, image.command), env=_environ(image))
        try:
            _comes_up(image, service)
            _repairs_a_page(int(image.environ["JIAOKAN_PORT"]))
            print(f"{_memory() / 1e6:.0f} MB of memory in {len(_children())} processes")
            _ends(service)
        finally:
            service.kill()


def _comes_up(image: Image, service: subprocess.Popen[bytes]) -> None:
    """Wait until the health check passes."""
    began = time.monotonic()
    while _once(image, image.probe):
        if service.poll() is not None or time.monotonic() - began > PATIENCE:
            raise SystemExit("the service did not come up")
        time.sleep(0.1)
    print(f"the health check passes after {time.monotonic() - began:.1f} s")


def _ends(service: subprocess.Popen[bytes]) -> None:
    """SIGTERM ends the service, with 0 and within the time that an engine gives it."""
    began = time.monotonic()
    service.send_signal(signal.SIGTERM)
    code = service.wait(GRACE)
    print(f"SIGTERM: ended with {code} after {time.monotonic() - began:.1f} s")
    if code:
        raise SystemExit("the service did not end well")


def _refuses_to_write(image: Image) -> None:
    """The user is the one that was asked for, and can write nowhere but at /tmp."""
    say("what the user may do")
    _once(image, ["id"])
    for place in _ELSEWHERE:
        if not _once(image, ["touch", f"{place}/x"]):
            raise SystemExit(f"{place} can be written")
    if _once(image, ["touch", "/tmp/x"]):
        raise SystemExit("/tmp cannot be written")
    print("/tmp can be written, nothing else", flush=True)


def _repairs_a_page(port: int) -> None:
    """A real page, which comes back as its clean text stands in fixtures/."""
    wanted = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/repair?skip=gaps",
        PAGE.read_bytes(),
        {"Content-Type": "text/plain; charset=utf-8", "Accept": "text/plain"},
    )
    with urllib.request.urlopen(wanted, timeout=PATIENCE) as answer:
        if answer.read() != PAGE.with_name(PAGE.name.replace("source", "clean")).read_bytes():
            raise SystemExit("the page was not repaired as it should be")
    print(f"POST /v1/repair: {PAGE.name} is repaired")


def _once(image: Image, command: list[str]) -> int:
    """The exit code of a command in the container; what it complains of is not shown."""
    arguments = _arguments(image, command)
    return subprocess.run(arguments, env=_environ(image), stderr=subprocess.DEVNULL, check=False).returncode


def _arguments(image: Image, command: list[str]) -> list[str]:
    return trees.as_user(image.tree, image.user, command, image.place)


def _environ(image: Image) -> dict[str, str]:
    return {**trees.ENVIRON, "HOME": "/", **image.environ}


def _children() -> list[Path]:
    """The processes of the container: all of this namespace but the rehearsal itself."""
    found = (path for path in Path("/proc").iterdir() if path.name.isdigit())
    return [path for path in found if int(path.name) != os.getpid() and (path / "smaps_rollup").exists()]


def _memory() -> int:
    """Bytes of memory in the processes of the container, shared pages divided among them."""
    lines = (line for child in _children() for line in (child / "smaps_rollup").read_text().splitlines())
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def say(line: str) -> None:
    """A heading, written at once so that it stands before what other programs print."""
    print(f"\n$ {line}", flush=True)


if __name__ == "__main__":
    main()
