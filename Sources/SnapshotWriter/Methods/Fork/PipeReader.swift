import Glibc
import Linux

/// The reading end of a pipe, which closes itself.
final class PipeReader {
    private let pipe: Descriptor
    var descriptor: Int32 { pipe.raw }

    /// What the writer may be ahead of us, in bytes; the usual limit for unprivileged users.
    private static let capacity: Int32 = 1 << 20

    /// - Parameter pipe: not blocking.
    init(_ pipe: consuming Descriptor) { self.pipe = pipe }

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
        guard let count = try? systemCall({ Glibc.read(descriptor, buffer.baseAddress, buffer.count) }) else {
            return .nothingYet
        }
        return count > 0 ? .bytes(count) : .end
    }
}
