import Glibc

/// The reading end of a pipe, which closes itself.
final class PipeReader {
    let descriptor: Int32

    /// What the writer may be ahead of us, in bytes; the usual limit for unprivileged users.
    private static let capacity: Int32 = 1 << 20

    /// - Parameter descriptor: owned from here on; not blocking.
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Lets the writer be ahead; where that is not granted, a smaller pipe works as well.
    func enlarge() {
        // F_SETPIPE_SZ
        _ = fcntl(descriptor, 1031, Self.capacity)
    }

    enum Portion {
        case bytes(Int)
        case nothingYet
        case end
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Portion {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            if errno != EINTR { return .nothingYet }
        }
    }
}
