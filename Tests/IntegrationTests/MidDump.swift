import Foundation
import Testing

/// Things that happen while a snapshot is built.
enum MidDump {
    /// V8 takes about a second and more for a heap of this many megabytes.
    static let heap = "25"
    static let largeHeap = "50"

    /// Runs `body` from the moment on that V8 has been asked for the snapshot, or a copy been made.
    static func with<Result>(
        _ way: Way, _ arguments: [String] = [], of target: Target, in directory: TemporaryDirectory,
        launcher: [String] = [], _ body: (Child) throws -> Result
    ) throws -> Result {
        let sign = way == .fork ? "forked as process" : "stand still"
        return try with(
            way.options + ["-v"] + arguments, of: target, in: directory, launcher: launcher, sign: sign, body)
    }

    /// The same of a dump by a signal.
    static func withSignal<Result>(
        _ arguments: [String] = [], of target: Target, in directory: TemporaryDirectory,
        _ body: (Child) throws -> Result
    ) throws -> Result {
        try with(["-m", "signal"] + arguments, of: target, in: directory, sign: "stand still", body)
    }

    private static func with<Result>(
        _ arguments: [String], of target: Target, in directory: TemporaryDirectory, launcher: [String] = [],
        sign: String,
        _ body: (Child) throws -> Result
    ) throws -> Result {
        let row = launcher + [Heapdump.binary, "\(target.pid)"] + arguments
        return try Command(row, in: directory.path).withChild { child in
            try eventually("the snapshot begins: \(child.stderr.text)") {
                if let ending = child.poll() { throw Failure("heapdump ended: \(ending)\n\(child.stderr.text)") }
                return child.stderr.text.contains(sign)
            }
            return try body(child)
        }
    }
}
