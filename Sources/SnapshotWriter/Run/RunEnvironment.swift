import Inspector
public import NodeProcess

/// What all dumps of one run of heapdump share.
public struct RunEnvironment {
    let interruption: Interruption
    let deadline: RunDeadline
    let loop: InspectorEventLoop
    /// The program and arguments that run `GuardianDuty`.
    let guardianCommand: [String]

    public init(interruption: Interruption, deadline: RunDeadline, guardianCommand: [String]) {
        self.interruption = interruption
        self.deadline = deadline
        self.guardianCommand = guardianCommand
        loop = InspectorEventLoop()
    }

    /// Passes time, until the run is interrupted or its time is over.
    public var wait: BoundedLook.Wait {
        let waiter = Waiter(interruption, until: deadline)
        return { try waiter.waitWithoutTarget(for: $0, atMost: $1) }
    }

    public func shutdown() { loop.shutdown() }
}
