import Linux

/// A process that is only mentioned: the holder of a port, a child.
public struct ProcessSummary: Sendable, Hashable {
    public let pid: Int32
    /// Its arguments, made fit for a terminal; its name in brackets where it has none.
    public let command: String

    public init(pid: Int32, command: String) {
        self.pid = pid
        self.command = command
    }

    /// - Parameters: as /proc has them, not made fit for anything.
    init(pid: Int32, arguments: [String], name: String) {
        let isNameless = arguments.allSatisfy(\.isEmpty)
        self.init(
            pid: pid,
            command: isNameless
                ? "[" + TerminalText.escaped(name) + "]"
                : Self.shortened(TerminalText.commandLine(arguments.trimmingEmptyEnd())))
    }

    /// `nil` where there is no such process any more.
    public static func read(_ pid: Int32) -> ProcessSummary? {
        guard let status = try? ProcessStatus.read(pid) else { return nil }
        let arguments = (try? ProcFile(pid, "cmdline").strings()) ?? []
        return ProcessSummary(pid: pid, arguments: arguments, name: status.name)
    }

    /// As the kernel keeps it, 15 bytes at most; nil where there is no such process any more.
    public static func name(of pid: Int32) -> String? { (try? ProcessStatus.read(pid))?.name }

    private static func shortened(_ command: String) -> String {
        command.count <= 160 ? command : command.prefix(159) + "…"
    }
}

extension [String] {
    /// Without the zeros that a title leaves behind it.
    fileprivate func trimmingEmptyEnd() -> [String] {
        Array(prefix((lastIndex { !$0.isEmpty } ?? -1) + 1))
    }
}
