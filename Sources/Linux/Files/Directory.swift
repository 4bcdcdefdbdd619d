public import Glibc
public import SystemPackage

/// An open directory that closes itself.
public struct Directory: ~Copyable {
    private let stream: OpaquePointer

    public init(_ path: String) throws(Errno) {
        guard let stream = opendir(path) else { throw Errno(rawValue: errno) }
        self.stream = stream
    }

    /// Of one that is open. Opened anew: a descriptor that is read has a place of its own.
    public init(_ directory: Int32) throws(Errno) {
        let listing = try Descriptor(owning: systemCall { openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
        guard let stream = fdopendir(listing.raw) else { throw Errno(rawValue: errno) }
        _ = listing.release()
        self.stream = stream
    }

    deinit {
        closedir(stream)
    }

    public func status() throws(Errno) -> stat {
        var status = stat()
        _ = try systemCall { fstat(dirfd(stream), &status) }
        return status
    }

    /// The next name; `nil` at the end, and once the time of the look is over.
    public func nextName() -> String? {
        guard !LookLimit.isOver, let entry = readdir(stream) else { return nil }
        return withUnsafeBytes(of: &entry.pointee.d_name) { name in
            String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The next name that is a decimal number: a process, a thread, a descriptor; `nil` at the end, and once the time of the look is
    /// over.
    public func nextNumber() -> Int32? {
        while !LookLimit.isOver, let entry = readdir(stream) {
            let number = withUnsafeBytes(of: &entry.pointee.d_name) { name in
                var cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: name.prefix { $0 != 0 }))
                let number = cursor.decimal()
                return cursor.isAtEnd ? number : nil
            }
            if let number, let number = Int32(exactly: number) { return number }
        }
        return nil
    }

    /// The target of the symbolic link `name` in this directory, as bytes.
    public func withLink<Result>(_ name: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let length = readlinkat(
                dirfd(stream), String(name), base.assumingMemoryBound(to: CChar.self), buffer.count)
            guard length > 0 else { return nil }
            return body(UnsafeRawBufferPointer(rebasing: buffer[..<length]))
        }
    }
}
