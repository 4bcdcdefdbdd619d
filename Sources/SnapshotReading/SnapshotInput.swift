import Glibc
public import Linux
import SystemPackage

/// Where a snapshot is read from: a file or standard input, compressed or not.
public struct SnapshotInput: Sendable {
    /// As people read it.
    public let name: String
    /// The bytes of its name, ended by a NUL.
    public let path: [CChar]

    /// - Parameter name: `-` is standard input.
    public init(name: String, path: [CChar]) {
        self.name = name
        self.path = path
    }

    public func open() throws(InputError) -> Descriptor {
        do throws(Errno) {
            let file = try name == "-" ? Descriptor(duplicating: STDIN_FILENO) : openFile()
            posix_fadvise(file.raw, 0, 0, POSIX_FADV_SEQUENTIAL)
            return file
        } catch {
            throw InputError("cannot open it: \(error)")
        }
    }

    private func openFile() throws(Errno) -> Descriptor {
        Descriptor(owning: try systemCall { Glibc.open(path, O_RDONLY | O_CLOEXEC) })
    }

    /// The length of the document where the file is one as it stands; nil where it is compressed, or no file.
    public func plainLength() -> UInt64? {
        if name == "-" { return Self.plainLength(STDIN_FILENO) }
        var status = stat()
        // To open a pipe, and close it again, would be the end of who writes to it.
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        guard let file = try? openFile() else { return nil }
        return Self.plainLength(file.raw)
    }

    /// Of one that was not read from yet.
    public static func plainLength(_ descriptor: Int32) -> UInt64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            lseek(descriptor, 0, SEEK_CUR) == 0
        else { return nil }
        var magic = [UInt8](repeating: 0, count: 4)
        guard pread(descriptor, &magic, 4, 0) == 4, Compression(magic) == nil else { return nil }
        return UInt64(status.st_size)
    }
}
