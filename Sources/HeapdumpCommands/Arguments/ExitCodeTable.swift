import SnapshotWriter

enum ExitCodeTable {
    /// For help texts, which ArgumentParser breaks without indenting them.
    private static let width = 78

    /// All of them.
    static let text = lines(SnapshotWriter.ExitCode.allCases.map { ($0, $0.summary) })

    /// Of the commands that look into snapshots.
    /// - Parameters:
    ///   - noSuch: what it is that may not be there.
    ///   - output: what may not be writable.
    ///   - hasConditions: whether the command takes --fail-if.
    static func analysis(
        noSuch: String? = nil, output: String = "standard output", hasConditions: Bool = false
    ) -> String {
        var rows: [(SnapshotWriter.ExitCode, String)] = [
            (.success, "done"), (.usage, SnapshotWriter.ExitCode.usage.summary),
            (.snapshotInvalid, SnapshotWriter.ExitCode.snapshotInvalid.summary),
        ]
        if let noSuch { rows.append((.noSuchProcess, noSuch)) }
        rows += [
            (.memoryTooTight, "there is too little memory to analyse it; --force-memory tries all the same"),
            (.outputError, "\(output) cannot be written"),
            (.inputError, "the snapshot cannot be read, or its compression is damaged"),
        ]
        if hasConditions { rows.append((.growthFound, SnapshotWriter.ExitCode.growthFound.summary)) }
        return lines(rows)
    }

    /// One code a line, with its further lines below its text.
    private static func lines(_ rows: [(SnapshotWriter.ExitCode, String)]) -> String {
        rows.flatMap { code, summary in
            let number = String(code.rawValue)
            let head = String(repeating: " ", count: max(0, 5 - number.count)) + number + "  "
            return TextWrap.lines(summary, width: width - head.count).enumerated().map { index, line in
                (index == 0 ? head : String(repeating: " ", count: head.count)) + line
            }
        }
        .joined(separator: "\n")
    }
}
