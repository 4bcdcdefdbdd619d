/// What a Node process runs that is only there to run it.
public struct WrappedProgram: Sendable, Equatable {
    /// Its own pid.
    public let wrapper: Int32
    /// What it is called, such as `npm` or `node --watch`.
    public let name: String
    /// The Node processes in which the program runs, nearest first; at least one.
    public let processes: [Int32]

    private static let mostNamed = 8

    /// A sentence for who named the wrapper's pid; safe for a terminal.
    public var message: String {
        let shown = processes.prefix(Self.mostNamed).map {
            ProcessSummary.read($0) ?? ProcessSummary(pid: $0, command: "?")
        }
        let start = "this is \(TerminalText.escaped(name))'s own process; "
        if processes.count == 1, let only = shown.first {
            return start + "the program runs in its descendant \(only.pid): \(only.command)"
        }
        let rest = processes.count > shown.count ? ", and \(processes.count - shown.count) more" : ""
        return start + "programs run in its descendants "
            + shown.map { "\($0.pid) (\($0.command))" }.joined(separator: ", ") + rest
    }
}
