import Foundation
import Testing

/// The browser whose DevTools the tests ask, and the Python that drives it.
enum Chromium {
    static let python = Package.root + "/.build/venv/bin/python"

    /// Fails the test where the browser must be there, and else leaves it out.
    static func require() throws {
        _ = try path()
    }

    /// The browser's; the same where it is not there.
    static func path() throws -> String {
        let names = ["chromium", "chromium-browser", "google-chrome"]
        let found = try names.lazy.map { try Command(["sh", "-c", "command -v \($0)"]).run().path }.first {
            !$0.isEmpty
        }
        if let found, FileManager.default.isExecutableFile(atPath: python) { return found }
        let reason = "chromium or .build/venv is not there: run Scripts/setup.sh --tests"
        if Requirement.chromium.isStrict { throw Failure(reason) }
        try Test.cancel("\(reason)")
    }
}
