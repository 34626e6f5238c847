"""Whether a folder lies on a network mount, where events do not arrive and writers are not seen."""

from __future__ import annotations

import os
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs"})
_NETWORK_PREFIXES = ("fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.gluster", "fuse.davfs")


def is_network(folder: Path, *, mounts: str | None = None) -> bool:
    """Whether Linux' table of mounts (or `mounts`, in its form) says so; without one, False."""
    try:
        table = _MOUNTS.read_text("utf-8", errors="replace") if mounts is None else mounts
    except OSError:
        return False
    path = os.path.realpath(folder)
    best, kind = "", ""
    for line in table.splitlines():
        mount, _, rest = line.partition(" - ")
        fields = mount.split(" ")
        if len(fields) < 5 or not rest:
            continue
        point = fields[4].replace("\\040", " ")
        if len(point) >= len(best) and (path + "/").startswith(point.rstrip("/") + "/"):
            best, kind = point, rest.split(" ")[0]
    return kind in _NETWORK or kind.startswith(_NETWORK_PREFIXES)
