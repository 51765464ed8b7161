"""Only the pinned package is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.source import SourceError, model_file


def test_another_package_is_refused(tmp_path: Path) -> None:
    deb = tmp_path / "other.deb"
    deb.write_bytes(b"!<arch>\n")
    with pytest.raises(SourceError, match=r"other\.deb is not libime-data-language-model 1\.0\.16-1"):
        model_file(deb)


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.deb cannot be read: No such file"):
        model_file(tmp_path / "none.deb")
