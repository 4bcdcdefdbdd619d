import Glibc
import Linux
import SystemPackage

/// What a process writes to its standard error, if that is a regular file: Node says there why it opened no inspector.
public struct StandardErrorFile: Sendable {
    private let pid: Int32
    private let path: String
    private let identity: FileIdentity
    private let start: UInt64

    /// More than that is not read of what was written meanwhile.
    private static let mostBytes = 64 << 10

    /// Remembers how long the file is now.
    /// - Returns: nil if it is no regular file that may be read.
    public init?(_ handle: ProcessHandle) {
        pid = handle.pid
        path = "/proc/\(handle.pid)/fd/2"
        guard let (identity, size) = Self.look(at: path, of: pid) else { return nil }
        self.identity = identity
        start = size
    }

    private static func look(at path: String, of pid: Int32) -> (identity: FileIdentity, size: UInt64)? {
        let look = { @Sendable () throws -> (FileIdentity, UInt64)? in
            guard let file = try Descriptor(openingRegularFile: path) else { return nil }
            let status = try file.status()
            return (FileIdentity(status), UInt64(clamping: status.st_size))
        }
        return (try? BoundedLook.run(at: pid, within: patience, look)) ?? nil
    }

    /// It may lie on a file system that does not answer.
    private static let patience = Duration.seconds(2)

    /// The last line since then that says that an inspector could not be opened: "Starting inspector on
    /// 127.0.0.1:9229 failed: too many open files".
    public func inspectorFailure() -> String? {
        (try? BoundedLook.run(at: pid, within: Self.patience) { failureInFile() }) ?? nil
    }

    private func failureInFile() -> String? {
        guard let file = try? Descriptor(openingRegularFile: path), let status = try? file.status(),
            FileIdentity(status) == identity
        else { return nil }
        let size = UInt64(clamping: status.st_size)
        // A file that was cut meanwhile begins anew.
        let begin = max(size < start ? 0 : start, size - min(size, UInt64(Self.mostBytes)))
        guard let bytes = try? file.bytes(at: begin, count: Self.mostBytes) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .last { $0.contains("Starting inspector on ") && $0.contains("failed: ") }
            .flatMap { line in
                line.firstRange(of: "Starting inspector on ").map { String(line[$0.lowerBound...].prefix(200)) }
            }
    }
}
