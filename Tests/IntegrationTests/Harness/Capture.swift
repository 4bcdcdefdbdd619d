import Foundation

/// What a process wrote. A file without a name: no reader is needed that could fall behind or wait for ever, and nothing
/// is left to remove.
final class Capture {
    let descriptor: Int32

    init() throws {
        let path = NSTemporaryDirectory() + "/heapdump-capture-" + UUID().uuidString
        // O_APPEND: a shell and its child that share the file must not write over each other.
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(errno: "open \(path)") }
        unlink(path)
    }

    deinit { close(descriptor) }

    /// All of it so far.
    var data: Data {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return Data() }
        var data = Data(count: Int(status.st_size))
        let count = data.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return data.prefix(max(0, count))
    }

    var text: String { String(decoding: data, as: UTF8.self) }

    var lines: [Substring] { text.split(separator: "\n") }
}
