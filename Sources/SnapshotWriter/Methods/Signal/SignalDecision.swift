import Glibc
import NodeProcess

/// Whether a signal may be sent to make the target dump, and which.
extension SignalMethod {
    static let name = SnapshotRequest.Method.signal

    /// Its file is looked after by `hindrance`.
    static func needs(_ facts: TargetFacts) -> DumpNeeds? { nil }

    static func judge(_ request: SnapshotRequest, _ facts: TargetFacts) throws(Refusal) -> MethodGrant {
        let signal = try choose(request.signal, facts)
        if let limit = request.maxPause, facts.estimate.pauseSeconds > limit, !signal.isForking {
            throw .pauseTooLong(seconds: facts.estimate.pauseSeconds, limit: limit)
        }
        return MethodGrant(
            reason: signal.evidence, code: signal.evidenceCode,
            memory: try .make(request, facts, isFork: signal.isForking, canAsk: false), signal: signal,
            isFork: signal.isForking)
    }

    /// - Parameter named: the signal that the user says the application dumps on.
    private static func choose(_ named: Int32?, _ facts: TargetFacts) throws(Refusal) -> DumpSignal {
        guard let (number, dumper) = candidate(named, facts) else { throw whyNone(facts) }
        if let refusal = harm(number, dumper, facts) ?? hindrance(dumper, facts) { throw refusal }
        var signal = DumpSignal(
            number: number, dumper: dumper, directories: directories(dumper, facts).map(\.path))
        if case .addon = dumper { signal.isForking = facts.signal.addon?.forks ?? false }
        return signal
    }

    private static func candidate(_ named: Int32?, _ facts: TargetFacts) -> (Int32, DumpSignal.Dumper)? {
        // Where a title hides the options, a signal that the user names is taken on the user's word.
        if let option = facts.signal.hints.signal,
            named == nil || named == option && !facts.argumentsAreOverwritten
        {
            return (option, .option)
        }
        if let addon = facts.signal.addon, !addon.signalIsOff, named == nil || named == SIGUSR2 {
            return (SIGUSR2, .addon(path: addon.path))
        }
        return named.map { ($0, .application) }
    }

    static func whyNone(_ facts: TargetFacts) -> Refusal {
        if let addon = facts.signal.addon, addon.signalIsOff { return .addonSignalOff(path: addon.path) }
        return .noSignal(
            titleHidesOptions: facts.argumentsAreOverwritten, catchesSIGUSR2: facts.caught.contains(signal: SIGUSR2))
    }

    /// Why the signal itself would do harm.
    private static func harm(_ number: Int32, _ dumper: DumpSignal.Dumper, _ facts: TargetFacts) -> Refusal? {
        if neverSent.contains(number) { return .signalNeverSent(number) }
        if facts.blocked.contains(signal: number) { return .signalBlocked(number) }
        guard facts.caught.contains(signal: number) else {
            return facts.ignored.contains(signal: number) ? .signalIgnored(number) : .signalNotCaught(number)
        }
        if facts.inspector.hints.reportSignal == number { return .signalWritesReport(number) }
        if number == SIGUSR1, dumper == .application, !facts.inspector.hints.preventsInspectorBySignal {
            return .signalOpensInspector
        }
        return facts.signal.callThatBreaks.map { .callWouldBreakBySignal(call: $0) }
    }

    /// SIGINT and SIGTERM end a Node process whose application does not handle them, although it catches them.
    private static let neverSent: Set<Int32> = [
        SIGINT, SIGTERM, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGKILL, SIGSTOP,
    ]

    /// Why no snapshot could be written: Node ends itself where --heapsnapshot-signal cannot write.
    private static func hindrance(_ dumper: DumpSignal.Dumper, _ facts: TargetFacts) -> Refusal? {
        if mayNotWrite(dumper, facts) { return .writingForbidden }
        // Where an application writes, only it knows.
        if dumper == .application { return nil }
        if dumper == .option, facts.argumentsAreOverwritten, facts.version.map({ $0.major >= 18 }) ?? true {
            return .placeHidden
        }
        let needed = facts.estimate.snapshotBytesAtMost
        for directory in directories(dumper, facts) {
            switch directory.problem {
            case .missing: return .placeMissing(path: directory.path)
            case .deleted: return .placeRemoved(path: directory.path)
            case .notWritable(let code): return .placeNotWritable(path: directory.path, errno: code)
            case nil: break
            }
            if let free = directory.freeBytes, free < needed {
                return .placeTooFull(path: directory.path, free: free, needed: needed)
            }
        }
        if let limit = facts.signal.limits.fileSize, limit < needed {
            return .filesTooLimited(limit: limit, needed: needed)
        }
        if let limit = facts.signal.limits.openFiles, UInt64(facts.signal.openFileCount) + 1 >= limit {
            return .noDescriptorForFile(open: facts.signal.openFileCount, limit: limit)
        }
        return nil
    }

    /// Under the permission model Node throws where the file is not allowed. The add-on writes it by itself.
    private static func mayNotWrite(_ dumper: DumpSignal.Dumper, _ facts: TargetFacts) -> Bool {
        let allowed = facts.signal.hints.allowedWrites
        guard facts.inspector.hints.permissionModel, !allowed.contains("*") else { return false }
        switch dumper {
        case .addon: return false
        case .application: return allowed.isEmpty
        case .option: return true
        }
    }

    private static func directories(_ dumper: DumpSignal.Dumper, _ facts: TargetFacts) -> [DirectoryFacts] {
        let working = facts.signal.workingDirectory
        guard let diagnostic = facts.signal.diagnosticDirectory else { return [working] }
        switch dumper {
        case .addon: return [working]
        case .application: return [working, diagnostic]
        case .option: break
        }
        // Node 20 began to put these snapshots into --diagnostic-dir, and not with its first release.
        switch facts.version?.major {
        case let major? where major < 18: return [working]
        case let major? where major > 20: return [diagnostic]
        default: return [diagnostic, working]
        }
    }
}
