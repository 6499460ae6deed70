"""Which doors of the kernel are shut for a program in the room: a filter that bubblewrap sets (seccomp).

A list of what is refused, not of what is allowed: LibreOffice needs most of the rest. Refused is what no
viewer needs and what has let programs out of sandboxes before: other kinds of sockets than local ones, new
namespaces and mounts, watching other processes, io_uring, BPF, keys of the kernel, and an administrator's
calls. libseccomp makes the filter for the machine's processor; it is part of every Debian.
"""

import ctypes
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from journalist_app.errors import RoomError

LIBRARY: Final = "libseccomp.so.2"
REFUSED: Final = (
    *("io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open", "userfaultfd"),
    *("add_key", "request_key", "keyctl", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd"),
    *("kcmp", "unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "fsopen", "fsconfig"),
    *(
        "fsmount",
        "fspick",
        "move_mount",
        "open_tree",
        "mount_setattr",
        "name_to_handle_at",
        "open_by_handle_at",
    ),
    *(
        "acct",
        "quotactl",
        "quotactl_fd",
        "swapon",
        "swapoff",
        "syslog",
        "reboot",
        "kexec_load",
        "kexec_file_load",
    ),
    *("init_module", "finit_module", "delete_module", "iopl", "ioperm", "modify_ldt", "vm86", "vm86old"),
    *("uselib", "lookup_dcookie", "nfsservctl", "move_pages", "migrate_pages", "mbind", "set_mempolicy"),
    *("clock_settime", "clock_adjtime", "settimeofday", "adjtimex", "fanotify_init", "vhangup"),
)

_ALLOW: Final = 0x7FFF0000  # SCMP_ACT_ALLOW
_ERRNO: Final = 0x00050000  # SCMP_ACT_ERRNO(0)
_NOT_EQUAL: Final = 1  # SCMP_CMP_NE
_AF_UNIX: Final = 1
_UNKNOWN: Final = -1  # __NR_SCMP_ERROR: a call that this libseccomp has not heard of


class _Compare(ctypes.Structure):
    """`struct scmp_arg_cmp`: one argument of a call against a value."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("value", ctypes.c_uint64),
        ("value_2", ctypes.c_uint64),
    )


@contextmanager
def filter_file() -> Iterator[int]:
    """An open file with the filter, as bubblewrap's `--seccomp` takes it. Raises `RoomError`."""
    file = os.memfd_create("filter", os.MFD_CLOEXEC)
    try:
        _write(file)
        os.lseek(file, 0, os.SEEK_SET)
        yield file
    finally:
        os.close(file)


def _write(file: int) -> None:
    library = _library()
    context = library.seccomp_init(_ALLOW)
    if not context:
        raise RoomError
    try:
        for name in REFUSED:
            _refuse(library, context, name, errno.EPERM)
        _refuse(library, context, "socket", errno.EAFNOSUPPORT, _Compare(0, _NOT_EQUAL, _AF_UNIX, 0))
        if library.seccomp_export_bpf(context, file) != 0:
            raise RoomError
    finally:
        library.seccomp_release(context)


def _refuse(library: ctypes.CDLL, context: int, name: str, number: int, *when: _Compare) -> None:
    call = library.seccomp_syscall_resolve_name(name.encode())
    if call == _UNKNOWN:
        return
    conditions = (_Compare * len(when))(*when)
    if library.seccomp_rule_add_array(context, _ERRNO | number, call, len(when), conditions) != 0:
        raise RoomError


def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError as error:
        raise RoomError from error
    library.seccomp_init.argtypes, library.seccomp_init.restype = [ctypes.c_uint32], ctypes.c_void_p
    library.seccomp_rule_add_array.argtypes = [
        *(ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p)
    ]
    library.seccomp_syscall_resolve_name.argtypes = [ctypes.c_char_p]
    library.seccomp_export_bpf.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.seccomp_release.argtypes, library.seccomp_release.restype = [ctypes.c_void_p], None
    return library
