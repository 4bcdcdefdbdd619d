import Glibc
import Linux
import NodeProcess

/// Whether a signal may be sent to make the target dump, and which. A pure function of what was read.
enum SignalDecision: Equatable {
    case send(DumpSignal)
    /// What was seen, and what to do.
    case refuse(String)

    /// - Parameter named: the signal that the user says the application dumps on.
    init(named: Int32?, _ facts: TargetFacts) {
        guard let (number, dumper) = Self.candidate(named, facts) else {
            self = .refuse(Self.whyNone(facts))
            return
        }
        if let reason = Self.harm(number, dumper, facts) ?? Self.hindrance(dumper, facts) {
            self = .refuse(reason)
            return
        }
        var signal = DumpSignal(
            number: number, dumper: dumper, directories: Self.directories(dumper, facts).map(\.path))
        if case .addon = dumper { signal.isForking = facts.addon?.forks ?? false }
        self = .send(signal)
    }

    private static func candidate(_ named: Int32?, _ facts: TargetFacts) -> (Int32, DumpSignal.Dumper)? {
        // Where a title hides the options, a signal that the user names is taken on the user's word.
        if let option = facts.signalDumpHints.signal,
            named == nil || named == option && !facts.argumentsAreOverwritten
        {
            return (option, .option)
        }
        if let addon = facts.addon, !addon.signalIsOff, named == nil || named == SIGUSR2 {
            return (SIGUSR2, .addon(path: addon.path))
        }
        return named.map { ($0, .application) }
    }

    private static func whyNone(_ facts: TargetFacts) -> String {
        if let addon = facts.addon, addon.signalIsOff {
            return "it has loaded \(TerminalText.escaped(addon.path)), whose signal NODE_HEAPDUMP_OPTIONS=nosignal "
                + "switched off"
        }
        var text = "it was not started with --heapsnapshot-signal, and has no heapdump add-on loaded"
        if facts.argumentsAreOverwritten { text = "its title hides its options, and it has no heapdump add-on loaded" }
        guard facts.caught.contains(signal: SIGUSR2) else { return text }
        return text + "; it catches SIGUSR2, which proves nothing: if it takes a snapshot then, say so with "
            + "--signal SIGUSR2"
    }

    /// Why the signal itself would do harm.
    private static func harm(_ number: Int32, _ dumper: DumpSignal.Dumper, _ facts: TargetFacts) -> String? {
        let name = SignalName.text(number)
        if neverSent.contains(number) {
            return "\(name) is never sent: Node catches it for purposes of its own, or the kernel sends it for faults, "
                + "and nothing tells that from a handler that dumps"
        }
        guard facts.caught.contains(signal: number) else {
            if facts.blocked.contains(signal: number) { return "it blocks \(name)" }
            return facts.ignored.contains(signal: number)
                ? "it ignores \(name)" : "it does not catch \(name): the signal would kill it, so it is not sent"
        }
        if facts.blocked.contains(signal: number) { return "it blocks \(name)" }
        if facts.inspectorHints.reportSignal == number {
            return "\(name) makes this process write a diagnostic report too (--report-on-signal), so it is not sent"
        }
        if number == SIGUSR1, dumper == .application, !facts.inspectorHints.preventsInspectorBySignal {
            return "SIGUSR1 opens the inspector unless the application handles it, and nothing tells which: "
                + "have it dump on another signal"
        }
        if let call = facts.callThatSignalsBreak {
            return "its main thread is blocked in \(call), which a signal would break off with an error (EINTR); "
                + "try again when it is free"
        }
        return nil
    }

    /// SIGINT and SIGTERM end a Node process whose application does not handle them, although it catches them.
    private static let neverSent: Set<Int32> = [
        SIGINT, SIGTERM, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGKILL, SIGSTOP,
    ]

    /// Why no snapshot could be written: Node ends itself where --heapsnapshot-signal cannot write.
    private static func hindrance(_ dumper: DumpSignal.Dumper, _ facts: TargetFacts) -> String? {
        if let reason = permission(dumper, facts) { return reason }
        // Where an application writes, only it knows.
        if dumper == .application { return nil }
        if dumper == .option, facts.argumentsAreOverwritten, facts.version.map({ $0.major >= 18 }) ?? true {
            return "its title hides whether --diagnostic-dir or --permission was given, and so where it writes" + end
                + ". If you know that it can write, name the signal with --signal"
        }
        let needed = facts.estimate.snapshotBytesAtMost
        for directory in directories(dumper, facts) {
            let path = TerminalText.escaped(directory.path)
            switch directory.problem {
            case .missing: return "\(path), where it would write the snapshot, does not exist" + end
            case .deleted: return "its working directory \(path), where it would write the snapshot, was removed" + end
            case .notWritable(let code):
                return "it cannot write to \(path): \(errnoText(code))" + end
            case nil: break
            }
            if let free = directory.freeBytes, free < needed {
                return "\(path), where it would write the snapshot, has \(free >> 20) MiB free, and up to "
                    + "\(needed >> 20) MiB may be needed" + end
            }
        }
        if let limit = facts.limits.fileSize, limit < needed {
            return "its files are limited to \(limit) bytes (ulimit -f), and the snapshot may need up to "
                + "\(needed >> 20) MiB" + end
        }
        if let limit = facts.limits.openFiles, UInt64(facts.openFileCount) + 1 >= limit {
            return "it has \(facts.openFileCount) of the \(limit) files open that it may have" + end
        }
        return nil
    }

    /// Under the permission model Node throws where the file is not allowed. The add-on writes it by itself.
    private static func permission(_ dumper: DumpSignal.Dumper, _ facts: TargetFacts) -> String? {
        let allowed = facts.signalDumpHints.allowedWrites
        guard facts.inspectorHints.permissionModel, !allowed.contains("*") else { return nil }
        switch dumper {
        case .addon: return nil
        case .application where !allowed.isEmpty: return nil
        default:
            return "the permission model (--permission) does not let it write everywhere (--allow-fs-write=*)" + end
        }
    }

    private static let end = "; Node may end where it cannot write the snapshot, so the signal is not sent"

    private static func directories(_ dumper: DumpSignal.Dumper, _ facts: TargetFacts) -> [DirectoryFacts] {
        let working = facts.workingDirectory
        guard let diagnostic = facts.diagnosticDirectory else { return [working] }
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
