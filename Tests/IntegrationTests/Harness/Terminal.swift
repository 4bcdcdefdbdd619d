import Foundation

/// A pseudoterminal. What is written to it has to be read along: it holds little.
final class Terminal {
    private let master: Int32
    /// For the child.
    let descriptor: Int32
    private(set) var bytes: [UInt8] = []
    var text: String { String(decoding: bytes, as: UTF8.self) }

    init(columns: UInt16 = 80) throws {
        var ends: (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: 25, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        let result = Child.makingDescriptors {
            let result = openpty(&ends.0, &ends.1, nil, nil, &size)
            for end in [ends.0, ends.1] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return result
        }
        guard result == 0 else { throw Failure(errno: "openpty") }
        (master, descriptor) = ends
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(master)
        close(descriptor)
    }

    func read() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(master, &buffer, buffer.count)
            guard count > 0 else { return }
            bytes += buffer[..<count]
        }
    }

    /// Runs a command that has it as standard error, or as standard output.
    func run(_ command: Command) throws -> Run {
        try command.withChild { child in
            try eventually("the end of \(command): \(text)") {
                read()
                return child.poll() != nil
            }
            read()
            return try child.finish()
        }
    }
}
