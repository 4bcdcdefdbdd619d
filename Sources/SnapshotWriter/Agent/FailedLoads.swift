import Glibc
import NodeProcess

/// Processes that would not load the agent although nothing spoke against it, so that the next plan does not promise a fork once more.
///
/// A file for each, of one line, in a directory that nobody else can write to and that goes with the machine's or the session's end.
struct FailedLoads {
    private let directory: String?

    /// - Parameter directory: nil where there is none for such files: nothing is remembered then.
    init(directory: String? = Self.place) { self.directory = directory }

    private static var place: String? {
        if geteuid() == 0 { return "/run/heapdump" }
        return getenv("XDG_RUNTIME_DIR").map { String(cString: $0) }.flatMap {
            $0.hasPrefix("/") ? $0 + "/heapdump" : nil
        }
    }

    private static let mostBytes = 1024
    /// In seconds: then another try is worth it.
    private static let longest = 3600
    private static let suffix = ".no-agent"

    private static func name(for process: ProcessHandle) -> String { "\(process.pid)-\(process.startTime)\(suffix)" }

    /// - Returns: why the agent could not be loaded, as a clause.
    func reason(for process: ProcessHandle) -> String? {
        guard let directory = open() else { return nil }
        defer { close(directory) }
        let file = openat(directory, Self.name(for: process), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        // It may have been for want of memory or descriptors.
        var status = stat()
        guard fstat(file, &status) == 0, time(nil) - status.st_mtim.tv_sec < Self.longest else { return nil }
        var bytes = [UInt8](repeating: 0, count: Self.mostBytes)
        let count = read(file, &bytes, bytes.count)
        return count > 0 ? TerminalText.escaped(String(decoding: bytes[..<count], as: UTF8.self)) : nil
    }

    /// Best effort.
    func remember(_ reason: String, for process: ProcessHandle) {
        guard let path = directory else { return }
        mkdir(path, 0o700)
        guard let directory = open() else { return }
        defer { close(directory) }
        forgetEnded(in: directory)
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
        let file = openat(directory, Self.name(for: process), flags, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        let bytes = Array(reason.utf8.prefix(Self.mostBytes))
        _ = write(file, bytes, bytes.count)
    }

    func forget(_ process: ProcessHandle) {
        guard let directory = open() else { return }
        defer { close(directory) }
        unlinkat(directory, Self.name(for: process), 0)
    }

    /// - Returns: nil also for one that others may write to.
    private func open() -> Int32? {
        guard let path = directory else { return nil }
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), status.st_mode & (S_IWGRP | S_IWOTH) == 0
        else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private func forgetEnded(in directory: Int32) {
        DirectoryNames.forEach(in: directory) { name in
            guard name.hasSuffix(Self.suffix), let pid = name.split(separator: "-").first.flatMap({ Int32($0) }) else {
                return
            }
            if let process = try? ProcessHandle(pid: pid), name == Self.name(for: process) { return }
            unlinkat(directory, name, 0)
        }
    }
}
