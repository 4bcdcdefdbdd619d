import CLinux
import Glibc

/// A line of /proc/PID/maps: a stretch of a process's memory.
package struct Mapping: Sendable, Equatable {
    package let addresses: Range<UInt64>
    package let isReadable: Bool
    package let isWritable: Bool
    package let isExecutable: Bool
    /// Of its first byte in the file.
    package let offset: UInt64
    package let inode: UInt64
    /// As the process sees it; `[heap]`, `[vdso]` and the like; empty for memory that has no name.
    package let path: String

    /// Whether it is a file's: what begins with a slash may be shared memory, or removed since.
    package var isOfFile: Bool { inode != 0 && path.hasPrefix("/") }

    /// Of the memory map. 65,530 mappings, all that the kernel allows by default, take some 7 MB.
    package static let mostBytes = 64 << 20

    /// Those of a process, by address.
    package static func all(of pid: Int32) throws(LinuxError) -> [Mapping] {
        var mappings: [Mapping] = []
        try ProcFile(pid, "maps").forEachLine(cap: mostBytes) { line in
            if let mapping = Mapping(line) { mappings.append(mapping) }
            return true
        }
        return mappings
    }

    /// nil for what is no such line.
    package init?(_ line: UnsafeRawBufferPointer) {
        var cursor = ByteCursor(line)
        guard let start = cursor.hexadecimal(), cursor.skip(UInt8(ascii: "-")), let end = cursor.hexadecimal(),
            start <= end
        else { return nil }
        addresses = start..<end
        cursor.skipSpaces()
        let rights = cursor.remaining.prefix(4)
        guard rights.count == 4 else { return nil }
        isReadable = rights[rights.startIndex] == UInt8(ascii: "r")
        isWritable = rights[rights.startIndex + 1] == UInt8(ascii: "w")
        isExecutable = rights[rights.startIndex + 2] == UInt8(ascii: "x")
        cursor.skipField()
        guard let offset = cursor.hexadecimal() else { return nil }
        self.offset = offset
        cursor.skipSpaces()
        cursor.skipField()
        guard let inode = cursor.decimal() else { return nil }
        self.inode = inode
        cursor.skipSpaces()
        let path = String(decoding: cursor.remaining, as: UTF8.self)
        self.path = path.hasSuffix(Self.deletedMark) ? String(path.dropLast(Self.deletedMark.count)) : path
    }

    /// What the kernel appends to the path of a file that is removed.
    package static let deletedMark = " (deleted)"

    /// Its file; nil where it cannot be reached, or is no regular file: a device can be mapped too.
    package func open(in pid: Int32) -> Descriptor? {
        Self.open(path, range, in: pid)
    }

    /// As /proc/PID/map_files names it.
    package var range: String {
        String(addresses.lowerBound, radix: 16) + "-" + String(addresses.upperBound, radix: 16)
    }

    /// - Parameter range: as /proc/PID/map_files names the mapping.
    package static func open(_ path: String, _ range: String, in pid: Int32) -> Descriptor? {
        // The mapping itself is right even where the file was replaced, but the kernel wants CAP_SYS_ADMIN for it.
        if let mapped = try? Descriptor(openingRegularFile: ProcFile(pid, "map_files/\(range)").path) { return mapped }
        // The target may have put anything there since: follow no link out of its root, wait for no fifo's writer.
        guard let root = try? ProcFile(pid, "root").open(CLINUX_O_PATH | O_DIRECTORY),
            let place = try? Descriptor(openingInRoot: root, path, CLINUX_O_PATH | O_NOFOLLOW)
        else { return nil }
        return try? Descriptor(openingRegularFile: place)
    }
}
