import Glibc
import Linux
import SystemPackage

/// A file below /proc/PID. Its failures are put in the process's terms: a file that is gone means a process that is gone.
struct ProcFile {
    let pid: Int32
    let path: String

    /// Enough for the longest argument list or environment that execve takes with the usual stack limit.
    static let cap = 8 << 20

    init(_ pid: Int32, _ name: String) {
        self.pid = pid
        path = "/proc/\(pid)/\(name)"
    }

    /// All of it, or the first `cap` bytes.
    func bytes(cap: Int = ProcFile.cap) throws(ProcessError) -> [UInt8] {
        do throws(Errno) {
            return try Descriptor(opening: path).bytes(upTo: cap)
        } catch {
            throw failure(error)
        }
    }

    func text() throws(ProcessError) -> String {
        String(decoding: try bytes(), as: UTF8.self)
    }

    /// The parts between NULs, as cmdline has them: the first `most`.
    func strings(atMost most: Int = 1 << 16) throws(ProcessError) -> [String] {
        var bytes = try bytes()
        if bytes.last == 0 { bytes.removeLast() }
        if bytes.isEmpty { return [] }
        let parts = bytes.split(separator: 0, maxSplits: most, omittingEmptySubsequences: false)
        return parts.prefix(most).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Each line without its newline, until `body` returns false. The file may be larger than memory.
    /// - Parameter cap: in bytes: the line that it falls into is the last.
    func forEachLine(cap: Int = .max, _ body: (UnsafeRawBufferPointer) -> Bool) throws(ProcessError) {
        do throws(Errno) {
            let file = try Descriptor(opening: path)
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
        } catch {
            throw failure(error)
        }
    }

    func link() throws(ProcessError) -> String {
        do throws(Errno) {
            return try readLink(path)
        } catch {
            throw failure(error)
        }
    }

    /// Of the file that a magic link leads to.
    func identity() throws(ProcessError) -> FileIdentity {
        do throws(Errno) {
            return try FileIdentity(path: path)
        } catch {
            throw failure(error)
        }
    }

    /// The entries of a directory.
    func directory() throws(ProcessError) -> Directory {
        do throws(Errno) {
            return try Directory(path)
        } catch {
            throw failure(error)
        }
    }

    func open(_ flags: Int32 = O_RDONLY) throws(ProcessError) -> Descriptor {
        do throws(Errno) {
            return try Descriptor(opening: path, flags)
        } catch {
            throw failure(error)
        }
    }

    func failure(_ error: Errno) -> ProcessError {
        switch error {
        case .noSuchFileOrDirectory, .noSuchProcess: .exited(pid: pid)
        case .permissionDenied, .notPermitted: .notPermitted(PermissionRefusal(of: path, error, pid: pid))
        default: .failed(what: "read \(path)", errno: error.rawValue)
        }
    }
}
