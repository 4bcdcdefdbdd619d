import NodeProcess

/// What was seen of a target that opened no inspector after SIGUSR1, and what that says. A pure function.
struct OpeningDiagnosis {
    /// Its event loop has turned since it got the signal.
    var loopTurned = false
    /// It may be waiting for a child process (execSync), which looks like an event loop.
    var mayWaitForChild = false
    var blockedIn: String?
    /// The signal was not delivered yet, or the process stopped since.
    var isHeldUp = false
    var portHolder: String?
    /// Where the inspector would be; nil where the kernel chooses.
    var port: UInt16?
    /// A line of the target's standard error.
    var failure: String?
    /// Whether it is known that the application has no handler of its own.
    var hasNoHandler = false

    /// Whether nothing can open any more.
    var isFinal: Bool { loopTurned && !mayWaitForChild && !isHeldUp || failure != nil }

    var refusal: Refusal {
        if let failure { return .openingFailed(line: failure) }
        if let portHolder { return .portHeldAfterSignal(port: port ?? 0, holder: portHolder) }
        if isHeldUp { return .heldUpAfterSignal }
        guard loopTurned else { return .busyAfterSignal(call: blockedIn) }
        return mayWaitForChild
            ? .waitsForChild(mayHandleSignal: !hasNoHandler)
            : .notOpened(mayHandleSignal: !hasNoHandler, portIsKnown: port != nil)
    }
}
