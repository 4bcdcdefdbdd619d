import NodeProcess
import SnapshotWriter

/// The list as people read it. Everything that other users have named goes through `TerminalText`.
enum ProcessTable {
    private static let columns = [
        TextTable.Column("PID", .right), TextTable.Column("USER", .left, rank: 5),
        TextTable.Column("NODE", .left, rank: 2), TextTable.Column("RSS", .right, rank: 3),
        TextTable.Column("UPTIME", .right, rank: 0), TextTable.Column("CONTAINER", .left, rank: 1),
        TextTable.Column("METHOD", .left, rank: 6), TextTable.Column("MEMORY", .left, rank: 4),
        TextTable.Column("COMMAND", .left),
    ]
    private static let threadColumns = [
        TextTable.Column("TID", .right), TextTable.Column("STATE", .left), TextTable.Column("CPU", .right),
        TextTable.Column("THREAD", .left),
    ]

    /// - Parameter width: of the terminal; nil where nothing is to be cut.
    static func lines(_ processes: [ListedProcess], width: Int?) -> [String] {
        guard !processes.isEmpty else { return [] }
        let table = TextTable(columns: columns, rows: processes.map(row))
        var lines = table.lines(width: width)
        guard processes.contains(where: { $0.threads != nil }) else { return lines }
        var result = [lines.removeFirst()]
        for (line, process) in zip(lines, processes) {
            result.append(line)
            result += threadLines(process.threads ?? [], width: width)
        }
        return result
    }

    private static func row(_ process: ListedProcess) -> TextTable.Row {
        let unknown = process.isRefused ? "?" : "-"
        let container = process.container.map { [$0.kind.rawValue, $0.id].compactMap { $0 }.joined(separator: ":") }
        let command = command(process.command, name: process.name)
        return TextTable.Row(
            cells: [
                String(process.pid), TerminalText.escaped(process.user), version(process),
                rss(process.rssBytes), uptime(process.uptimeSeconds),
                container.map { TerminalText.escaped($0) } ?? unknown,
                process.method ?? "?", process.memory.map(memory) ?? unknown, command,
            ],
            shorterLast: process.title == nil ? shorter(process.command, name: process.name) : nil)
    }

    private static func version(_ process: ListedProcess) -> String {
        guard process.runtime == .deno else { return process.nodeVersion ?? "?" }
        return ["deno", process.runtimeVersion].compactMap { $0 }.joined(separator: " ")
    }

    private static func memory(_ memory: MethodForecast.Memory) -> String {
        switch memory {
        case .enough: "ok"
        case .uncertain: "ask"
        case .tooLittle: "tight"
        }
    }

    /// Without the spaces that would make two columns of one.
    private static func rss(_ bytes: UInt64) -> String { String(Printable.bytes(bytes).filter { $0 != " " }) }

    private static func command(_ arguments: [String], name: String) -> String {
        arguments.allSatisfy(\.isEmpty) ? "[\(TerminalText.escaped(name))]" : TerminalText.commandLine(arguments)
    }

    /// The program without its directory, which says least.
    private static func shorter(_ arguments: [String], name: String) -> String? {
        guard let program = arguments.first, let last = program.split(separator: "/").last else { return nil }
        return command([String(last)] + arguments.dropFirst(), name: name)
    }

    private static func threadLines(_ threads: [ListedProcess.Thread], width: Int?) -> [String] {
        let indent = "        "
        let rows = threads.map { thread in
            TextTable.Row(cells: [
                String(thread.tid), thread.state, hundredths(thread.cpuSeconds) + "s",
                TerminalText.escaped(thread.name),
            ])
        }
        let table = TextTable(columns: threadColumns, rows: rows)
        return table.lines(width: width.map { $0 - indent.count }).map { indent + $0 }
    }

    private static func hundredths(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100)." + twoDigits(hundredths % 100)
    }

    /// The two largest units: `45s`, `12m`, `3h04m`, `5d03h`.
    static func uptime(_ seconds: Double) -> String {
        let seconds = Int(seconds)
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3600: return "\(seconds / 60)m"
        case ..<86400: return "\(seconds / 3600)h" + twoDigits(seconds / 60 % 60) + "m"
        default: return "\(seconds / 86400)d" + twoDigits(seconds / 3600 % 24) + "h"
        }
    }

    private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
