package import Glibc
package import Linux
package import SystemPackage

/// An executable or library of a foreign process, read at offsets. Its owner may have made it as large as a file can be.
package final class ImageFile {
    private let file: Descriptor
    package let limits: Limits
    /// What was read of it so far.
    package private(set) var bytesRead = 0

    /// How much of one file is looked at, in bytes. Node's own files have less of everything: see the comments.
    package struct Limits: Equatable {
        /// A table of symbols, and its strings: 2 MB and 8 MB at most in Node 18 to 26.
        package var symbols: UInt64
        /// A section that is searched for a text: 57 MB in Node 26.
        package var search: UInt64

        package static let usual = Limits(symbols: 32 << 20, search: 256 << 20)
        /// For the files that come after many large ones. They are still told apart by their symbols, since that takes a
        /// few small reads where the file has a hash table.
        package static let frugal = Limits(symbols: 256 << 10, search: 0)
    }

    package init(_ file: consuming Descriptor, _ limits: Limits = .usual) {
        self.file = file
        self.limits = limits
    }

    /// Up to `count` bytes; fewer only where the file ends.
    package func bytes(at offset: UInt64, count: Int) throws(Errno) -> [UInt8] {
        let bytes = try file.bytes(at: offset, count: count)
        bytesRead += bytes.count
        return bytes
    }

    package func status() throws(Errno) -> stat { try file.status() }
}
