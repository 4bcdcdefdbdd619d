public import NodeProcess

/// What keeps a process from answering anybody, whatever the method.
public struct Standstill: Sendable, Equatable {
    /// By job control or a debugger.
    public var isStopped = false
    /// With its cgroup.
    public var isFrozen = false
    public var tracer: Tracer?

    public init() {}

    var refusal: Refusal? {
        // A tracer that stops its tracee for a moment at each system call, as strace does, is none.
        if let tracer, !tracer.passesSignalsOn { return .traced(tracer) }
        if isFrozen { return .frozen }
        return isStopped ? .stopped : nil
    }
}
