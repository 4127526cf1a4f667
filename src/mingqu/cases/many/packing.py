"""
The zip with the files of the rows. A stranger's: its names, its sizes and what it unpacks to are looked at before
anything of it is read; nothing of it is ever written to a folder.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mingqu.cases.many.errors import PackRefused

BYTES = 40_000_000
ENTRIES = 1_000
UNPACKED = 400_000_000
ONE_FILE = 20_000_000  # as a single upload
RATIO = 100  # a scan or a photo is no smaller in a zip; what shrinks further is no paper
SMALL = 1_000_000  # what a ratio is not asked of
UTF8_FLAG, ENCRYPTED_FLAG = 0x800, 0x1
PACKED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # LZMA may ask for gigabytes to unpack a byte
LISTED, MOST_LISTED = (
    b"PK\x01\x02",
    50 * ENTRIES,
)  # of entries; documents of offices are small zips themselves


# Whatever a crafted entry makes the reader trip over: a local header that is no UTF-8, an end too early.
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class Packed:
    """The names in the zip, by which the cells call them: with their folder, and without where that is clear."""

    data: bytes
    names: dict[str, str]  # as written in a cell → name of the entry

    def read(self, name: str) -> bytes:
        """Raises PackRefused: damaged, or larger than it said."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive, archive.open(self.names[name]) as file:
                content = file.read(ONE_FILE + 1)
        except BROKEN as broken:
            raise PackRefused(what=_("“{name}”损坏，读不出来").format(name=name)) from broken
        if len(content) > ONE_FILE:
            raise PackRefused(what=_too_large(name))
        return content


NONE = Packed(b"", {})


def opened(data: bytes) -> Packed:
    """Raises PackRefused, with the name and the reason."""
    if len(data) > BYTES:
        raise PackRefused(what=_("超过{most}MB").format(most=BYTES // 1_000_000))
    if data.count(LISTED) > MOST_LISTED:  # the reader makes an object of each before anybody can count them
        raise PackRefused(what=_("文件超过{most}个").format(most=ENTRIES))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
    except BROKEN as broken:
        raise PackRefused(what=_("不是zip文件，或者已经损坏")) from broken
    if len(entries) > ENTRIES:
        raise PackRefused(what=_("文件超过{most}个").format(most=ENTRIES))
    if sum(one.file_size for one in entries) > UNPACKED:
        raise PackRefused(what=_("解开以后太大"))
    names: dict[str, str] = {}
    short: dict[str, list[str]] = {}
    for entry in entries:
        name = _name(entry)
        if name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith("."):
            continue  # what an Apple computer adds by itself
        _check(entry, name)
        names[name] = entry.filename
        short.setdefault(name.rsplit("/", 1)[-1], []).append(entry.filename)
    alone = {name: found[0] for name, found in short.items() if len(found) == 1}
    return Packed(data, alone | names)


def _check(entry: zipfile.ZipInfo, name: str) -> None:
    parts = name.split("/")
    if name.startswith("/") or ":" in name or ".." in parts or "" in parts or "\x00" in name:
        raise PackRefused(what=_("“{name}”的路径指到压缩包外面").format(name=name))
    if entry.flag_bits & ENCRYPTED_FLAG:
        raise PackRefused(what=_("“{name}”加了密码").format(name=name))
    if entry.compress_type not in PACKED_AS:
        raise PackRefused(what=_("“{name}”损坏，读不出来").format(name=name))
    if entry.external_attr >> 28 == 0xA:
        raise PackRefused(what=_("“{name}”是链接，不是文件").format(name=name))
    if entry.file_size > ONE_FILE:
        raise PackRefused(what=_too_large(name))
    if entry.file_size > SMALL and entry.file_size > RATIO * max(entry.compress_size, 1):
        raise PackRefused(what=_("“{name}”解开以后大得不正常").format(name=name))


def _too_large(name: str) -> str:
    return _("“{name}”超过{most}MB").format(name=name, most=ONE_FILE // 1_000_000)


def _name(entry: zipfile.ZipInfo) -> str:
    """As people see it: Chinese Windows writes names in GB18030 without saying so."""
    name = entry.filename
    if not entry.flag_bits & UTF8_FLAG:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/").removeprefix("./")
