import CLinux
public import Glibc
import SystemPackage

/// A file descriptor that closes itself.
struct Descriptor: ~Copyable, Sendable {
    let raw: Int32

    /// Takes over a descriptor that nothing else closes.
    init(owning raw: Int32) {
        self.raw = raw
    }

    init(opening path: String, _ flags: Int32 = O_RDONLY) throws(Errno) {
        raw = try systemCall { open(path, flags | O_CLOEXEC) }
    }

    /// For reading. Not opened before it is known what it is: a FIFO would wait for a writer, and opening a device can do
    /// something already.
    /// - Returns: `nil` where it is no regular file.
    init?(openingRegularFile path: String) throws(Errno) {
        try self.init(openingRegularFile: Descriptor(opening: path, CLINUX_O_PATH))
    }

    /// The same of a file that was found, but not opened (O_PATH).
    init?(openingRegularFile place: borrowing Descriptor) throws(Errno) {
        guard try place.status().st_mode & S_IFMT == S_IFREG else { return nil }
        try self.init(opening: "/proc/self/fd/\(place.raw)", O_RDONLY | O_NONBLOCK)
    }

    /// A file as a process sees it that has the directory for its root: its symbolic links lead nowhere else.
    init(openingInRoot root: borrowing Descriptor, _ path: String, _ flags: Int32) throws(Errno) {
        let directory = root.raw
        raw = try systemCall { clinux_openat_in_root(directory, path, flags | O_CLOEXEC) }
    }

    deinit {
        _ = close(raw)
    }

    /// Hands the descriptor to the caller, who closes it from now on.
    consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }

    /// Up to `buffer.count` bytes; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        try LookLimit.check()
        return try systemCall { Glibc.read(raw, buffer.baseAddress, buffer.count) }
    }

    /// From where it stands to its end, as the kernel's own files come: in portions.
    /// - Parameter body: returns false to take no more.
    func forEachChunk(_ body: (UnsafeRawBufferPointer) -> Bool) throws(Errno) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try read(into: buffer)
            if count == 0 || !body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { return }
        }
    }

    /// All from where it stands, or the first `cap` bytes.
    func bytes(upTo cap: Int) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        try forEachChunk { chunk in
            bytes.append(contentsOf: chunk.prefix(cap - bytes.count))
            return bytes.count < cap
        }
        return bytes
    }

    /// Up to `count` bytes at `offset`; fewer only where the file ends.
    func bytes(at offset: UInt64, count: Int) throws(Errno) -> [UInt8] {
        guard count > 0, let start = off_t(exactly: offset) else { return [] }
        var failure: Errno?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(Errno) {
                while filled < count {
                    try LookLimit.check()
                    let portion = min(count - filled, largestPortion)
                    let got = try systemCall {
                        pread(raw, buffer.baseAddress.map { $0 + filled }, portion, start + off_t(filled))
                    }
                    if got == 0 { break }
                    filled += got
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    func status() throws(Errno) -> stat {
        var status = stat()
        _ = try systemCall { fstat(raw, &status) }
        return status
    }
}

/// What is read between two looks at the time, in bytes.
private let largestPortion = 1 << 20

/// Which file it is, whatever it is called.
public struct FileIdentity: Sendable, Hashable {
    public let device: UInt64
    public let inode: UInt64

    public init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    init(path: String) throws(Errno) {
        var status = stat()
        _ = try systemCall { stat(path, &status) }
        self.init(status)
    }
}
