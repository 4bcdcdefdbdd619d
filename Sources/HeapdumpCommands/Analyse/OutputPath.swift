import ArgumentParser
import Foundation
import NodeProcess
import SnapshotWriter

/// What is asked of the path that a command writes to, before there is work to lose.
enum OutputPath {
    /// What SQLite keeps beside a database that a program has open, or that one was killed over.
    private static let besideDatabase = ["-wal", "-shm", "-journal"]

    /// - Parameter what: what the path is of, as a message begins.
    static func expectName(_ path: String, _ what: String) throws {
        if path.isEmpty { throw ValidationError("\(what) is empty") }
        if path.unicodeScalars.contains("\u{FFFD}") {
            throw ValidationError("\(what) is not valid UTF-8; use another name")
        }
    }

    /// A snapshot that is read is not to be replaced by what is said of it: it may be the only one of a leak.
    /// - Parameter inputs: paths of the files that are read; `-` is standard input.
    static func expect(_ output: String, isNoneOf inputs: [(name: String, path: [CChar])]) throws {
        var written = stat()
        guard output != "-", stat(output, &written) == 0 else { return }
        for input in inputs {
            guard let read = AnalysisInput.status(of: input.name, path: input.path) else { continue }
            if read.st_dev == written.st_dev, read.st_ino == written.st_ino {
                throw AnalysisInput.fail(
                    output, "it is the snapshot that is read, and would be lost; choose another name", .usage)
            }
        }
    }

    /// Says why a file cannot be written, as `take` says it.
    static func fail(_ error: OutputError, _ role: OutputRole) -> any Error {
        StandardStreams.error.write(line: "heapdump: \(Printable.text(error.message(role)))")
        return ArgumentParser.ExitCode(SnapshotWriter.ExitCode.outputError.rawValue)
    }

    /// Of what was written: a terminal gets nothing that would steer it, and a program the name itself.
    static func shown(_ path: String) -> String {
        StandardStreams.output.isTerminal ? TerminalText.escaped(path) : path
    }

    /// SQLite would play what belongs to the former database into the new one.
    static func expectNoOpenDatabase(at path: String) throws {
        for ending in besideDatabase where access(path + ending, F_OK) == 0 {
            throw AnalysisInput.fail(
                path,
                "\(path + ending) belongs to a database of this name that is in use; close it, or choose another name",
                .outputError)
        }
    }
}
