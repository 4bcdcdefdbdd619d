import Foundation

/// A small file system of a test's own, gone with the scope.
enum FileSystem {
    static func with<Result>(_ options: String, _ body: (TemporaryDirectory) throws -> Result) throws -> Result {
        try Requirement.root()
        return try TemporaryDirectory.with { directory in
            try succeed(["mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.path])
            defer { _ = try? Command(["umount", "--lazy", directory.path]).run() }
            return try body(directory)
        }
    }

    private static func succeed(_ arguments: [String]) throws {
        let run = try Command(arguments).run()
        if run.ending != .exited(0) { throw Failure("\(run)") }
    }
}
