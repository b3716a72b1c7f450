"""What can go wrong between a page file and an index.

    ArchiveError
    ├── UnreadableFileError   one file could not be read; the run goes on
    ├── SidecarError          an archive.toml is wrong
    ├── CorrectionError       a corrections.tsv is wrong
    ├── DictionaryError       the operator's own word list cannot be read
    └── StoreError            the index directory
        ├── IndexMissingError
        ├── IndexOutdatedError
        ├── IndexDamagedError
        ├── IndexLockedError
        ├── IndexNotWritableError
        ├── WorkerLostError
        └── ClusterError          the cluster that holds the index
            ├── ClusterUnreachableError
            ├── ClusterTimeoutError
            └── ClusterRefusedError

Messages are sentences in Chinese for the person at the keyboard, and say what to do.
"""

from __future__ import annotations

import errno
import os


class ArchiveError(Exception):
    """Base of all errors of this package."""


class UnreadableFileError(ArchiveError):
    """A page file that cannot be read: undecodable, empty, too large or malformed."""


class DictionaryError(ArchiveError):
    """A word list that the operator has put in the place of a shipped one cannot be read."""


class SidecarError(ArchiveError):
    """What an operator says in an archive.toml cannot be understood."""


class CorrectionError(ArchiveError):
    """A line of a corrections.tsv cannot be understood."""


class StoreError(ArchiveError):
    """The index directory cannot be used as asked."""


class IndexMissingError(StoreError):
    """There is no index in the directory."""


class IndexOutdatedError(StoreError):
    """The index was made by other code or dictionaries than are running now."""


class IndexDamagedError(StoreError):
    """Files of the index are missing or broken."""


class IndexLockedError(StoreError):
    """Another process is writing the index."""


class IndexNotWritableError(StoreError):
    """The directory cannot be written."""


class WorkerLostError(StoreError):
    """A process that reads for this one was killed."""


class ClusterError(StoreError):
    """The cluster that holds the index does not do what it is asked."""


class ClusterUnreachableError(ClusterError):
    """No node answers, or none that answers can do it now."""


class ClusterTimeoutError(ClusterError):
    """The answer did not come in time."""


class ClusterRefusedError(ClusterError):
    """The cluster does not accept who asks, or cannot prove who it is."""


def reason(error: OSError) -> str:
    """What the system reports, in Chinese as far as users meet it."""
    said = error.strerror or (os.strerror(error.errno) if error.errno else str(error))
    return _REASONS.get(error.errno or 0) or f"系统报告 {said}"


_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOENT: "文件不存在",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EEXIST: "已有同名的文件",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "链接互相指向，没有尽头",
    errno.EMFILE: "打开的文件太多",
    errno.EIO: "磁盘读写出错",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EADDRINUSE: "这个地址和端口已经有程序在用",
    errno.EADDRNOTAVAIL: "这台机器没有这个地址",
    errno.EFBIG: "文件大小超过系统限制",
}
