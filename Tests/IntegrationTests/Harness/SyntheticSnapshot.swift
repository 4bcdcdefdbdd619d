import Foundation
import Testing

/// A snapshot that no heap stands behind, with what a right analysis finds in it (Bench/synthetic_snapshot.py).
struct SyntheticSnapshot {
    let path: String
    private let answer: [String: Any]

    private static let script = Package.root + "/Bench/synthetic_snapshot.py"

    /// Writes it into the directory.
    init(_ arguments: [String], in directory: TemporaryDirectory) throws {
        path = directory("synthetic.heapsnapshot")
        let run = try Command(["python3", "-B", Self.script] + arguments + [path]).run(within: .seconds(300))
        run.expect(exit: 0)
        answer = try run.json()
    }

    /// Whether a report of `heapdump summary --json` says what is right, to the byte.
    func expect(in report: [String: Any]) throws {
        for key in ["nodes", "edges", "strings", "total_size", "class_count"] {
            let right = try #require(answer[key] as? Int)
            #expect(report[key] as? Int == right, "\(key)")
        }
        let classes = try #require(report["classes"] as? [[String: Any]])
        for right in try #require(answer["classes"] as? [[String: Any]]) {
            let name = try #require(right["name"] as? String)
            let found = try #require(classes.first { $0["name"] as? String == name }, "\(name)")
            for key in ["count", "shallow_size", "retained_size", "distance"] {
                #expect(found[key] as? Int == right[key] as? Int, "\(key) of \(name)")
            }
        }
        #expect((report["warnings"] as? [String])?.isEmpty == true)
    }
}
