"""What holds a child that opens an untrusted file: limits, namespaces, Landlock, a system call filter.

Each measure is applied where the kernel allows it and skipped where it does not, so a child always starts;
``Confinement`` says which are in force, measured from inside a child, never assumed. Sources: man pages setrlimit(2),
prctl(2), unshare(2), seccomp(2), landlock(7), capabilities(7).
"""

from __future__ import annotations

import ctypes
import os
import resource
import socket
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from catalog.media.system_calls import SECCOMP_MODE_FILTER

MIB = 1024 * 1024

_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
_libc.syscall.restype = ctypes.c_long

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAPBSET_DROP = 24
_SIGKILL = 9

_CLONE_NEWIPC = 0x0800_0000
_CLONE_NEWUSER = 0x1000_0000
_CLONE_NEWPID = 0x2000_0000
_CLONE_NEWNET = 0x4000_0000

_CAPABILITY_VERSION_3 = 0x2008_0522
_LAST_CAPABILITY = 63

_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_FS_EXECUTE, _FS_WRITE_FILE, _FS_READ_FILE, _FS_READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_FS_TRUNCATE = 1 << 14
# All rights over files that each Landlock version knows, so that what is not granted is refused.
_FS_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_NET_RIGHTS = 0b11  # bind and connect TCP, from version 4
_SCOPES = 0b11  # abstract sockets and signals, from version 6
_VERSION_WITH_NETWORK, _VERSION_WITH_SCOPES, _VERSION_WITH_TRUNCATE = 4, 6, 3
_RIGHTS_OF_A_FILE = _FS_EXECUTE | _FS_WRITE_FILE | _FS_READ_FILE | _FS_TRUNCATE

# What the libraries themselves read: shared libraries, Mesa's drivers and settings, processor counts. Not /etc as a
# whole.
_SYSTEM_READABLE = (
    "/usr",
    "/lib",
    "/lib64",
    "/nix/store",
    "/etc/ld.so.cache",
    "/etc/glvnd",
    "/etc/drirc",
    "/etc/localtime",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one task may spend; exceeding any of it ends the child.

    ``memory_bytes`` is address space on top of what the warm process already maps, because RLIMIT_AS counts mappings,
    not memory in use: the loaded libraries alone map 1 GiB while they occupy 0.2 GiB.
    """

    wall_s: float = 60.0
    cpu_s: int = 60
    memory_bytes: int = 2048 * MIB
    file_bytes: int = 256 * MIB
    open_files: int = 256


@dataclass(frozen=True, kw_only=True)
class Confinement:
    """Which measures are in force in a child, as measured inside one, and whether it can render by EGL.

    ``files``: it cannot list the root folder. ``network``: it reaches none. ``processes``: it sees no process but
    its own. ``system_calls``: a filter is on. ``privileges``: none held and none to be gained.
    """

    limits: bool
    privileges: bool
    files: bool
    network: bool
    processes: bool
    system_calls: bool
    rendering: bool

    @property
    def complete(self) -> bool:
        """Everything but rendering, which is a convenience and no protection."""
        return all((self.limits, self.privileges, self.files, self.network, self.processes, self.system_calls))


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends; to be repeated after every change of credentials."""
    _libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of descendants whose parent ended, so that none of them gets away."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def leave_shared_namespaces() -> bool:
    """Take this process's future children out of the network and the process table; False where the kernel refuses.

    Tries both first, then the network alone. Where neither is allowed (some containers), the system call filter still
    refuses sockets.
    """
    user, group = os.getuid(), os.getgid()
    for wanted in (_CLONE_NEWNET | _CLONE_NEWPID | _CLONE_NEWIPC, _CLONE_NEWNET):
        if _libc.unshare(ctypes.c_int(_CLONE_NEWUSER | wanted)) == 0:
            for name, text in (
                ("setgroups", "deny"),
                ("uid_map", f"{user} {user} 1"),
                ("gid_map", f"{group} {group} 1"),
            ):
                Path("/proc/self", name).write_text(text, encoding="ascii")
            return bool(wanted & _CLONE_NEWPID)
    return False


def limit_resources(limits: Limits) -> None:
    """Set the hard limits of this process and of everything it starts."""
    mapped_bytes = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    for kind, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1),
        (resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
        (resource.RLIMIT_AS, mapped_bytes + limits.memory_bytes, mapped_bytes + limits.memory_bytes),
    ):
        ceiling = resource.getrlimit(kind)[1]
        bound = hard if ceiling == resource.RLIM_INFINITY else min(hard, ceiling)
        resource.setrlimit(kind, (min(soft, bound), bound))


def renounce_privileges() -> None:
    """Give up every capability and the way to gain one."""
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for capability in range(_LAST_CAPABILITY + 1):
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    _libc.capset(header, bytes(24))


def landlock_version() -> int:
    """The kernel's Landlock version; 0 where it has none or a container refuses it."""
    found = _libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    return max(int(found), 0)


class FileRules:
    """Which files this process may reach, once ``restrict`` puts the rules in force.

    They are made beforehand, because opening the system's folders takes most of the time. Must run after
    ``renounce_privileges``: the kernel accepts rules only from a process that can gain no privileges.
    """

    def __init__(self, readable: Iterable[Path]) -> None:
        """Allow the system's libraries and ``readable`` to be read."""
        version = landlock_version()
        self._handled = _FS_RIGHTS_BY_VERSION[min(version, max(_FS_RIGHTS_BY_VERSION))] if version else 0
        attributes = struct.pack("=Q", self._handled)
        if version >= _VERSION_WITH_NETWORK:
            attributes += struct.pack("=Q", _NET_RIGHTS)
        if version >= _VERSION_WITH_SCOPES:
            attributes += struct.pack("=Q", _SCOPES)
        self._ruleset = int(
            _libc.syscall(_LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
        )
        self._allow((*map(Path, _SYSTEM_READABLE), *readable), [Path("/dev/null")])

    def restrict(self, readable: Iterable[Path], writable: Iterable[Path]) -> bool:
        """Refuse every file but these and what was allowed before; False where Landlock is missing."""
        if self._ruleset < 0:
            return False
        self._allow(readable, writable)
        restricted = _libc.syscall(_LANDLOCK_RESTRICT_SELF, ctypes.c_int(self._ruleset), ctypes.c_uint32(0)) == 0
        os.close(self._ruleset)
        return bool(restricted)

    def _allow(self, readable: Iterable[Path], writable: Iterable[Path]) -> None:
        if self._ruleset < 0:
            return
        for path in readable:
            _grant(self._ruleset, path, _FS_EXECUTE | _FS_READ_FILE | _FS_READ_DIR)
        for path in writable:
            _grant(self._ruleset, path, self._handled)


def _grant(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what does not exist needs no grant
    if not path.is_dir():
        rights &= (
            _RIGHTS_OF_A_FILE if landlock_version() >= _VERSION_WITH_TRUNCATE else _RIGHTS_OF_A_FILE & ~_FS_TRUNCATE
        )
    rule = struct.pack("=Qi", rights, descriptor)
    _libc.syscall(_LANDLOCK_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(1), rule, ctypes.c_uint32(0))
    os.close(descriptor)


def measured_from_inside(*, rendering: bool) -> Confinement:
    """What is in force in this very process, tried rather than believed."""
    status = dict(
        line.split(":\t", 1)
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        if ":\t" in line
    )
    return Confinement(
        limits=resource.getrlimit(resource.RLIMIT_AS)[1] != resource.RLIM_INFINITY,
        privileges=status["NoNewPrivs"].strip() == "1" and int(status["CapEff"], 16) == 0,
        files=_is_refused(lambda: list(Path("/").iterdir())),
        network=_is_refused(_reach_out),
        processes=os.getpid() == 1,
        system_calls=status.get("Seccomp", "0").strip() == str(SECCOMP_MODE_FILTER),
        rendering=rendering,
    )


def _reach_out() -> None:
    # Connecting a datagram socket sends nothing; it fails where there is no socket, no route or no network at all.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.connect(("192.0.2.1", 9))


def _is_refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return True
    return False
