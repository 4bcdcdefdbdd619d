import Glibc
import Linux
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
        // It may have been for want of memory or descriptors.
        guard let directory = open(),
            let file = try? Descriptor(opening: Self.name(for: process), in: directory, O_RDONLY),
            let status = try? file.status(), time(nil) - status.st_mtim.tv_sec < Self.longest,
            let bytes = try? file.bytes(upTo: Self.mostBytes), !bytes.isEmpty
        else { return nil }
        return TerminalText.escaped(String(decoding: bytes, as: UTF8.self))
    }

    /// Best effort.
    func remember(_ reason: String, for process: ProcessHandle) {
        guard let path = directory else { return }
        mkdir(path, 0o700)
        guard let directory = open() else { return }
        forgetEnded(in: directory)
        let file = try? Descriptor(
            opening: Self.name(for: process), in: directory, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        Array(reason.utf8.prefix(Self.mostBytes)).withUnsafeBytes { try? file?.write($0) }
    }

    func forget(_ process: ProcessHandle) {
        guard let directory = open() else { return }
        unlinkat(directory.raw, Self.name(for: process), 0)
    }

    /// - Returns: nil also for one that others may write to.
    private func open() -> Descriptor? {
        guard let path = directory, let directory = try? Descriptor(opening: path, O_DIRECTORY | O_NOFOLLOW),
            let status = try? directory.status(), status.st_uid == geteuid(),
            status.st_mode & (S_IWGRP | S_IWOTH) == 0
        else { return nil }
        return directory
    }

    private func forgetEnded(in directory: borrowing Descriptor) {
        guard let names = try? Directory(directory.raw) else { return }
        while let name = names.nextName() {
            guard name.hasSuffix(Self.suffix), let pid = name.split(separator: "-").first.flatMap({ Int32($0) }) else {
                continue
            }
            if let process = try? ProcessHandle(pid: pid), name == Self.name(for: process) { continue }
            unlinkat(directory.raw, name, 0)
        }
    }
}
