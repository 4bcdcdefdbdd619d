#!/usr/bin/env python3
"""Rewrites the packed relative relocations (DT_RELR) of a 64-bit little-endian shared object as ordinary ones (DT_RELA),
for dynamic loaders that do not know the packed form, such as musl's before 1.2.4.

Usage: relr_to_rela.py FILE       (in place; does nothing where there are none)

The enlarged table goes to the end of the file, into a segment of its own, for which the note segment gives its header.
Formats: the System V gABI, "Dynamic Section" and "Relative relocation table".
"""

import struct
import sys

PT_LOAD, PT_DYNAMIC, PT_NOTE = 1, 2, 4
PF_R = 4
DT_NULL, DT_RELA, DT_RELASZ, DT_RELACOUNT = 0, 7, 8, 0x6FFFFFF9
DT_RELRSZ, DT_RELR, DT_RELRENT = 35, 36, 37
# A tag that loaders pass over.
DT_IGNORED = 0x6FFFFEFE
RELATIVE = {62: 8, 183: 1027}  # by e_machine: R_X86_64_RELATIVE, R_AARCH64_RELATIVE
PAGE = 0x10000

HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
SEGMENT = struct.Struct("<IIQQQQQQ")
ENTRY = struct.Struct("<QQ")
RELA = struct.Struct("<QQq")


def decode(words):
    """The addresses that a packed table stands for: an even word is one, an odd one is a bitmap of the 63 after it."""
    where = 0
    for word in words:
        if word & 1 == 0:
            yield word
            where = word + 8
        else:
            yield from (where + 8 * bit for bit in range(63) if word >> (bit + 1) & 1)
            where += 8 * 63


def convert(image):
    data = bytearray(image)
    header = HEADER.unpack_from(data)
    machine, segments_at, count = header[2], header[5], header[10]
    segments = [SEGMENT.unpack_from(data, segments_at + n * SEGMENT.size) for n in range(count)]

    def offset_of(address):
        for kind, _, offset, start, _, size, _, _ in segments:
            if kind == PT_LOAD and start <= address < start + size:
                return offset + address - start
        raise SystemExit(f"relr_to_rela: address {address:#x} is in no segment")

    dynamic = next(segment for segment in segments if segment[0] == PT_DYNAMIC)
    entries = []
    for at in range(dynamic[2], dynamic[2] + dynamic[5], ENTRY.size):
        tag, value = ENTRY.unpack_from(data, at)
        entries.append((tag, value, at))
        if tag == DT_NULL:
            break
    values = {tag: value for tag, value, _ in entries}
    if DT_RELR not in values:
        return None
    packed = struct.unpack_from(f"<{values[DT_RELRSZ] // 8}Q", data, offset_of(values[DT_RELR]))
    relative = bytearray()
    for address in decode(packed):
        # The addend lies where the relocation goes.
        addend = struct.unpack_from("<q", data, offset_of(address))[0]
        relative += RELA.pack(address, RELATIVE[machine], addend)
    old = offset_of(values[DT_RELA])
    table = bytes(relative) + bytes(data[old : old + values[DT_RELASZ]])

    note = next(n for n, segment in enumerate(segments) if segment[0] == PT_NOTE)
    end = max(segment[3] + segment[6] for segment in segments if segment[0] == PT_LOAD)
    data += bytes(-len(data) % PAGE)
    address = (end + PAGE - 1) // PAGE * PAGE
    SEGMENT.pack_into(
        data, segments_at + note * SEGMENT.size, PT_LOAD, PF_R, len(data), address, address, len(table), len(table), PAGE
    )
    data += table
    new = {DT_RELA: address, DT_RELASZ: len(table), DT_RELACOUNT: values.get(DT_RELACOUNT, 0) + len(relative) // RELA.size}
    for tag, value, at in entries:
        if tag in (DT_RELR, DT_RELRSZ, DT_RELRENT):
            ENTRY.pack_into(data, at, DT_IGNORED, 0)
        elif tag in new:
            ENTRY.pack_into(data, at, tag, new[tag])
    # Loadable segments stand in the order of their addresses.
    headers = sorted(
        (SEGMENT.unpack_from(data, segments_at + n * SEGMENT.size) for n in range(count)),
        key=lambda segment: (segment[0] == PT_LOAD, segment[3] if segment[0] == PT_LOAD else 0),
    )
    for n, segment in enumerate(headers):
        SEGMENT.pack_into(data, segments_at + n * SEGMENT.size, *segment)
    return bytes(data)


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    with open(sys.argv[1], "rb") as file:
        converted = convert(file.read())
    if converted is not None:
        with open(sys.argv[1], "wb") as file:
            file.write(converted)


if __name__ == "__main__":
    main()
