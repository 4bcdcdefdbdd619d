import Glibc
import Linux

/// Why the snapshot cannot be written where it should go.
public enum OutputError: Error, Equatable {
    case system(operation: String, path: String, code: Int32)
    case exists(path: String)
    /// Since it was looked whether it exists.
    case appeared(path: String)
    case notARegularFile(path: String, kind: String)
    case tooLittleSpace(path: String, available: UInt64, needed: UInt64)
    case fileSizeLimit(limit: UInt64)
    case badPattern(String)

    /// What failed, on what, why, and what to do next.
    public var message: String { message(.snapshot) }

    public func message(_ role: OutputRole) -> String {
        let option = role.option
        return switch self {
        case .system(let operation, let path, let code):
            "cannot \(operation) \(path): \(errnoText(code))"
                + (Self.advice(code, option).map { "; " + $0 } ?? "")
        case .exists(let path):
            "\(path) exists; choose another name with \(option), or replace it with --overwrite"
        case .appeared(let path):
            "\(path) appeared while heapdump worked, and is left as it is; choose another name with \(option), or replace "
                + "it with --overwrite"
        case .notARegularFile(let path, "a directory"):
            "\(path) is a directory, and heapdump writes to regular files only; name a file in it with \(option)"
        case .notARegularFile(let path, let kind):
            "\(path) is \(kind), and heapdump writes to regular files only; choose another name with \(option)"
                + (role.goesIntoDirectories && kind == FileKind.symbolicLink
                    ? " (a link to a directory is followed when the path ends in /)" : "")
        case .tooLittleSpace(let path, let available, let needed):
            "\(path) has room for \(ByteText.text(available)), by its free space and your disk quota, and the \(role.noun) takes "
                + "\(ByteText.text(needed)) and more, most likely; free some, or choose another file system with \(option)"
                + (needed > SmallestSnapshot.bytes ? "; --force-memory tries all the same" : "")
        case .fileSizeLimit(let limit):
            "files are limited to \(limit) bytes here (ulimit -f); raise the limit"
        case .badPattern(let reason):
            reason
        }
    }

    private static func advice(_ code: Int32, _ option: String) -> String? {
        switch code {
        case ENOSPC: "free space there, or choose another file system with \(option)"
        case EDQUOT: "the disk quota is used up: free some, or choose another file system with \(option)"
        case EROFS: "choose a directory on a writable file system with \(option)"
        case EACCES, EPERM: "choose a directory that you may write to with \(option)"
        case ENOENT, ENOTDIR: "the directory must exist: create it, or choose another with \(option)"
        case ENAMETOOLONG: "choose a shorter name with \(option)"
        case EFBIG: "the limit on file sizes was reached (ulimit -f)"
        case EPIPE: "the reader of standard output went away"
        default: nil
        }
    }
}
