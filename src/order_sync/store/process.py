"""The owner text of a lease: which process on which machine, and whether that process is still there."""

from __future__ import annotations

import hashlib
import os
import socket
import uuid
from functools import cache
from pathlib import Path
from typing import Final

import psutil

# Start times are computed from the boot time, which moves when the clock is set.
_SAME_START: Final = 2.0


def this_process() -> str:
    """`host/pid/start/uuid`; the uuid tells two users of one process apart."""
    start = psutil.Process().create_time()
    return f"{_host()}/{os.getpid()}/{start:.2f}/{uuid.uuid4().hex}"


def host_of(owner: str) -> str:
    """The host's name, without the part that tells machines of one name apart."""
    return owner.split("/")[0].split("~")[0]


def pid_of(owner: str) -> int | None:
    """The process id, or None where the owner is not of our form."""
    parts = owner.split("/")
    return int(parts[1]) if len(parts) == 4 and parts[1].isdigit() else None


def died(owner: str) -> bool:
    """Whether the owner's process ran on this very machine and is gone. Another machine's is never judged."""
    pid = pid_of(owner)
    host, start = owner.split("/")[0], owner.split("/")[2:3]
    if pid is None or host != _host():
        return False
    try:
        process = psutil.Process(pid)
        gone = process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        return gone or abs(process.create_time() - float(start[0])) > _SAME_START
    except psutil.NoSuchProcess:
        return True
    except (psutil.AccessDenied, ValueError):
        return False


@cache
def _host() -> str:
    """Hostnames repeat among containers and cloned machines; a pid means something only on one of them."""
    boot, pids = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
    try:
        machine = boot.read_text(encoding="ascii").strip() + str(pids.readlink())
    except OSError:
        machine = f"{uuid.getnode():x}"
    return f"{socket.gethostname().replace('/', '_')}~{hashlib.sha256(machine.encode()).hexdigest()[:8]}"
