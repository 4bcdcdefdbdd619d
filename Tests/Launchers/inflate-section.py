"""Moves a section of an ELF file to the file's end and says that it is 64 GiB large, as the file is from then on.

Usage: inflate-section.py FILE SECTION

The program still runs: the kernel goes by segments, not by sections. The file takes no more of the disk than before.
"""

import struct
import sys

path, wanted = sys.argv[1:]
SIZE = 64 << 30
HASH_TABLE = 0x6FFFFFF6

with open(path, "r+b") as file:
    image = file.read()
    (table,) = struct.unpack_from("<Q", image, 0x28)
    count, names_index = struct.unpack_from("<HH", image, 0x3C)
    headers = [table + 64 * index for index in range(count)]
    (names,) = struct.unpack_from("<Q", image, headers[names_index] + 24)
    end = len(image) + 4095 & ~4095
    file.truncate(end + SIZE)
    for header in headers:
        name, kind = struct.unpack_from("<II", image, header)
        text = image[names + name :].split(b"\0")[0].decode()
        if text == wanted:
            file.seek(header + 24)
            file.write(struct.pack("<QQ", end, SIZE))
        # Without it, all symbols have to be looked through.
        if kind == HASH_TABLE and wanted in (".dynsym", ".dynstr"):
            file.seek(header + 4)
            file.write(struct.pack("<I", 1))
