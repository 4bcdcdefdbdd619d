import Linux

/// Why a text names no process to work on.
public enum SelectionError: Error, Sendable {
    /// - Parameters:
    ///   - ancestors: those that match, but have started this heapdump.
    ///   - slow: those that could not be looked at in time.
    case nothing(String, ancestors: [ProcessSelector.Candidate], slow: [SlowProcess] = [])
    case several(String, [ProcessSelector.Candidate])
    /// Of several users, any of whom may have called it so.
    case severalUsers(String, [ProcessSelector.Candidate])
    /// Nothing matches but what may not be looked into.
    case notPermitted(String, [RefusedProcess])

    private static let mostListed = 20

    /// What was sought, what was seen and what to do; safe for a terminal.
    public var message: String {
        switch self {
        case .nothing(let text, let ancestors, let slow):
            let start =
                "no Node process matches \(Self.quoted(text))" + (SlowProcess.note(slow).map { ", but \($0)" } ?? "")
            guard !ancestors.isEmpty else { return start + "; heapdump list shows those that are running" }
            return start + " but what has started this heapdump; if it is meant, name its pid:"
                + Self.lines(ancestors, Self.line)
        case .several(let text, let candidates):
            return
                "\(candidates.count) Node processes match \(Self.quoted(text)); name the pid of the one that is meant:"
                + Self.lines(candidates, Self.line)
        case .severalUsers(let text, let candidates):
            return
                "\(candidates.count) Node processes of several users match \(Self.quoted(text)); say whose is meant with --user, or name "
                + "its pid:" + Self.lines(candidates, Self.line)
        case .notPermitted(let text, let refused):
            return Self.message(text, refused)
        }
    }

    private static func message(_ text: String, _ refused: [RefusedProcess]) -> String {
        let remedies = Set(refused.map(\.refusal.remedy))
        let remedy = remedies.count == 1 ? remedies.first ?? "" : "root would see more: run with sudo"
        let start = "no Node process that may be looked into matches \(quoted(text)), but "
        let hidden = refused.filter { $0.visible == nil }.count
        var parts: [String] = []
        if hidden > 0 { parts.append("\(hidden) \(processes(hidden)) nothing of what they are (hidepid)") }
        let shown = refused.compactMap { process in process.visible.map { (process.pid, $0) } }
        if !shown.isEmpty {
            parts.append("\(shown.count) that could not be looked at \(shown.count == 1 ? "does" : "do")")
        }
        return start + parts.joined(separator: ", and ") + "; " + remedy
            + (shown.isEmpty ? "" : ":" + lines(shown) { row($0.0, $0.1.uid, $0.1.arguments, $0.1.name) })
    }

    private static func processes(_ count: Int) -> String { count == 1 ? "process shows" : "processes show" }

    private static func quoted(_ text: String) -> String { "\"" + TerminalText.escaped(text) + "\"" }

    private static func line(_ candidate: ProcessSelector.Candidate) -> [String] {
        row(candidate.pid, candidate.uid, candidate.names.arguments, candidate.names.name)
    }

    private static func row(_ pid: Int32, _ uid: UInt32, _ arguments: [String], _ name: String) -> [String] {
        let user = TerminalText.escaped(userName(uid) ?? String(uid))
        return ["\(pid)", user, ProcessSummary(pid: pid, arguments: arguments, name: name).command]
    }

    /// Pid, user and command, each on a line of its own below the sentence.
    private static func lines<Process>(_ processes: [Process], _ row: (Process) -> [String]) -> String {
        let shown = processes.prefix(mostListed).map(row)
        let widths = (0..<2).map { column in shown.map { $0[column].count }.max() ?? 0 }
        let text = shown.map { row in
            "\n  " + row[0].padded(to: widths[0], onTheLeft: true) + "  " + row[1].padded(to: widths[1]) + "  " + row[2]
        }.joined()
        return processes.count > mostListed ? text + "\n  and \(processes.count - mostListed) more" : text
    }
}

extension String {
    fileprivate func padded(to width: Int, onTheLeft: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - count))
        return onTheLeft ? space + self : self + space
    }
}
