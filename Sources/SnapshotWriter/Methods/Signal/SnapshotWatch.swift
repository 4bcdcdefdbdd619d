import CLinux
import Glibc
import Linux
import NodeProcess

/// Looks out for the snapshot that the target writes: made before the signal is sent, so that what is older is told apart.
///
/// Proof that a file is the target's is a descriptor of the target's, open for writing; failing that (the file may be
/// closed by the time we look), a name that holds the target's own pid, unless that pid is one of another pid namespace:
/// there may be many such namespaces, and two containers can share a directory and a pid.
final class SnapshotWatch {
    private let target: SnapshotAuthor
    private let signal: DumpSignal
    private let directories: [TargetDirectory]
    /// nil where inotify is not to be had: then looking often has to do.
    private let notifier: FileNotifier?
    private let openBefore: Set<FileIdentity>
    private let namesBefore: [Set<String>]
    /// A new file that looks like the dump but is not proven to be the target's.
    private(set) var stranger: String?

    init(_ target: SnapshotAuthor, _ signal: DumpSignal) throws {
        self.target = target
        self.signal = signal
        directories = try Self.open(signal.directories, of: target.handle)
        notifier = FileNotifier(directories.map(\.descriptor), CLINUX_IN_CREATE | CLINUX_IN_MOVED_TO)
        // After the watch was set up: what comes between is seen twice rather than never.
        openBefore = Set(try SnapshotDescriptors.read(target.handle).map(\.file))
        namesBefore = directories.map { Set($0.names(endingIn: SnapshotName.suffix)) }
    }

    /// The working directory by its own link: its path may lead elsewhere for us, or nowhere.
    private static func open(_ paths: [String], of handle: ProcessHandle) throws -> [TargetDirectory] {
        let working = try TargetDirectory.working(of: handle)
        return try paths.compactMap { path in
            path == working.path ? working : try TargetDirectory.named(path, of: handle).directory
        }
    }

    /// Sleeps until something happens in the directories, or a moment has passed.
    func wait(_ waiter: Waiter) throws {
        guard let notifier else {
            _ = try waiter.wait(atMost: .milliseconds(20))
            return
        }
        // Not for ever: an application may write elsewhere, and its working directory may change.
        if try waiter.wait(for: notifier.descriptor, atMost: .milliseconds(50)) { notifier.drain() }
    }

    func find() throws -> TargetSnapshot? {
        if let file = try findOpen() { return file }
        guard try findClosed() != nil else { return nil }
        // It had a first byte when it was looked at, so its writer's descriptor is to be seen now, or was closed. An empty
        // file's may not be there yet: the kernel tells of the name before it gives out the descriptor.
        return try findOpen() ?? findClosed()
    }

    /// The file that a target which has died meanwhile left behind, whatever its size.
    func findRemains() -> TargetSnapshot? { namedSnapshots().first }

    /// Another snapshot that the target began after the signal: an earlier signal's, most likely.
    func findAnother(than file: TargetSnapshot) -> String? {
        let open = (try? SnapshotDescriptors.read(target.handle)) ?? []
        return open.first { !openBefore.contains($0.file) && $0.file != file.identity }
            .map { TerminalText.escaped($0.path) }
    }

    private func findOpen() throws -> TargetSnapshot? {
        for open in try SnapshotDescriptors.read(target.handle) where !openBefore.contains(open.file) {
            let name = String(open.path.split(separator: "/").last ?? "")
            guard signal.mayName(name, pid: target.pidInNamespace) else { continue }
            let place = try directory(of: open, name)
            if let file = try TargetSnapshot(open, place: place.map { ($0, name) }, target: target) { return file }
            stranger = TerminalText.escaped(open.path)
        }
        return nil
    }

    private func findClosed() throws -> TargetSnapshot? { namedSnapshots().first { $0.size > 0 } }

    /// The directory that holds the open file under this name: one that is watched, or any other that the target can
    /// reach.
    private func directory(of open: SnapshotDescriptor, _ name: String) throws -> TargetDirectory? {
        if let watched = directories.first(where: { $0.holds(open.file, as: name) }) { return watched }
        let parent = open.path.split(separator: "/").dropLast().joined(separator: "/")
        let directory = try TargetDirectory.named("/" + parent, of: target.handle).directory
        return directory.flatMap { $0.holds(open.file, as: name) ? $0 : nil }
    }

    /// New files whose name alone proves whose they are.
    private func namedSnapshots() -> [TargetSnapshot] {
        zip(directories, namesBefore).flatMap { directory, before in
            directory.names(endingIn: SnapshotName.suffix).compactMap { name in
                guard !before.contains(name), signal.mayName(name, pid: target.pidInNamespace) else { return nil }
                if signal.dumper == .option, !target.isInOtherPidNamespace,
                    let file = TargetSnapshot(named: name, in: directory, target: target), !file.hasWriter
                {
                    return file
                }
                // Other processes with the same working directory give their files names of the same kind.
                stranger = TerminalText.escaped(directory.path + "/" + name)
                return nil
            }
        }
    }
}

extension TargetDirectory {
    /// Whether `name` in it is this very file, and not a link to it.
    func holds(_ file: FileIdentity, as name: String) -> Bool {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && FileIdentity(status) == file
    }
}
