/// What happens during a dump, as it happens: for the progress line and the story on standard error.
public enum DumpEvent: Sendable {
    case phase(DumpPhase)
    case progress(DumpProgress)
    /// V8 is about to stop the target's JavaScript for about this long, or, where the heap's size is not known, at most.
    case pauseExpected(seconds: Double, atMost: Bool)
    case note(String)
    case warning(String)
    /// For `--verbose` only.
    case detail(String)
}

public enum DumpPhase: String, Sendable, CaseIterable {
    case looking
    case openingInspector
    /// By ptrace.
    case forking
    /// A signal was sent, and the target has not begun yet.
    case waiting
    case building
    case writing
    /// The same in a forked child, while the target goes on.
    case childBuilding
    case childWriting
    case checking
}

public struct DumpProgress: Sendable {
    public var bytes: UInt64
    /// 0 to 1 within the phase, nil while it cannot be told.
    public var fraction: Double?

    public init(bytes: UInt64 = 0, fraction: Double? = nil) {
        self.bytes = bytes
        self.fraction = fraction
    }
}

/// Takes the events of a dump, on the thread that runs it.
public typealias DumpObserver = (DumpEvent) -> Void
