import FoundationEssentials
import Linux

/// A line that the agent writes while it works, see Sources/HeapDumpAgent/status.h.
struct AgentStatus: Decodable {
    enum Event: String, Decodable {
        /// Another child was made.
        case forked
        case ended
        /// No other child could be made.
        case failed
    }

    var event: Event
    var attempt: Int?
    var pid: Int32?
    var output: Int32?
    var go: Int32?
    var stallMicroseconds: Double?
    /// 0 where the child was made while other threads ran.
    var calm: Int?
    /// -1 where a signal ended it.
    var exitStatus: Int32?
    var signal: Int32?
    /// Its resident set at most, with what it shares with its parent.
    var peakKilobytes: UInt64?
    var error: String?
    /// Whether another child follows.
    var retries: Bool?

    /// Whether the copy is known to have failed. Where the application has reaped it, which the agent cannot help,
    /// nothing is known: what it wrote has to speak for itself.
    var tellsFailure: Bool { exitStatus ?? -1 > 0 || signal ?? 0 != 0 }

    enum CodingKeys: String, CodingKey {
        case event, attempt, pid, output, go, signal, error, retries, calm
        case stallMicroseconds = "stall_us"
        case exitStatus = "exit_status"
        case peakKilobytes = "peak_kb"
    }

    /// As Sources/HeapDumpAgent/child.h numbers them.
    enum ChildStatus {
        static let done: Int32 = 0
        static let threw: Int32 = 70
        static let notSetUp: Int32 = 71
        static let notBegun: Int32 = 75
        static let mustWait: Int32 = 77
    }
}

/// The pipe that these lines come through.
final class AgentStatusPipe {
    private let pipe: PipeReader
    private var text: [UInt8] = []
    /// The agent is done with the dump, or gone.
    private(set) var isClosed = false

    /// More than the agent ever writes: what holds no line by then is none of its.
    private static let longestLine = 64 << 10

    /// - Parameter descriptor: owned from here on.
    init(_ pipe: consuming Descriptor) { self.pipe = PipeReader(pipe) }

    /// To wait for; nil once nothing more comes.
    var descriptor: Int32? { isClosed ? nil : pipe.descriptor }

    /// The oldest line that has not been taken; nil if there is none now.
    func next() -> AgentStatus? {
        receive()
        while let newline = text.firstIndex(of: UInt8(ascii: "\n")) {
            let line = text[..<newline]
            text.removeSubrange(...newline)
            if let status = try? JSONDecoder().decode(AgentStatus.self, from: Data(line)) { return status }
        }
        return nil
    }

    private func receive() {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            while !isClosed {
                switch pipe.read(into: buffer) {
                case .nothingYet: return
                case .end: isClosed = true
                case .bytes(let count):
                    text += buffer[..<count]
                    if text.count > Self.longestLine { isClosed = true }
                }
            }
        }
    }
}
