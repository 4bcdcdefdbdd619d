import Linux
import NodeProcess

/// A forked copy as a process: how it is held, watched and ended.
protocol CopyProcess {
    var pid: Int32 { get }
    /// nil once it has ended.
    var cpuTime: Duration? { get }
    /// Its CPU time if it sleeps at this moment.
    var cpuTimeAsleep: Duration? { get }
    /// Opens a pipe of the copy's by the number that it has there.
    /// - Returns: not blocking.
    func openPipe(_ number: Int32, forWriting: Bool) throws(ProcessError) -> Descriptor
    /// What the copy does not do itself under a system call filter, which might end it for that.
    func limit()
    /// Has it take its memory where it does the target no harm: at once, since the target changes its pages already.
    /// - Returns: what ends it if memory gets short; to be stopped once it is gone.
    func watchMemory() throws -> MemoryWatch
    /// Why the kernel has ended it, if that was for a limit of heapdump's, as a clause.
    var whyTooLarge: String? { get }
    func send(_ signal: Int32) throws(ProcessError)
}

/// A copy of a running process.
struct CopyOfTarget: CopyProcess {
    private let child: ForkedChild
    private let target: TargetProcess
    private let options: ForkOptions
    private let surroundings: CopySurroundings

    /// - Parameter pid: as the target was told by fork(2).
    /// - Throws: `.exited` if the target has no such child.
    init(
        _ pid: Int32, of target: TargetProcess, _ options: ForkOptions, _ surroundings: CopySurroundings
    ) throws(ProcessError) {
        child = try ForkedChild(pid, of: target)
        self.target = target
        self.options = options
        self.surroundings = surroundings
    }

    var pid: Int32 { child.handle.pid }
    var cpuTime: Duration? { child.cpuTime }
    var cpuTimeAsleep: Duration? { child.cpuTimeAsleep }
    var whyTooLarge: String? { surroundings.whyTooLarge }

    func openPipe(_ number: Int32, forWriting: Bool) throws(ProcessError) -> Descriptor {
        try child.openPipe(number, forWriting: forWriting)
    }

    func limit() { child.limit(memoryBytes: options.memoryBytes, niceness: options.niceness, of: target) }
    func watchMemory() throws -> MemoryWatch { try surroundings.take(in: child) }
    func send(_ signal: Int32) throws(ProcessError) { try child.handle.send(signal) }
}
