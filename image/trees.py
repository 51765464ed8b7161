"""Directory trees that stand in for images: made by debootstrap, entered by chroot, measured by du.

Needs root, debootstrap and util-linux. Everything mounted here is gone with the mount namespace of ``rehearse``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

# What a container engine gives every process of a build.
ENVIRON: Final = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
# What Debian's slim images leave out, so that it is neither measured nor relied upon.
_SLIM: Final = ("doc", "info", "lintian", "locale", "man")
_DEVICES: Final = ("null", "zero", "full", "random", "urandom", "tty")
_CHROOT: Final = "/usr/sbin/chroot"  # by its path: it is looked for with the PATH of the image
_CERTIFICATES: Final = "/run/certificates.crt"


def debian(release: str, tree: Path) -> None:
    """A Debian tree of the packages that its images have, without the documents that slim ones lack."""
    if tree.exists():
        return
    unfinished = tree.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    _run(["debootstrap", "--variant=minbase", release, str(unfinished), "http://deb.debian.org/debian"])
    security = f"deb http://deb.debian.org/debian-security {release}-security main\n"
    (unfinished / "etc/apt/sources.list.d/security.list").write_text(security)
    excluded = "".join(f"path-exclude /usr/share/{name}/*\n" for name in _SLIM)
    (unfinished / "etc/dpkg/dpkg.cfg.d/docker").write_text(excluded)
    for name in ("var/cache/apt", "var/lib/apt/lists", *(f"usr/share/{name}" for name in _SLIM)):
        shutil.rmtree(unfinished / name, ignore_errors=True)
        (unfinished / name).mkdir()
    (unfinished / "etc/resolv.conf").write_text("")  # what an engine writes there
    unfinished.rename(tree)


def copy(source: Path, target: Path) -> None:
    """``target`` anew as a copy of the tree ``source``."""
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    _run(["cp", "--archive", str(source), str(target)])


def size(tree: Path) -> int:
    """Bytes of all files in a tree, each counted once; what is mounted in it is not."""
    out = subprocess.run(["du", "-sbx", str(tree)], check=True, capture_output=True, text=True).stdout
    return int(out.split()[0])


@contextmanager
def entered(tree: Path) -> Iterator[None]:
    """``/proc``, ``/dev`` and the names of hosts are there meanwhile, as an engine provides them."""
    with ExitStack() as stack:
        stack.enter_context(_mounted(["-t", "proc", "proc"], tree / "proc"))
        stack.enter_context(_mounted(["-t", "tmpfs", "-o", "mode=755", "tmpfs"], tree / "dev"))
        for name in _DEVICES:
            (tree / "dev" / name).touch()
            stack.enter_context(_mounted(["--bind", f"/dev/{name}"], tree / "dev" / name))
        (tree / "dev/shm").mkdir()
        stack.enter_context(_mounted(["-t", "tmpfs", "-o", "mode=1777", "tmpfs"], tree / "dev/shm"))
        stack.enter_context(_mounted(["-t", "tmpfs", "-o", "mode=755", "tmpfs"], tree / "run"))
        stack.enter_context(_mounted(["--bind", "/etc/resolv.conf"], tree / "etc/resolv.conf"))
        yield


@contextmanager
def read_only(tree: Path) -> Iterator[None]:
    """The tree cannot be written meanwhile, but for a tmpfs at ``/tmp``."""
    with _mounted(["--bind", str(tree)], tree):
        _run(["mount", "-o", "remount,bind,ro", str(tree)])
        with _mounted(["-t", "tmpfs", "-o", "size=256m,mode=1777,noexec,nosuid,nodev", "tmpfs"], tree / "tmp"):
            yield


@contextmanager
def _mounted(what: Sequence[str], where: Path) -> Iterator[None]:
    _run(["mount", *what, str(where)])
    try:
        yield
    finally:
        _run(["umount", "--lazy", str(where)])


def build(tree: Path, command: Sequence[str], environ: Mapping[str, str], place: str) -> None:
    """One ``RUN`` as root; raises if it fails. A certificate that this machine's pip needs comes along."""
    given = {**ENVIRON, **environ}
    with entered(tree):
        if certificates := os.environ.get("PIP_CERT"):
            shutil.copy(certificates, str(tree) + _CERTIFICATES)
            given["PIP_CERT"] = _CERTIFICATES
        _run([_CHROOT, str(tree), "/usr/bin/env", f"--chdir={place}", *command], given)


def as_user(tree: Path, user: str, command: Sequence[str], place: str = "/tmp") -> list[str]:
    """The arguments that run a command in a tree as a container would: without any right, and with no way to one."""
    uid, _, gid = user.partition(":")
    rights = ["--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
    switch = ["/usr/bin/setpriv", f"--reuid={uid}", f"--regid={gid or uid}", *rights]
    return [_CHROOT, str(tree), *switch, "/usr/bin/env", f"--chdir={place}", *command]


def _run(command: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
    subprocess.run(command, check=True, env=environ, stdin=subprocess.DEVNULL)
