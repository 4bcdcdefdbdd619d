import Foundation
import Testing

/// Where no command writes what it found: through links, into what is no regular file, and into what is not there.
enum RefusedResults {
    /// - Parameter command: writes what it finds in a snapshot to an output.
    static func expect(_ command: (_ file: String, _ output: String) -> [String]) throws {
        try Snapshots.leak(.v22) { file, directory in
            try Data("mine".utf8).write(to: URL(fileURLWithPath: directory("target")))
            for (link, target) in [("link", "target"), ("dangling", "absent")] {
                try FileManager.default.createSymbolicLink(
                    atPath: directory(link), withDestinationPath: directory(target))
            }
            try FileManager.default.createSymbolicLink(atPath: directory("place"), withDestinationPath: directory.path)
            #expect(mkfifo(directory("fifo"), 0o600) == 0)
            for output in [
                "link", "dangling", "fifo", ".", "/", "place", "place/", "/dev/full", "/dev/null", "nowhere/result",
            ] {
                let run = try Heapdump.run(command(file, output), in: directory)
                run.expect(exit: 73)
                #expect(run.stdout.isEmpty && !run.stderr.isEmpty, "\(run)")
                // A directory is no place for a result, by whatever way it is named.
                #expect(!run.stderr.contains("is followed"), "\(run)")
                if output == "." || output == "place/" { run.expect(saying: "is a directory", "name a file in it") }
            }
            #expect(try String(contentsOfFile: directory("target"), encoding: .utf8) == "mine")
            #expect(directory.contents == ["dangling", "fifo", file, "link", "place", "target"].sorted())
        }
    }
}
