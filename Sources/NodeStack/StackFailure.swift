package import NodeProcess

/// Why no stack was read.
package enum StackFailure: Error, Sendable, Equatable {
    case process(ProcessError)
    /// A process has one tracer at a time.
    case traced(pid: Int32, by: Tracer)
    /// Not made for this architecture.
    case unsupported

    package var message: String {
        switch self {
        case .process(let error): error.message
        case .traced(let pid, let tracer):
            "cannot stop process \(pid): \(TerminalText.escaped(tracer.name)) (pid \(tracer.pid)) traces it, and a process has one tracer "
                + "at a time; end that first"
        case .unsupported: "stacks can be read on x86-64 only"
        }
    }
}
