/// What happens during a dump, as it happens: for the progress line and the story on standard error.
public enum DumpEvent: Sendable {
    case phase(DumpPhase)
    case progress(DumpProgress)
    /// V8 is about to stop the target's JavaScript for about this long.
    case pauseExpected(seconds: Double)
    case note(String)
    case warning(String)
    /// For `--verbose` only.
    case detail(String)
}

public enum DumpPhase: String, Sendable, CaseIterable {
    case looking
    case openingInspector
    case building
    case writing
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
