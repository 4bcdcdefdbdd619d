import Inspector
import NodeProcess

/// What a method begins with. It gives each of its parts what that part needs, and no part all of this.
struct MethodInput {
    let request: SnapshotRequest
    let environment: RunEnvironment
    let target: TargetProcess
    let context: RunContext
    let delivery: Delivery
    let patience: Patience

    init(
        _ request: SnapshotRequest, in environment: RunEnvironment, of target: TargetProcess,
        to output: any SnapshotOutput,
        _ context: RunContext
    ) {
        self.request = request
        self.environment = environment
        self.target = target
        self.context = context
        delivery = Delivery(
            output: output,
            impossibleBytes: {
                DumpEstimate.impossibleSnapshotBytes(anonymousBytes: target.currentAnonymousBytes())
            }, context: context)
        patience = Patience(request, target, environment.deadline, context)
    }

    /// The target as it is from moment to moment.
    var process: HeldProcess { HeldProcess(target) }

    func acquireLock(for purpose: DumpLock.Purpose) throws -> DumpLock? {
        try DumpLock.acquire(for: purpose, of: target, within: request.wait, context)
    }

    /// Limits that a healthy dump by a copy never reaches.
    var forkOptions: ForkOptions {
        let seconds = StallEstimate.seconds(
            heapBytes: Double(target.anonymousBytes), version: target.executable.version)
        return ForkOptions(
            watchdogSeconds: max(600, Int(min(20 * seconds, 1e6))),
            memoryBytes: max(1 << 30, target.anonymousBytes &* 20), niceness: request.copyNiceness)
    }

    var inspector: InspectorUse {
        let host = TargetInspector(
            target: target, wait: request.wait, loop: environment.loop, guardianCommand: environment.guardianCommand,
            context: context)
        return InspectorUse(
            opener: InspectorOpener(host: host, context: context), target: process, patience: patience, context: context
        )
    }
}
