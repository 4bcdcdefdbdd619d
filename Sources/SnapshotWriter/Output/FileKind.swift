import Glibc

/// What stands at a path, symbolic links not followed.
enum FileKind: Equatable {
    case missing
    case regular
    /// Anything else, as words for a message.
    case other(String)

    static let symbolicLink = "a symbolic link"

    static func at(_ name: String, in directory: Int32, path: String) throws(OutputError) -> FileKind {
        var status = stat()
        guard fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            if errno == ENOENT { return .missing }
            throw .system(operation: "look at", path: path, code: errno)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .regular
        case S_IFDIR: return .other("a directory")
        case S_IFLNK: return .other(symbolicLink)
        case S_IFIFO: return .other("a FIFO")
        case S_IFSOCK: return .other("a socket")
        case S_IFBLK, S_IFCHR: return .other("a device")
        default: return .other("not a regular file")
        }
    }
}
