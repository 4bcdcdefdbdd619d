import Glibc
import Linux
import SystemPackage

/// A snapshot that goes to standard output as it arrives. What was written cannot be taken back: the exit status says
/// whether it is whole.
final class StandardOutput: SnapshotOutput {
    private let waiter: Waiter
    /// Made when the reader is first seen to be slower than V8.
    private var spool: Spool?
    private var canSpool = true
    private var hasWritten = false
    /// Linux reports a pipe writable when this much fits, so that a write of it never blocks.
    private static let pipeBuffer = 4096

    init(waiter: Waiter) throws(OutputError) {
        self.waiter = waiter
        if isatty(STDOUT_FILENO) == 1 {
            throw .notARegularFile(path: "standard output", kind: "a terminal")
        }
        // Closed, or open for reading only: known before the target is touched.
        let flags = fcntl(STDOUT_FILENO, F_GETFL)
        guard flags >= 0, flags & O_ACCMODE != O_RDONLY else {
            throw .system(operation: "write to", path: "standard output", code: EBADF)
        }
    }

    var room: OutputRoom? { nil }

    func write(_ data: UnsafeRawBufferPointer) throws(DumpFailure) {
        var rest = data
        hasWritten = hasWritten || !data.isEmpty
        try drain(waiting: false)
        while !rest.isEmpty, spool?.isEmpty ?? true, isWritable {
            rest = UnsafeRawBufferPointer(rebasing: rest[try writeOnce(rest)...])
        }
        if !rest.isEmpty, let spool = makeSpool() {
            rest = UnsafeRawBufferPointer(rebasing: rest[spool.append(rest)...])
        }
        guard !rest.isEmpty else { return }
        // No room to spool: the reader sets the pace, and what it does not take waits in the target.
        try drain(waiting: true)
        while !rest.isEmpty {
            try waiter.waitToWrite(to: STDOUT_FILENO)
            rest = UnsafeRawBufferPointer(rebasing: rest[try writeOnce(rest)...])
        }
    }

    var isRemote: Bool { RemoteFileSystem.holds(STDOUT_FILENO) }

    /// What a reader has got cannot be taken back.
    func restart() -> Bool { !hasWritten }

    func publish() throws -> PublishedSnapshot {
        try drain(waiting: true)
        // Into a file, by the shell: some file systems tell of a lost write only now. Pipes cannot be synced.
        if fsync(STDOUT_FILENO) != 0, errno != EINVAL, errno != EROFS {
            throw OutputError.system(operation: "write to", path: "standard output", code: errno)
        }
        return PublishedSnapshot(path: nil, warnings: [])
    }

    func keepPartial() -> String? { nil }

    private func makeSpool() -> Spool? {
        if spool == nil, canSpool {
            spool = try? Spool()
            canSpool = spool != nil
        }
        return spool
    }

    /// Passes on what is spooled: all of it, or as much as the reader takes at once.
    private func drain(waiting: Bool) throws(DumpFailure) {
        guard let spool, !spool.isEmpty else { return }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pipeBuffer, alignment: 16)
        defer { buffer.deallocate() }
        while !spool.isEmpty {
            if waiting { try waiter.waitToWrite(to: STDOUT_FILENO) } else if !isWritable { return }
            let count: Int
            do {
                count = try spool.peek(into: buffer)
            } catch {
                throw .output(error)
            }
            spool.drop(try writeOnce(UnsafeRawBufferPointer(rebasing: buffer[..<count])))
        }
    }

    private var isWritable: Bool { Poll.isReady(STDOUT_FILENO, .toWrite) }

    /// - Returns: how much was written; 0 where it has to be tried again.
    private func writeOnce(_ data: UnsafeRawBufferPointer) throws(DumpFailure) -> Int {
        do throws(Errno) {
            return try systemCall { Glibc.write(STDOUT_FILENO, data.baseAddress, min(data.count, Self.pipeBuffer)) }
        } catch .resourceTemporarilyUnavailable {
            return 0
        } catch {
            throw .output(.system(operation: "write to", path: "standard output", code: error.rawValue))
        }
    }
}
