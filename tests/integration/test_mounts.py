"""Network mounts are recognised in a mount table."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator import mounts
from annotator.mounts import is_without_events, network_kind

MOUNTS = """\
22 1 8:1 / / rw,relatime - ext4 /dev/root rw
40 22 0:35 / /mnt/news rw - nfs4 server:/news rw
41 22 0:36 / /mnt/with\\040blank rw - cifs //server/share rw
42 22 0:37 / /mnt/ssh rw - fuse.sshfs user@host: rw
43 22 0:38 / /mnt/host rw - 9p host rw
44 22 0:39 / /mnt/hidden rw - nfs server:/old rw
45 22 8:2 / /mnt/hidden rw - ext4 /dev/sdb rw
a line that is none
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/ana/inbox", None),
        ("/mnt/news", "nfs4"),
        ("/mnt/news/in", "nfs4"),
        ("/mnt/newsroom", None),
        ("/mnt/with blank/in", "cifs"),
        ("/mnt/ssh/in", "fuse.sshfs"),
        ("/mnt/host", None),
        ("/mnt/hidden/in", None),
    ],
)
def test_network_mounts_are_recognised_in_the_mount_table(folder: str, kind: str | None) -> None:
    assert network_kind(Path(folder), mounts=MOUNTS) == kind


@pytest.mark.parametrize(
    ("folder", "expected"), [("/home", False), ("/mnt/news", True), ("/mnt/host/in", True)]
)
def test_shared_folders_of_a_host_count_as_network_mounts(folder: str, expected: bool) -> None:
    assert is_without_events(Path(folder), mounts=MOUNTS) == expected


def test_a_system_without_mount_table_has_no_network_mounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.mounts._TABLE", tmp_path / "none")
    assert network_kind(tmp_path) is None


@pytest.mark.skipif(
    not Path("/proc/self/mountinfo").exists(),
    reason="the table of mounts is compared with psutil, and only Linux has one",
)
def test_psutil_agrees_with_the_mount_table() -> None:
    """So that what other systems are asked is what Linux says by itself."""
    assert {*mounts._asked()} == {*mounts._mounted()}
