import Foundation

/// A pipe that the test reads.
final class Pipe {
    /// For the child.
    let writer: Int32
    private var reader: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        let result = Child.makingDescriptors {
            let result = pipe(&ends)
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return result
        }
        guard result == 0 else { throw Failure(errno: "pipe") }
        (reader, writer) = (ends[0], ends[1])
    }

    deinit {
        leave()
        close(writer)
    }

    /// Waits for the first bytes.
    func readSome() throws -> Data {
        var descriptors = [pollfd(fd: reader, events: Int16(POLLIN), revents: 0)]
        guard poll(&descriptors, 1, 120_000) == 1 else { throw Failure("nothing came through the pipe") }
        var buffer = [UInt8](repeating: 0, count: 1000)
        let count = read(reader, &buffer, buffer.count)
        return Data(buffer.prefix(max(0, count)))
    }

    /// Writes to it until nothing more goes in: who writes after that, waits.
    func fill() {
        let flags = fcntl(writer, F_GETFL)
        _ = fcntl(writer, F_SETFL, flags | O_NONBLOCK)
        let block = [UInt8](repeating: 0x20, count: 4096)
        while write(writer, block, block.count) > 0 {}
        while write(writer, block, 1) > 0 {}
        _ = fcntl(writer, F_SETFL, flags)
    }

    /// Closes the reading end.
    func leave() {
        guard reader >= 0 else { return }
        close(reader)
        reader = -1
    }
}
