import Glibc
import Linux

/// Standard output and standard error, unbuffered and with their errors.
struct StandardStream: Sendable {
    let descriptor: Int32

    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// - Returns: whether all of it was written.
    @discardableResult
    func write(line: String) -> Bool { write(line + "\n") }

    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult
    func write(_ all: [UInt8]) -> Bool {
        var bytes = all[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { bytes in
                try? systemCall { Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
            }
            guard let written else { return false }
            bytes = bytes.dropFirst(written)
        }
        return true
    }

    /// Whether a line can be written without waiting for a reader.
    var isReady: Bool { Poll.isReady(descriptor, .toWrite) }

    /// Columns of the terminal; 80 where they are not known.
    var columns: Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

enum StandardStreams {
    static let output = StandardStream(descriptor: STDOUT_FILENO)
    static let error = StandardStream(descriptor: STDERR_FILENO)

    /// Started with one of the three closed, a process would open its files in their place and print into them. What
    /// takes the place is open the wrong way round, so that using it is an error still.
    static func ensureOpen() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is this very one.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
        // Into a file, a limit on its size (ulimit -f) is an error of write(2), not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        // Likewise a reader of standard output that goes away before it has got all: the exit status tells of it.
        signal(SIGPIPE, SIG_IGN)
    }
}
