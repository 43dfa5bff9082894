"""The filter of system calls that holds a child: what no reader needs is refused by the kernel.

Source: seccomp(2); numbers from the kernel's tables of x86-64 and 64-bit ARM.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

SECCOMP_MODE_FILTER = 2

_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
_PR_SET_SECCOMP = 22

# System calls that no reader or renderer needs and that reach other processes, other files or the network.
_FORBIDDEN_CALLS = {
    "x86_64": {
        "socket": 41, "connect": 42, "bind": 49, "listen": 50, "fork": 57, "vfork": 58, "execve": 59, "ptrace": 101,
        "pivot_root": 155, "chroot": 161, "mount": 165, "umount2": 166, "init_module": 175, "delete_module": 176,
        "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272, "perf_event_open": 298,
        "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
        "finit_module": 313, "bpf": 321, "execveat": 322, "userfaultfd": 323, "io_uring_setup": 425, "open_tree": 428,
        "move_mount": 429, "fsopen": 430, "fsmount": 432, "pidfd_getfd": 438, "mount_setattr": 442,
    },
    "aarch64": {
        "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "unshare": 97, "kexec_load": 104,
        "init_module": 105, "delete_module": 106, "ptrace": 117, "socket": 198, "bind": 200, "listen": 201,
        "connect": 203, "add_key": 217, "request_key": 218, "keyctl": 219, "execve": 221, "perf_event_open": 241,
        "open_by_handle_at": 265, "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
        "finit_module": 273, "bpf": 280, "execveat": 281, "userfaultfd": 282, "io_uring_setup": 425, "open_tree": 428,
        "move_mount": 429, "fsopen": 430, "fsmount": 432, "pidfd_getfd": 438, "mount_setattr": 442,
    },
}  # fmt: skip
# clone may start threads only; of clone3 a filter cannot see the flags, so libraries are told to use clone.
_CLONE_CALLS = {"x86_64": (56, 435), "aarch64": (220, 435)}
_CLONE_THREAD = 0x0001_0000
_AUDIT_ARCHITECTURE = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_X32_CALLS = 0x4000_0000
_LOAD_WORD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_IF_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_OFFSET_OF_CALL, _OFFSET_OF_ARCHITECTURE, _OFFSET_OF_FIRST_ARGUMENT = 0, 4, 16
_SECCOMP_ALLOW, _SECCOMP_ERRNO = 0x7FFF_0000, 0x0005_0000


def filter_system_calls() -> bool:
    """Refuse what no reader needs: processes, programs, sockets, mounts and the like; False where unsupported."""
    machine = platform.machine()
    if machine not in _FORBIDDEN_CALLS:
        return False
    program = _filter_program(machine)
    code = ctypes.create_string_buffer(program, len(program))
    description = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))
    return bool(_libc.prctl(_PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(description), 0, 0) == 0)


def _filter_program(machine: str) -> bytes:
    """Classic BPF (seccomp(2)); jumps count the steps that they skip."""
    clone, clone3 = _CLONE_CALLS[machine]
    forbidden = sorted(_FORBIDDEN_CALLS[machine].values())
    count = len(forbidden)
    # After the list of forbidden calls stand three ends: allowed, refused, not implemented.
    steps = [
        (_LOAD_WORD, 0, 0, _OFFSET_OF_ARCHITECTURE),
        (_JUMP_EQUAL, 0, count + 7, _AUDIT_ARCHITECTURE[machine]),
        (_LOAD_WORD, 0, 0, _OFFSET_OF_CALL),
        (_JUMP_AT_LEAST, count + 5, 0, _X32_CALLS),
        (_JUMP_EQUAL, count + 5, 0, clone3),
        (_JUMP_EQUAL, 0, 2, clone),
        (_LOAD_WORD, 0, 0, _OFFSET_OF_FIRST_ARGUMENT),
        (_JUMP_IF_SET, count, count + 1, _CLONE_THREAD),
        *((_JUMP_EQUAL, count - index, 0, number) for index, number in enumerate(forbidden)),
        (_RETURN, 0, 0, _SECCOMP_ALLOW),
        (_RETURN, 0, 0, _SECCOMP_ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _SECCOMP_ERRNO | errno.ENOSYS),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
