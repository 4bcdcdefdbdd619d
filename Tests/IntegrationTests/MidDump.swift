import Foundation
import Testing

/// Things that happen while V8 builds a snapshot.
enum MidDump {
    /// V8 takes about a second and more for a heap of this many megabytes.
    static let heap = "25"
    static let largeHeap = "50"

    /// Runs `body` from the moment on that V8 has been asked for the snapshot.
    static func with<Result>(
        _ arguments: [String], of target: Target, in directory: TemporaryDirectory, _ body: (Child) throws -> Result
    ) throws -> Result {
        try Heapdump.command(["\(target.pid)"] + arguments, in: directory.path).withChild { child in
            try eventually("the snapshot begins: \(child.stderr.text)") {
                if let ending = child.poll() { throw Failure("heapdump ended: \(ending)\n\(child.stderr.text)") }
                return child.stderr.text.contains("stand still")
            }
            return try body(child)
        }
    }
}
