import ArgumentParser
import Glibc
import Linux
import NodeProcess
import SnapshotWriter

/// Results on standard output.
enum Output {
    /// Columns for people; pipes get as many as a terminal of usual width.
    static var width: Int { StandardStreams.output.isTerminal ? StandardStreams.output.columns : 80 }

    /// A sentence in lines that fit.
    static func fitting(_ text: String, indent: String = "") -> [String] {
        TextWrap.lines(text, width: max(20, width - indent.count)).map { indent + $0 }
    }

    /// - Parameter file: path of a file that was written all the same.
    static func print(_ text: String, written file: String? = nil) throws {
        try write(Array((text + "\n").utf8), written: file)
    }

    /// Says why a write has failed.
    static func failure(_ code: Int32) -> String {
        "cannot write to standard output: \(code == EPIPE ? "its reader went away" : errnoText(code))"
    }

    /// - Parameter file: path of a file that was written all the same.
    static func write(_ bytes: [UInt8], written file: String? = nil) throws {
        guard !StandardStreams.output.write(bytes) else { return }
        let reason = failure(errno)
        let rest = file.map { "; \(TerminalText.escaped($0)) is written" } ?? ""
        StandardStreams.error.write(line: "heapdump: \(reason)\(rest)")
        throw ArgumentParser.ExitCode(SnapshotWriter.ExitCode.outputError.rawValue)
    }
}
