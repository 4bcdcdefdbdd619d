import Foundation
import Testing

/// `make stress`, which is for hours, in a short form.
enum StressDriver {
    /// For a machine that runs all other tests at the same time.
    private static let deadline = Duration.seconds(900)
    /// What it does where nothing else is asked for.
    private static let nothing = ["dumps", "grown", "limited", "checked", "limits", "kills"].flatMap {
        ["--\($0)", "0"]
    }

    /// Expects that nothing was wrong.
    static func run(_ node: Node, _ options: [String]) throws {
        _ = try node.path()
        let driver = ["python3", "-B", Package.root + "/Stress/stress.py"]
        let arguments = ["--heapdump", Heapdump.binary, "--nodes", "\(node.rawValue)"] + nothing + options
        let run = try Command(driver + arguments).run(within: deadline)
        let failed = run.stderr.split(separator: "\n").filter { !$0.hasSuffix("failures: none") }
        #expect(run.ending == .exited(0), "\(failed.joined(separator: "\n"))")
    }
}
