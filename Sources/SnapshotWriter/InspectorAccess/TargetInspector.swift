import Inspector
import Linux
import NodeProcess

/// The inspector of a running process.
struct TargetInspector: InspectorHost {
    let target: TargetProcess
    /// For its turn, see `Turn`.
    let wait: Duration?
    let loop: InspectorEventLoop
    let guardianCommand: [String]
    let context: RunContext
    private let own = OwnConnections()

    init(
        target: TargetProcess, wait: Duration?, loop: InspectorEventLoop, guardianCommand: [String], context: RunContext
    ) {
        self.target = target
        self.wait = wait
        self.loop = loop
        self.guardianCommand = guardianCommand
        self.context = context
    }

    var process: any LiveProcess { HeldProcess(target) }
    var runtime: Runtime { target.executable.runtime }
    var version: NodeVersion? { target.executable.version }
    var port: UInt16? { target.inspectorHints.port }

    var search: any InspectorSearch {
        InspectorFinder(target: target.handle, runtime: runtime, loop: loop, own: own) { [waiter = context.waiter] in
            _ = try waiter.wait(for: $0, atMost: $1)
        }
    }

    func readFacts(patience: Duration) throws -> TargetFacts {
        try TargetFacts.readAccess(target, patience: patience, context.waiter)
    }

    func lockPort() throws -> AnyObject? {
        try DumpLock.acquire(portOf: target, within: wait, context.waiter, observe: context.observe)
    }

    func portHolder(besides own: [ListeningSocket]) -> String? {
        InspectorPort.holder(of: target, besides: own, certainly: false)
    }

    func countCalls() -> UInt64? { ThreadCalls.count(target.handle) }

    func startGuardian(present: [ListeningSocket]) throws -> any Guardian {
        try startGuardian(of: target, present: present)
    }

    func startWorkerGuardians() throws -> WorkerGuardians {
        try WorkerGuardians.start(for: target, context.waiter) { try startGuardian(of: $0, present: $1) }
    }

    private func startGuardian(
        of process: TargetProcess, present: [ListeningSocket]
    ) throws -> InspectorGuardian {
        try InspectorGuardian.start(
            command: guardianCommand, target: process, present: Set(present.map(\.inode)),
            port: process.inspectorHints.port
        ) { descriptor throws(DumpFailure) in try context.waiter.wait(for: descriptor) }
    }

    func lookBeforeSignal() -> BeforeSignal {
        let handle = target.handle
        let standardError = StandardErrorFile(handle)
        let threads = WaitingThreads(of: handle)
        let watch = PortWatch(of: handle, own: own)
        return BeforeSignal(
            failure: { standardError?.inspectorFailure() },
            secondOpening: { SecondOpening(of: handle, threads: threads) },
            watchPort: { watch.begin(port: $0) },
            strangers: { watch.end(of: handle) })
    }
}
