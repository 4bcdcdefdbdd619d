import Glibc
import Linux
public import NodeProcess

extension TargetFacts {
    /// Reads only: nothing is sent to the process, and no connection made.
    /// - Parameters:
    ///   - signal: one that the user named.
    ///   - patience: how long to look whether a process that is stopped or blocked stays so: one under strace stops for
    ///     a moment at every system call.
    ///   - depth: how much is looked for.
    ///   - mayFork: whether a fork is asked for: only then the places are looked at that its agent could be loaded from.
    ///   - sleep: passes time, or throws.
    public static func read(
        _ target: TargetProcess, signal: Int32?, patience: Duration, depth: Depth = .whole, mayFork: Bool = true,
        sleep: (Duration) throws -> Void
    ) throws -> TargetFacts {
        var facts = try TargetFacts(memoryOf: target)
        try facts.readAccess(target, patience: patience, depth, sleep: sleep)
        facts.argumentsAreOverwritten = target.argumentsAreOverwritten
        facts.agent.barrier = target.addonBarrier
        facts.ptrace = try PtraceFacts.read(target.handle)
        if depth == .whole, mayFork, target.executable.runtime == .node {
            facts.agent.placeProblems = try AgentPlace.problems(of: target)
            facts.agent.failedLoad = FailedLoads().reason(for: target.handle)
        }
        facts.signal.addon = try target.heapdumpAddon()
        if signal != nil || facts.signal.addon != nil || facts.signal.hints.signal != nil {
            try facts.readDirectories(target.handle)
        }
        return facts
    }

    /// How much of a process is read.
    public enum Depth: Sendable {
        /// What a few small files under /proc say: `list` has hundreds of processes to look at.
        case brief
        /// With its sockets, for which the kernel goes through all connections of the machine, its own tree of signal
        /// handlers, and, of a cluster primary, its workers.
        case whole
        /// The same of a cluster's worker.
        case worker
    }

    /// Nothing but what decides whether SIGUSR1 may be sent.
    static func readAccess(
        _ target: TargetProcess, patience: Duration, depth: Depth = .whole, sleep: (Duration) throws -> Void
    ) throws -> TargetFacts {
        var facts = TargetFacts(naming: target)
        try facts.readAccess(target, patience: patience, depth, sleep: sleep)
        return facts
    }

    /// What it is, and nothing of its state.
    private init(naming target: TargetProcess) {
        pid = target.pid
        runtime = target.executable.runtime
        version = target.executable.version
    }

    private mutating func readAccess(
        _ target: TargetProcess, patience: Duration, _ depth: Depth, sleep: (Duration) throws -> Void
    ) throws {
        try readActivity(target.handle, patience, sleep)
        try readSignals(target, patience, sleep)
        standstill.isFrozen = try Freezer.isFrozen(target.handle)
        standstill.tracer = try Tracer.of(target.handle)
        inspector.room = try TargetRoom.read(target)
        inspector.hints = target.inspectorHints
        signal.hints = target.signalDumpHints
        guard depth != .brief else { return }
        try readSockets(target)
        if caught.contains(signal: SIGUSR1) {
            inspector.handledSignals = try LibuvSignalHandlers.signals(of: target.handle)
        }
        if depth == .whole, inspector.port == nil {
            inspector.endangeredWorker = try EndangeredWorker.find(of: target, sleep: sleep)
        }
    }

    /// Nothing but what a dump's need of memory is judged by.
    init(memoryOf target: TargetProcess) throws(ProcessError) {
        self.init(naming: target)
        anonymousBytes = target.currentAnonymousBytes()
        memory = try MemoryFacts.read(target)
    }

    private mutating func readActivity(
        _ handle: ProcessHandle, _ patience: Duration, _ sleep: (Duration) throws -> Void
    ) throws {
        let end = ContinuousClock.now + patience
        while true {
            let activity = try MainThreadActivity.read(handle)
            standstill.isStopped = activity.isStopped
            inspector.callThatBreaks = activity.isInBreakableCall ? activity.blockedIn ?? "a system call" : nil
            signal.callThatBreaks = activity.isInUnrestartableCall ? activity.blockedIn : nil
            let isFree = !activity.isStopped && inspector.callThatBreaks == nil
            if isFree || ContinuousClock.now >= end { return }
            try sleep(.milliseconds(5))
        }
    }

    /// Node blocks all signals for a moment while it starts a thread.
    private mutating func readSignals(
        _ target: TargetProcess, _ patience: Duration, _ sleep: (Duration) throws -> Void
    ) throws {
        let end = ContinuousClock.now + patience
        while true {
            let masks = try target.currentSignals()
            (caught, blocked, ignored) = (masks.caught, masks.blocked, masks.ignored)
            if !blocked.contains(signal: SIGUSR1) || ContinuousClock.now >= end { return }
            try sleep(.milliseconds(5))
        }
    }

    private mutating func readSockets(_ target: TargetProcess) throws {
        let own = try ListeningSockets.owned(by: target.handle)
        let likely = own.first { $0.port == inspector.hints.port }
        inspector.port = try (likely ?? ListeningSockets.inspector(among: own, of: target.handle))?.port
        inspector.portHolder = InspectorPort.holder(of: target, besides: own, certainly: true)
        inspector.networkProblem = TargetNetwork.problem(target.handle)
        guard inspector.port == nil else { return }
        if let port = inspector.hints.port {
            inspector.awaitsDebugger = try ServedConnections.exist(onPort: port, of: target.handle)
        } else if inspector.hints.enabled {
            inspector.awaitsDebugger = try ServedConnections.existOffMainThread(of: target.handle)
        }
    }

    private mutating func readDirectories(_ handle: ProcessHandle) throws {
        signal.workingDirectory = try TargetDirectory.working(of: handle).facts(for: handle)
        if let path = signal.hints.diagnosticDirectory {
            switch try TargetDirectory.named(path, of: handle) {
            case .open(let directory):
                signal.diagnosticDirectory = try directory.facts(for: handle)
            case .refused(ENOENT), .refused(ENOTDIR):
                signal.diagnosticDirectory = DirectoryFacts(path: path, problem: .missing)
            case .refused(let code):
                signal.diagnosticDirectory = DirectoryFacts(path: path, problem: .notWritable(errno: code))
            }
        }
        signal.limits = try ResourceLimits.read(handle)
        signal.openFileCount = try OpenFiles.count(handle)
    }
}
