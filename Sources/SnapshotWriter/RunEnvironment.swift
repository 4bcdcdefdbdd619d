import Inspector

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

    public func shutdown() { loop.shutdown() }
}
