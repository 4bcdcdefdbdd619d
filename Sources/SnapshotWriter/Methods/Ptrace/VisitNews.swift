import Glibc
import Linux
import NodeProcess

/// What is told of copies that heapdump itself watches, since nothing of it is left in the process.
final class VisitNews: CopyNews {
    private let fork: PtraceFork
    private let options: ForkOptions
    private let context: RunContext
    private var attempt = 1
    private var isWanted = true
    private(set) var isClosed = false
    private var copy: Copy?

    private struct Copy {
        let handle: ProcessHandle
        /// As the process numbers it.
        let number: Int32
        var peakBytes: UInt64 = 0
    }

    private static let mostAttempts = 4

    /// - Parameters:
    ///   - copy: the first one.
    ///   - number: as the process numbers it.
    init(_ fork: PtraceFork, _ copy: Int32, number: Int32, _ options: ForkOptions, _ context: RunContext)
        throws(ProcessError)
    {
        self.fork = fork
        self.options = options
        self.context = context
        self.copy = Copy(handle: try ProcessHandle(pid: copy), number: number)
    }

    var descriptor: Int32? { copy?.handle.descriptor }

    func giveUp() { isWanted = false }

    func next() -> AgentStatus? {
        guard var copy else { return isWanted && !isClosed ? forkAgain() : nil }
        if copy.handle.isAlive {
            copy.peakBytes = max(copy.peakBytes, (try? ProcessStatus.read(copy.handle.pid))?.peakBytes ?? 0)
            self.copy = copy
            return nil
        }
        self.copy = nil
        let status = (try? ProcessStat.read(copy.handle.pid))?.exitStatus ?? 0
        let error = fork.copyError
        fork.reap(copy.number)
        let signal = status & 0x7F
        let code = signal == 0 ? status >> 8 & 0xFF : -1
        let retries = isWanted && attempt < Self.mostAttempts && Self.mayDoBetter(code, signal)
        isClosed = !retries
        return AgentStatus(
            event: .ended, attempt: attempt, exitStatus: code, signal: signal,
            peakKilobytes: copy.peakBytes == 0 ? nil : copy.peakBytes >> 10, error: error, retries: retries)
    }

    /// Whether another copy could, as in Sources/HeapDumpAgent/dump.c.
    private static func mayDoBetter(_ code: Int32, _ signal: Int32) -> Bool {
        switch signal {
        case 0: [AgentStatus.ChildStatus.mustWait, AgentStatus.ChildStatus.notBegun].contains(code)
        case SIGALRM, SIGKILL, SIGSYS: false
        default: true
        }
    }

    private func forkAgain() -> AgentStatus {
        attempt += 1
        do {
            let answer = try fork.fork(options)
            let child = try fork.child(answer.pid ?? 0)
            copy = Copy(handle: child, number: answer.pid ?? 0)
            return AgentStatus(
                event: .forked, attempt: attempt, pid: answer.pid, output: answer.output, go: answer.go,
                stallMicroseconds: answer.stallMicroseconds, calm: answer.calm)
        } catch {
            isClosed = true
            return AgentStatus(event: .failed, error: DumpFailure(error).message)
        }
    }
}
