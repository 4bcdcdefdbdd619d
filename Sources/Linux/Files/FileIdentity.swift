public import Glibc
public import SystemPackage

/// Which file it is, whatever it is called.
public struct FileIdentity: Sendable, Hashable {
    public let device: UInt64
    public let inode: UInt64

    public init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    public init(path: String) throws(Errno) {
        var status = stat()
        _ = try systemCall { stat(path, &status) }
        self.init(status)
    }
}
