import Glibc
public import NodeProcess

extension TargetFacts {
    /// Reads only: nothing is sent to the process, and no connection made.
    /// - Parameters:
    ///   - signal: one that the user named.
    ///   - patience: how long to look whether a process that is stopped or blocked stays so: one under strace stops for
    ///     a moment at every system call.
    ///   - sockets: false where the inspector's and its port's holder are not asked for: the kernel goes through all
    ///     connections of the machine for them.
    ///   - sleep: passes time, or throws.
    public static func read(
        _ target: TargetProcess, signal: Int32?, patience: Duration, sockets: Bool = true,
        sleep: (Duration) throws -> Void
    ) throws -> TargetFacts {
        var facts = try TargetFacts(memoryOf: target)
        try facts.readActivity(target.handle, patience, sleep)
        try facts.readSignals(target, patience, sleep)
        facts.inspectorHints = target.inspectorHints
        facts.signalDumpHints = target.signalDumpHints
        facts.argumentsAreOverwritten = target.argumentsAreOverwritten
        facts.addonsAreOff = target.addonsAreOff
        if sockets { try facts.readSockets(target) }
        facts.addon = try target.heapdumpAddon()
        if signal != nil || facts.addon != nil || facts.signalDumpHints.signal != nil {
            try facts.readDirectories(target.handle)
        }
        return facts
    }

    /// Nothing but what a dump's need of memory is judged by.
    init(memoryOf target: TargetProcess) throws(ProcessError) {
        version = target.executable.version
        anonymousBytes = target.currentAnonymousBytes()
        memory = try MemoryFacts.read(target)
    }

    private mutating func readActivity(
        _ handle: ProcessHandle, _ patience: Duration, _ sleep: (Duration) throws -> Void
    ) throws {
        let end = ContinuousClock.now + patience
        while true {
            let activity = try MainThreadActivity.read(handle)
            isStopped = activity.isStopped
            callThatInspectorBreaks = activity.isInBreakableCall ? activity.blockedIn ?? "a system call" : nil
            callThatSignalsBreak = activity.isInUnrestartableCall ? activity.blockedIn : nil
            let isFree = !isStopped && callThatInspectorBreaks == nil
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
            (caught, blocked, ignored) = try target.currentSignals()
            if !blocked.contains(signal: SIGUSR1) || ContinuousClock.now >= end { return }
            try sleep(.milliseconds(5))
        }
    }

    private mutating func readSockets(_ target: TargetProcess) throws {
        let own = try ListeningSockets.owned(by: target.handle)
        let likely = own.first { $0.port == inspectorHints.port }
        inspectorPort = try (likely ?? ListeningSockets.inspector(among: own, of: target.handle))?.port
        portHolder = InspectorPort.holder(of: target, besides: own, certainly: true)
        networkProblem = TargetNetwork.problem(target.handle)
    }

    private mutating func readDirectories(_ handle: ProcessHandle) throws {
        workingDirectory = try TargetDirectory.working(of: handle).facts(for: handle)
        if let path = signalDumpHints.diagnosticDirectory {
            switch try TargetDirectory.named(path, of: handle) {
            case .open(let directory):
                diagnosticDirectory = try directory.facts(for: handle)
            case .refused(ENOENT), .refused(ENOTDIR):
                diagnosticDirectory = DirectoryFacts(path: path, problem: .missing)
            case .refused(let code):
                diagnosticDirectory = DirectoryFacts(path: path, problem: .notWritable(errno: code))
            }
        }
        limits = try ResourceLimits.read(handle)
        openFileCount = try OpenFiles.count(handle)
    }
}
