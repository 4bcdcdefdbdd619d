import CLinux
import Glibc
import Linux
import NodeProcess
import SystemPackage

/// A snapshot that becomes a file.
final class SnapshotFile: SnapshotOutput {
    private let directory: OutputDirectory
    private var temporary: TemporaryFile
    private let name: String
    private let overwrites: Bool
    private let keepsPartial: Bool
    private let yields: Bool
    private var bytes = 0
    private var bytesHandedToDisk = 0

    /// Checks all that can be known before the target is touched, and opens the file.
    /// - Parameter yields: whether it takes another name if something appears under this one: what can be made again does not.
    init(
        path: String, overwrites: Bool, keepsPartial: Bool, yields: Bool = true, allowsNameless: Bool = true
    ) throws(OutputError) {
        (directory, name) = try Self.look(path, overwrites, keepsPartial)
        self.overwrites = overwrites
        self.keepsPartial = keepsPartial
        self.yields = yields
        StaleTemporaries.remove(from: directory)
        temporary = try TemporaryFile(in: directory, allowsNameless: allowsNameless)
    }

    /// The same checks, and nothing is written.
    /// - Returns: the absolute path, and what may be written there.
    static func examine(
        path: String, overwrites: Bool, keepsPartial: Bool
    ) throws(OutputError) -> (path: String, room: OutputRoom?) {
        let (directory, name) = try look(path, overwrites, keepsPartial)
        guard faccessat(directory.descriptor, ".", W_OK | X_OK, AT_EACCESS) == 0 else {
            throw .system(operation: "create a file in", path: directory.path, code: errno)
        }
        return (directory.path(of: name), directory.room)
    }

    private static func look(
        _ path: String, _ overwrites: Bool, _ keepsPartial: Bool
    ) throws(OutputError) -> (OutputDirectory, name: String) {
        let (directoryPath, name) = try split(path)
        let directory = try OutputDirectory(path: directoryPath)
        try check(name, in: directory, overwrites)
        if keepsPartial { try check(name + partialSuffix, in: directory, overwrites) }
        try directory.checkSpace()
        try checkSizeLimit()
        return (directory, name)
    }

    private static let partialSuffix = ".partial"
    /// Written data is handed to the disk in steps of this size, so that the final fsync finds little left to do.
    private static let writebackStep = 8 << 20

    private static func split(_ path: String) throws(OutputError) -> (directory: String, name: String) {
        let absolute = path.hasPrefix("/") ? path : try workingDirectory() + "/" + path
        let slash = absolute.lastIndex(of: "/") ?? absolute.startIndex
        let directory = absolute[..<slash]
        let name = String(absolute[absolute.index(after: slash)...])
        if name.isEmpty || name == "." || name == ".." { throw .notARegularFile(path: path, kind: "a directory") }
        return (directory.isEmpty ? "/" : String(directory), name)
    }

    private static func workingDirectory() throws(OutputError) -> String {
        guard let path = getcwd(nil, 0) else {
            throw .system(operation: "use the working directory", path: ".", code: errno)
        }
        defer { free(path) }
        return String(cString: path)
    }

    private static func check(_ name: String, in directory: OutputDirectory, _ overwrites: Bool) throws(OutputError) {
        let path = directory.path + "/" + name
        switch try FileKind.at(name, in: directory.descriptor, path: path) {
        case .missing: return
        case .regular where overwrites: return
        case .regular: throw .exists(path: path)
        case .other(let kind): throw .notARegularFile(path: path, kind: kind)
        }
    }

    private static func checkSizeLimit() throws(OutputError) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0,
            limit.rlim_cur < SmallestSnapshot.bytes
        else { return }
        throw .fileSizeLimit(limit: UInt64(limit.rlim_cur))
    }

    var room: OutputRoom? { directory.room }

    /// For a caller that writes at any place of the file.
    var descriptor: Int32 { temporary.descriptor }

    /// Another nameless file in the same directory, for what is not published.
    func openScratch() throws(OutputError) -> TemporaryFile {
        let scratch = try TemporaryFile(in: directory)
        scratch.discard()
        return scratch
    }

    /// Leaves nothing under any name. Afterwards the file can neither be written nor published.
    func discard() { temporary.discard() }

    var isRemote: Bool { RemoteFileSystem.holds(directory.descriptor) }

    /// Whether this very file stands under the final name already.
    func isPlace(of file: FileIdentity) -> Bool {
        var status = stat()
        return fstatat(directory.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && FileIdentity(status) == file
    }

    /// Makes a file durable that somebody else wrote under the final name.
    func publishInPlace(_ file: Int32) throws(OutputError) -> PublishedSnapshot {
        guard fchmod(file, 0o600) == 0, fsync(file) == 0 else {
            throw .system(operation: "publish", path: directory.path + "/" + name, code: errno)
        }
        directory.sync()
        return PublishedSnapshot(path: directory.path(of: name), warnings: [])
    }

    /// Takes a finished file, which stands elsewhere, in the place of what was written here.
    /// - Parameter file: of a regular file of our own; it stays the caller's.
    /// - Returns: false where that cannot be: it is on another file system, or mounted another way.
    func adopt(_ file: Int32) -> Bool {
        guard let adopted = TemporaryFile(adopting: file, in: directory) else { return false }
        temporary = adopted
        var status = stat()
        bytes = fstat(file, &status) == 0 ? Int(status.st_size) : 0
        return true
    }

    func write(_ data: UnsafeRawBufferPointer) throws(DumpFailure) {
        do throws(Errno) {
            try temporary.write(data) { bytes += $0 }
        } catch {
            throw .output(.system(operation: "write to", path: directory.path + "/" + name, code: error.rawValue))
        }
        if bytes - bytesHandedToDisk >= Self.writebackStep {
            // Only a head start: file systems that cannot do it lose nothing.
            _ = clinux_sync_file_range_write(temporary.descriptor, bytesHandedToDisk, bytes - bytesHandedToDisk)
            bytesHandedToDisk = bytes
        }
    }

    func restart() throws(OutputError) -> Bool {
        guard ftruncate(temporary.descriptor, 0) == 0, lseek(temporary.descriptor, 0, SEEK_SET) == 0 else {
            throw .system(operation: "write to", path: directory.path + "/" + name, code: errno)
        }
        bytes = 0
        bytesHandedToDisk = 0
        return true
    }

    func publish() throws(OutputError) -> PublishedSnapshot {
        try sync()
        let published = try place(as: name)
        directory.sync()
        let path = directory.path(of: published)
        guard published != name else { return PublishedSnapshot(path: path, warnings: []) }
        return PublishedSnapshot(
            path: path, warnings: ["\(name) appeared during the dump, so the snapshot was named \(published)"])
    }

    func keepPartial() throws(OutputError) -> String? {
        guard keepsPartial, bytes > 0 else { return nil }
        try sync()
        return try directory.path + "/" + place(as: name + Self.partialSuffix)
    }

    private func sync() throws(OutputError) {
        do throws(Errno) {
            _ = try systemCall { fsync(temporary.descriptor) }
        } catch {
            throw .system(operation: "write to", path: directory.path + "/" + name, code: error.rawValue)
        }
    }

    /// - Returns: the name that was taken: another one where something appeared under the wanted name during the dump,
    ///   since a pause of the target was paid for the snapshot.
    private func place(as wanted: String) throws(OutputError) -> String {
        if try temporary.link(as: wanted) { return wanted }
        if overwrites, try FileKind.at(wanted, in: directory.descriptor, path: wanted) == .regular {
            try temporary.replace(wanted)
            return wanted
        }
        guard yields else { throw .appeared(path: directory.path(of: wanted)) }
        let dot = wanted.lastIndex(of: ".") ?? wanted.endIndex
        for number in 1...1000 {
            let other = wanted[..<dot] + "-\(number)" + wanted[dot...]
            if try temporary.link(as: String(other)) { return String(other) }
        }
        throw .exists(path: directory.path + "/" + wanted)
    }
}
