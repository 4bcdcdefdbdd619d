import Foundation
import Testing

/// The browser whose DevTools the tests ask, and the Python that drives it.
enum Chromium {
    static let python = Package.root + "/.build/venv/bin/python"

    /// Fails the test where the browser must be there, and else leaves it out.
    static func require() throws {
        let names = ["chromium", "chromium-browser", "google-chrome"]
        let hasBrowser = try names.contains { name in
            try Command(["sh", "-c", "command -v \(name)"]).run().ending == .exited(0)
        }
        if hasBrowser && FileManager.default.isExecutableFile(atPath: python) { return }
        let reason = "chromium or .build/venv is not there: run Scripts/setup.sh --tests"
        if Requirement.chromium.isStrict { throw Failure(reason) }
        try Test.cancel("\(reason)")
    }
}
