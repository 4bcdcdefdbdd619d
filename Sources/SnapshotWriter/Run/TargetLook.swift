public import NodeProcess

extension TargetProcess {
    /// The beginning that a dump and a dry run share: who the target is. From then on its end ends waiting.
    static func find(_ request: SnapshotRequest, _ waiter: Waiter) throws -> TargetProcess {
        let handle = try ProcessHandle(pid: request.pid, startTime: request.startTime)
        // A run of several processes ends here for the next, before anything is done to it.
        try waiter.checkInterruption()
        let target = try waiter.look(at: handle) { try TargetProcess.read(handle) }
        waiter.watch(HeldProcess(target))
        return target
    }
}

extension TargetFacts {
    /// What the plan of a run depends on. A process that is stopped or blocked gets a moment to go on.
    static func read(
        _ target: TargetProcess, for request: SnapshotRequest, _ waiter: Waiter
    ) throws -> TargetFacts {
        let mayFork = request.allowsInspector && [.auto, .fork].contains(request.method)
        return try waiter.look(at: target.handle) { [signal = request.signal] in
            try read(target, signal: signal, patience: .milliseconds(500), mayFork: mayFork, sleep: BoundedLook.sleep)
        }
    }

    /// Nothing but what decides whether SIGUSR1 may be sent.
    static func readAccess(
        _ target: TargetProcess, patience: Duration, _ waiter: Waiter
    ) throws -> TargetFacts {
        try waiter.look(at: target.handle) {
            try readAccess(target, patience: patience, sleep: BoundedLook.sleep)
        }
    }
}

extension SnapshotReport.Target {
    /// Takes over what the look showed.
    public mutating func fill(from target: TargetProcess) {
        uid = target.uid
        script = target.scriptPath
        runtime = target.executable.runtime
        runtimeVersion = target.executable.runtimeVersionText
        libc = target.executable.libc
    }
}
