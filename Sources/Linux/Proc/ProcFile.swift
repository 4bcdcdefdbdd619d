import Glibc
import SystemPackage

/// A file below /proc/PID.
package struct ProcFile {
    package let pid: Int32
    package let path: String

    /// Enough for the longest argument list or environment that execve takes with the usual stack limit.
    package static let cap = 8 << 20

    package init(_ pid: Int32, _ name: String) {
        self.pid = pid
        path = "/proc/\(pid)/\(name)"
    }

    /// All of it, or the first `cap` bytes.
    package func bytes(cap: Int = ProcFile.cap) throws(LinuxError) -> [UInt8] {
        let file = try open()
        return try named("read") { () throws(Errno) in try file.bytes(upTo: cap) }
    }

    package func text() throws(LinuxError) -> String {
        String(decoding: try bytes(), as: UTF8.self)
    }

    /// The parts between NULs, as cmdline has them: the first `most`.
    package func strings(atMost most: Int = 1 << 16) throws(LinuxError) -> [String] {
        var bytes = try bytes()
        if bytes.last == 0 { bytes.removeLast() }
        if bytes.isEmpty { return [] }
        let parts = bytes.split(separator: 0, maxSplits: most, omittingEmptySubsequences: false)
        return parts.prefix(most).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Each line without its newline, until `body` returns false. The file may be larger than memory.
    /// - Parameter cap: in bytes: the line that it falls into is the last.
    package func forEachLine(cap: Int = .max, _ body: (UnsafeRawBufferPointer) -> Bool) throws(LinuxError) {
        let file = try open()
        try named("read") { () throws(Errno) in
            var splitter = LineSplitter()
            var goesOn = true
            var left = cap
            try file.forEachChunk { chunk in
                let part = UnsafeRawBufferPointer(rebasing: chunk.prefix(left))
                left -= part.count
                goesOn = splitter.feed(part, body)
                return goesOn && left > 0
            }
            if goesOn { splitter.finish(body) }
        }
    }

    /// Where a magic link leads to.
    package func link() throws(LinuxError) -> String {
        try named("readlink") { () throws(Errno) in try readLink(path) }
    }

    /// Of the file that a magic link leads to.
    package func identity() throws(LinuxError) -> FileIdentity {
        try named("stat") { () throws(Errno) in try FileIdentity(path: path) }
    }

    /// The entries of a directory.
    package func directory() throws(LinuxError) -> Directory {
        try named("open") { () throws(Errno) in try Directory(path) }
    }

    package func open(_ flags: Int32 = O_RDONLY) throws(LinuxError) -> Descriptor {
        try named("open") { () throws(Errno) in try Descriptor(opening: path, flags) }
    }

    /// Runs `body`, and names the call and the file if it fails.
    private func named<Value: ~Copyable>(
        _ call: String, _ body: () throws(Errno) -> Value
    ) throws(LinuxError) -> Value {
        do throws(Errno) {
            return try body()
        } catch {
            throw LinuxError(call, path: path, error)
        }
    }
}
