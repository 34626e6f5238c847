"""Where a folder is mounted: on network mounts neither events, nor locks, nor shared memory work.

Below every part that has to know it, and knowing none of them. Linux' own table is read by hand:
that takes a tenth of a millisecond at each start, where importing psutil takes many.
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
# Folders that a virtual machine shares with its host: no events, but only one system at work.
_SHARED = frozenset({"9p", "drvfs", "vboxsf", "virtiofs", "prl_fs", "fuse.vmhgfs-fuse"})
_OCTAL = re.compile(r"\\([0-7]{3})")


def network_kind(folder: Path, *, mounts: str | None = None) -> str | None:
    """The network file system that `folder` lies on, such as `nfs4`; None if on none.

    Read from Linux' table of mounts (or `mounts`, in its form); on Windows told by the path;
    elsewhere asked of psutil, where that is installed, as it is on macOS.
    """
    if os.name == "nt" and os.fspath(folder).startswith("\\\\"):
        return "smb"
    kind = _kind(folder, mounts)
    return kind if kind in _NETWORK or kind.startswith(_NETWORK_PREFIXES) else None


def is_without_events(folder: Path, *, mounts: str | None = None) -> bool:
    """Whether what others do in `folder` is not reported to us: on network mounts, and on folders
    that a virtual machine shares with its host."""
    return network_kind(folder, mounts=mounts) is not None or _kind(folder, mounts) in _SHARED


def _kind(folder: Path, mounts: str | None) -> str:
    """The file system at `folder` as the table of mounts has it; empty without a table."""
    path = os.path.realpath(folder) + "/"
    best, kind = "", ""
    for point, found in _mounted() if mounts is None else _in_table(mounts):
        # What was mounted later at the same place hides what was there.
        if len(point) >= len(best) and path.startswith(point.rstrip("/") + "/"):
            best, kind = point, found
    return kind


def _mounted() -> Iterable[tuple[str, str]]:
    """Where something is mounted on this machine, and which kind of file system it is."""
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
    """What psutil says; nothing without it."""
    try:
        import psutil
    except ImportError:
        return ()
    return [(one.mountpoint, one.fstype) for one in psutil.disk_partitions(all=True)]
