import Glibc
import Linux
import NodeProcess
import Testing

@testable import SnapshotWriter

/// The agent of a process, as `ForkedDump` meets it: a pipe that it tells of its copies through, and those.
final class FakeAgent {
    private let status: TestPipe
    private var copies: [Int32: FakeCopy] = [:]

    init() throws { status = try TestPipe() }

    func makeCopy(_ pid: Int32) throws -> FakeCopy {
        let copy = try FakeCopy(pid, status: status)
        copies[pid] = copy
        return copy
    }

    /// How the first copy was told of.
    func answer(_ pid: Int32, calm: Int = 1, pause: String = "2500") throws -> AgentAnswer {
        try #require(
            AgentAnswer(
                #"{"pid":\#(pid),"output":3,"go":4,"status":5,"stallMicroseconds":\#(pause),"calm":\#(calm)}"#))
    }

    func find(_ pid: Int32) throws(ProcessError) -> any CopyProcess {
        guard let copy = copies[pid] else { throw .exited(pid: pid) }
        return copy
    }

    func tell(_ json: String) { status.write(json + "\n") }

    func tellEnd(signal: Int32 = 0, exitStatus: Int32 = -1, retries: Bool = false, error: String = "") {
        tell(
            #"{"event":"ended","signal":\#(signal),"exit_status":\#(exitStatus),"retries":\#(retries),"peak_kb":2048,"#
                + #""error":"\#(error)"}"#)
    }

    func tellFork(_ pid: Int32) {
        tell(#"{"event":"forked","pid":\#(pid),"output":3,"go":4,"stall_us":4500,"calm":1}"#)
    }

    /// It is done with the dump, or gone.
    func end() { status.end() }
}

/// A forked copy, of which there are only pipes.
final class FakeCopy: CopyProcess {
    let pid: Int32
    /// What it writes.
    let output: TestPipe
    private let go: TestPipe
    private let status: TestPipe
    var cpuTime: Duration? = .zero
    /// It works, until the test says otherwise.
    var cpuTimeAsleep: Duration?
    var whyTooLarge: String?
    /// What is left to the process, look by look.
    var memoryLeft: UInt64 = .max
    var onSignal: (Int32) -> Void = { _ in }
    private(set) var sent: [Int32] = []
    private(set) var isLimited = false

    init(_ pid: Int32, status: TestPipe) throws {
        self.pid = pid
        self.status = status
        output = try TestPipe()
        go = try TestPipe()
    }

    /// Words that it got: one when it is claimed, one to begin.
    func readWords() -> Int { go.read().count }

    func openPipe(_ number: Int32, forWriting: Bool) throws(ProcessError) -> Descriptor {
        do {
            return switch (number, forWriting) {
            case (3, false): try output.duplicateReader()
            case (4, true): try go.duplicateWriter()
            case (5, false): try status.duplicateReader()
            default: throw ProcessError.failed(what: "use \(number), which is no pipe", errno: EINVAL)
            }
        } catch {
            throw error as? ProcessError ?? .exited(pid: pid)
        }
    }

    func limit() { isLimited = true }

    func watchMemory() throws -> MemoryWatch {
        let left = memoryLeft
        let host = MemoryWatch.Gauge(name: "the machine", reserveBytes: 1 << 20) { $0 > left ? left : nil }
        return try MemoryWatch(groups: [], host: host) {}
    }

    func send(_ signal: Int32) {
        sent.append(signal)
        onSignal(signal)
    }
}
