import Glibc
import HeapSnapshot
import Inspector
import NodeProcess

/// From a process id to a published snapshot. `dump` reads as the plan.
public final class TakeSnapshot {
    private let request: SnapshotRequest
    private let environment: RunEnvironment
    private let observe: DumpObserver
    private var report: SnapshotReport
    private var clock = PhaseClock()

    public init(_ request: SnapshotRequest, in environment: RunEnvironment, observe: @escaping DumpObserver) {
        self.request = request
        self.environment = environment
        self.observe = observe
        report = SnapshotReport(target: .init(pid: request.pid))
    }

    /// Never throws: a failure is in the report, with its exit code.
    public func run() -> SnapshotReport {
        do {
            try dump()
        } catch {
            let failure = Self.failure(from: error)
            report.exitCode = failure.exitCode
            report.error = failure.message(of: request.pid)
            report.endsTheRun = failure.endsTheRun
            if case .invalid(let verdict, _) = failure { report.verdict = verdict.name }
        }
        report.milliseconds = clock.finish()
        return report
    }

    private func dump() throws {
        let handle = try ProcessHandle(pid: request.pid)
        let waiter = Waiter(target: handle, interruption: environment.interruption, deadline: environment.deadline)
        // A run of several processes ends here for the next, before anything is done to it.
        try waiter.checkInterruption()
        let target = try TargetProcess.read(handle)
        report.target.script = target.scriptPath
        report.target.nodeVersion = target.executable.version?.description
        let output = try makeOutput(for: target, waiter)
        try checkMethods()
        let lock = try acquireLock(on: target, waiter)
        defer { withExtendedLifetime(lock) {} }

        enter(.openingInspector, waiter)
        let opener = InspectorOpener(
            target: target, waiter: waiter, loop: environment.loop, guardianCommand: environment.guardianCommand,
            observe: observe)
        let access = try opener.open()
        report.method = .inspector
        if let version = access.version { report.target.nodeVersion = version.description }
        let sink = SnapshotSink(output: output)
        do {
            try capture(from: access, of: handle, into: sink, waiter)
        } catch {
            release(access, patience: .seconds(1))
            throw keepingPartial(error, output)
        }
        enter(.checking, waiter)
        // Before anything else: every moment that the port is open counts.
        release(access, patience: .seconds(5))
        let verdict = sink.finish()
        sink.notes.forEach(warn)
        try publish(verdict, output)
    }

    private func makeOutput(for target: TargetProcess, _ waiter: Waiter) throws -> any SnapshotOutput {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        switch try request.output.destination(pid: request.pid, script: target.scriptPath, at: now) {
        case .standardOutput:
            return try StandardOutput(waiter: waiter)
        case .file(let path):
            let file = try SnapshotFile(path: path, overwrites: request.overwrites, keepsPartial: request.keepsPartial)
            if !path.hasSuffix(".heapsnapshot") {
                warn("Chrome DevTools opens only files whose name ends in .heapsnapshot: rename it before you load it")
            }
            return file
        }
    }

    private func checkMethods() throws(DumpFailure) {
        guard request.allowsInspector else {
            throw .noMethod([MethodRefusal(method: .inspector, reason: "ruled out by --no-inspector")])
        }
    }

    private func acquireLock(on target: TargetProcess, _ waiter: Waiter) throws -> TargetLock? {
        try TargetLock.acquire(on: target.handle, userID: target.uid) { [observe] descriptor, holder in
            observe(.note("waiting for another heapdump, process \(holder), to be done with it"))
            try waiter.wait(for: descriptor)
        }
    }

    private func capture(
        from access: InspectorAccess, of target: ProcessHandle, into sink: SnapshotSink, _ waiter: Waiter
    ) throws {
        let capture = InspectorCapture(
            session: access.session, version: access.version, target: target, waiter: waiter, sink: sink,
            stallTimeout: request.stallTimeout, enter: { [self] phase in enter(phase, waiter) }, observe: observe)
        defer { report.bytes = waiter.bytes }
        try capture.run()
    }

    private func release(_ access: InspectorAccess, patience: Duration) {
        switch access.release(patience: patience) {
        case .leftOpen: break
        case .closed(let after):
            report.debugPortOpenMilliseconds = after.inMilliseconds
        case .closesLater:
            warn("the debug port is still open: a guardian process closes it as soon as the process has time for it")
        }
    }

    private func publish(_ verdict: SnapshotVerdict, _ output: any SnapshotOutput) throws {
        report.verdict = verdict.name
        guard case .valid(let counts) = verdict else {
            throw keepingPartial(DumpFailure.invalid(verdict, kept: nil), output)
        }
        report.bytes = counts.bytes
        report.nodes = counts.nodes
        report.edges = counts.edges
        report.strings = counts.strings
        report.totalSelfSize = counts.totalSelfSize
        let published: PublishedSnapshot
        do {
            published = try output.publish()
        } catch {
            throw keepingPartial(error, output)
        }
        report.file = published.path
        published.warnings.forEach(warn)
    }

    /// The failure as the user should see it, after what arrived has been kept where that was asked for.
    private func keepingPartial(_ error: any Error, _ output: any SnapshotOutput) -> any Error {
        var kept: String?
        do {
            kept = try output.keepPartial()
            if let kept { warn("what arrived is kept as \(TerminalText.escaped(kept))") }
        } catch {
            warn("what arrived could not be kept: \(error.message)")
        }
        guard case .invalid(let verdict, _)? = error as? DumpFailure else { return error }
        return DumpFailure.invalid(verdict, kept: kept)
    }

    private func enter(_ phase: DumpPhase, _ waiter: Waiter) {
        waiter.phase = phase
        clock.enter(phase)
        observe(.phase(phase))
    }

    private func warn(_ text: String) {
        report.warnings.append(text)
        observe(.warning(text))
    }

    private static func failure(from error: any Error) -> DumpFailure {
        switch error {
        case let failure as DumpFailure: failure
        case let error as ProcessError: .process(error)
        case let error as OutputError: .output(error)
        case let error as InspectorError: .inspectorLost(.openingInspector, error)
        default: .cannotStart(String(describing: error))
        }
    }
}
