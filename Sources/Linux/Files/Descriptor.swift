import CLinux
public import Glibc
public import SystemPackage

/// A file descriptor that closes itself.
public struct Descriptor: ~Copyable, Sendable {
    public let raw: Int32

    /// Takes over a descriptor that nothing else closes.
    public init(owning raw: Int32) {
        self.raw = raw
    }

    public init(opening path: String, _ flags: Int32 = O_RDONLY) throws(Errno) {
        raw = try systemCall { open(path, flags | O_CLOEXEC) }
    }

    /// For reading. Not opened before it is known what it is: a FIFO would wait for a writer, and opening a device can do
    /// something already.
    /// - Returns: `nil` where it is no regular file.
    public init?(openingRegularFile path: String) throws(Errno) {
        try self.init(openingRegularFile: Descriptor(opening: path, CLINUX_O_PATH))
    }

    /// The same of a file that was found, but not opened (O_PATH).
    public init?(openingRegularFile place: borrowing Descriptor) throws(Errno) {
        guard try place.status().st_mode & S_IFMT == S_IFREG else { return nil }
        try self.init(opening: "/proc/self/fd/\(place.raw)", O_RDONLY | O_NONBLOCK)
    }

    /// A file as a process sees it that has the directory for its root: its symbolic links lead nowhere else.
    public init(openingInRoot root: borrowing Descriptor, _ path: String, _ flags: Int32) throws(Errno) {
        let directory = root.raw
        raw = try systemCall { clinux_openat_in_root(directory, path, flags | O_CLOEXEC) }
    }

    deinit {
        _ = close(raw)
    }

    /// Hands the descriptor to the caller, who closes it from now on.
    public consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }

    /// Up to `buffer.count` bytes; 0 at the end.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        try LookLimit.check()
        return try systemCall { Glibc.read(raw, buffer.baseAddress, buffer.count) }
    }

    /// From where it stands to its end, as the kernel's own files come: in portions.
    /// - Parameter body: returns false to take no more.
    public func forEachChunk(_ body: (UnsafeRawBufferPointer) -> Bool) throws(Errno) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try read(into: buffer)
            if count == 0 || !body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { return }
        }
    }

    /// All from where it stands, or the first `cap` bytes.
    public func bytes(upTo cap: Int) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        try forEachChunk { chunk in
            bytes.append(contentsOf: chunk.prefix(cap - bytes.count))
            return bytes.count < cap
        }
        return bytes
    }

    /// Up to `count` bytes at `offset`; fewer only where the file ends.
    public func bytes(at offset: UInt64, count: Int) throws(Errno) -> [UInt8] {
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

    public func status() throws(Errno) -> stat {
        var status = stat()
        _ = try systemCall { fstat(raw, &status) }
        return status
    }
}

/// What is read between two looks at the time, in bytes.
private let largestPortion = 1 << 20

extension Descriptor {
    /// A file in an open directory; its last part is no symbolic link.
    /// - Parameter mode: of a file that is made.
    public init(
        opening name: String, in directory: borrowing Descriptor, _ flags: Int32, mode: UInt32 = 0
    ) throws(Errno) {
        let place = directory.raw
        self.init(owning: try systemCall { openat(place, name, flags | O_NOFOLLOW | O_CLOEXEC, mode) })
    }

    /// The same file, by a number that standard streams do not have.
    public init(duplicating raw: Int32) throws(Errno) {
        self.init(owning: try systemCall { fcntl(raw, F_DUPFD_CLOEXEC, 3) })
    }

    /// Writes all of it, from where the file stands.
    /// - Parameter taken: told of each portion, in bytes.
    public func write(_ bytes: UnsafeRawBufferPointer, taken: (Int) -> Void = { _ in }) throws(Errno) {
        var rest = bytes
        while !rest.isEmpty {
            let count = try systemCall { Glibc.write(raw, rest.baseAddress, rest.count) }
            taken(count)
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
