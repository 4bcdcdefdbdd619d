import Glibc

/// A snapshot that goes to standard output as it arrives. What was written cannot be taken back: the exit status says
/// whether it is whole.
final class StandardOutput: SnapshotOutput {
    private let waiter: Waiter
    /// Linux reports a pipe writable when this much fits, so that a write of it never blocks.
    private static let pipeBuffer = 4096

    init(waiter: Waiter) throws(OutputError) {
        self.waiter = waiter
        if isatty(STDOUT_FILENO) == 1 {
            throw .notARegularFile(path: "standard output", kind: "a terminal")
        }
        var status = stat()
        guard fstat(STDOUT_FILENO, &status) == 0 else {
            throw .system(operation: "write to", path: "standard output", code: errno)
        }
    }

    func write(_ data: UnsafeRawBufferPointer) throws(DumpFailure) {
        var rest = data
        while let base = rest.baseAddress, !rest.isEmpty {
            // A reader that does not read must not keep heapdump from noticing Ctrl-C, a time-out or the target's end.
            try waiter.waitToWrite(to: STDOUT_FILENO)
            let written = Glibc.write(STDOUT_FILENO, base, min(rest.count, Self.pipeBuffer))
            if written < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                throw .output(.system(operation: "write to", path: "standard output", code: errno))
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    func publish() throws(OutputError) -> PublishedSnapshot {
        PublishedSnapshot(path: nil, warnings: [])
    }

    func keepPartial() -> String? { nil }
}
