"""Detects network mounts, where file events, locks and shared memory do not work.

On Linux the mount table is parsed here: that takes a tenth of a millisecond at each start, and
importing psutil takes many.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_TABLE = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "beegfs",
        "afpfs",
        "webdav",
    }
)
_NETWORK_PREFIXES = (
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.gluster",
    "fuse.davfs",
    "fuse.ceph",
    "fuse.gcsfuse",
)
# Folders that a virtual machine shares with its host: no events, but locks work.
_SHARED = frozenset({"9p", "drvfs", "vboxsf", "virtiofs", "prl_fs", "fuse.vmhgfs-fuse"})
_OCTAL = re.compile(r"\\([0-7]{3})")


def network_kind(folder: Path, *, mounts: str | None = None) -> str | None:
    """The type of the network file system that holds `folder`, such as `nfs4`; None for a local
    disk.

    Read from the mount table of Linux (or `mounts`, in its format); on Windows derived from the
    path; elsewhere, as on macOS, asked from psutil if it is installed.
    """
    if os.name == "nt" and os.fspath(folder).startswith("\\\\"):
        return "smb"
    kind = _kind(folder, mounts)
    return kind if kind in _NETWORK or kind.startswith(_NETWORK_PREFIXES) else None


def is_without_events(folder: Path, *, mounts: str | None = None) -> bool:
    """Whether file events of other machines are missing in `folder`: on network mounts, and in
    folders that a virtual machine shares with its host."""
    return network_kind(folder, mounts=mounts) is not None or _kind(folder, mounts) in _SHARED


def _kind(folder: Path, mounts: str | None) -> str:
    """The type of the file system at `folder` in the mount table; empty without a table."""
    path = os.path.realpath(folder) + "/"
    best, kind = "", ""
    for point, found in _mounted() if mounts is None else _in_table(mounts):
        # A later mount hides an earlier one at the same place.
        if len(point) >= len(best) and path.startswith(point.rstrip("/") + "/"):
            best, kind = point, found
    return kind


def _mounted() -> Iterable[tuple[str, str]]:
    """The mount points of this machine with their types of file system."""
    try:
        return _in_table(_TABLE.read_text("utf-8", errors="replace"))
    except OSError:
        return () if sys.platform in ("linux", "win32") else _asked()


def _in_table(table: str) -> Iterator[tuple[str, str]]:
    for line in table.splitlines():
        mount, _, rest = line.partition(" - ")
        fields = mount.split(" ")
        if len(fields) >= 5 and rest:
            yield _OCTAL.sub(lambda code: chr(int(code[1], 8)), fields[4]), rest.split(" ")[0]


def _asked() -> Iterable[tuple[str, str]]:
    """The mount points from psutil; none without it."""
    try:
        import psutil
    except ImportError:
        return ()
    return [(one.mountpoint, one.fstype) for one in psutil.disk_partitions(all=True)]
