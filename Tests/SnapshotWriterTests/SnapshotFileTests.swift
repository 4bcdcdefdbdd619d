import Foundation
import Testing

@testable import SnapshotWriter

/// Both ways of making a file that nobody sees before it is whole: without a name, and under a hidden one.
@Suite(.serialized) struct SnapshotFileTests {
    private func write(_ text: String, to file: SnapshotFile) throws {
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBytes { try file.write($0) }
    }

    private func names(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }

    @Test(arguments: [true, false])
    func nothingHasTheFinalNameBeforePublishing(nameless: Bool) throws {
        try withTemporaryDirectory { (directory) throws in
            let path = directory + "/a.heapsnapshot"
            let file = try SnapshotFile(path: path, overwrites: false, keepsPartial: false, allowsNameless: nameless)
            try write("content", to: file)
            #expect(!FileManager.default.fileExists(atPath: path))
            #expect(try names(in: directory).count == (nameless ? 0 : 1))
            #expect(try file.publish().path == path)
            #expect(try names(in: directory) == ["a.heapsnapshot"])
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "content")
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test(arguments: [true, false])
    func anUnpublishedFileLeavesNothing(nameless: Bool) throws {
        try withTemporaryDirectory { (directory) throws in
            do {
                let file = try SnapshotFile(
                    path: directory + "/a", overwrites: false, keepsPartial: false, allowsNameless: nameless)
                try write("content", to: file)
            }
            #expect(try names(in: directory).isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func replacesOnlyWhenAsked(nameless: Bool) throws {
        try withTemporaryDirectory { (directory) throws in
            let path = directory + "/a"
            try "old".write(toFile: path, atomically: false, encoding: .utf8)
            #expect(throws: OutputError.exists(path: path)) {
                try SnapshotFile(path: path, overwrites: false, keepsPartial: false, allowsNameless: nameless)
            }
            let file = try SnapshotFile(path: path, overwrites: true, keepsPartial: false, allowsNameless: nameless)
            try write("new", to: file)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
            _ = try file.publish()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
            #expect(try names(in: directory) == ["a"])
        }
    }

    @Test(arguments: [true, false])
    func aNameTakenMeanwhileCostsNothing(nameless: Bool) throws {
        try withTemporaryDirectory { (directory) throws in
            let path = directory + "/a.heapsnapshot"
            let file = try SnapshotFile(path: path, overwrites: false, keepsPartial: false, allowsNameless: nameless)
            try write("mine", to: file)
            try "theirs".write(toFile: path, atomically: false, encoding: .utf8)
            let published = try file.publish()
            #expect(published.path == directory + "/a-1.heapsnapshot")
            #expect(published.warnings.count == 1)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "theirs")
            #expect(try String(contentsOfFile: directory + "/a-1.heapsnapshot", encoding: .utf8) == "mine")
        }
    }

    /// What can be made again does not stand under a name that nobody asked for.
    @Test(arguments: [true, false])
    func aResultLeavesANameThatWasTakenMeanwhile(nameless: Bool) throws {
        try withTemporaryDirectory { (directory) throws in
            let path = directory + "/a.db"
            do {
                let file = try SnapshotFile(
                    path: path, overwrites: false, keepsPartial: false, yields: false, allowsNameless: nameless)
                try write("mine", to: file)
                try "theirs".write(toFile: path, atomically: false, encoding: .utf8)
                #expect(throws: OutputError.appeared(path: path)) { try file.publish() }
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "theirs")
            #expect(try names(in: directory) == ["a.db"])
        }
    }

    @Test(arguments: [true, false])
    func aLinkThatAppearsMeanwhileIsNotFollowed(nameless: Bool) throws {
        try withTemporaryDirectory { (directory) throws in
            let path = directory + "/a.heapsnapshot"
            let victim = directory + "/victim"
            try "victim".write(toFile: victim, atomically: false, encoding: .utf8)
            let file = try SnapshotFile(path: path, overwrites: true, keepsPartial: false, allowsNameless: nameless)
            try write("mine", to: file)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: victim)
            #expect(try file.publish().path == directory + "/a-1.heapsnapshot")
            #expect(try String(contentsOfFile: victim, encoding: .utf8) == "victim")
        }
    }

    @Test(arguments: [true, false])
    func keepsPartialResultsWhenAsked(nameless: Bool) throws {
        try withTemporaryDirectory { (directory) throws in
            let path = directory + "/a.heapsnapshot"
            do {
                let file = try SnapshotFile(path: path, overwrites: false, keepsPartial: true, allowsNameless: nameless)
                try write("half", to: file)
                #expect(try file.keepPartial() == path + ".partial")
            }
            #expect(try names(in: directory) == ["a.heapsnapshot.partial"])
            #expect(throws: OutputError.exists(path: path + ".partial")) {
                try SnapshotFile(path: path, overwrites: false, keepsPartial: true, allowsNameless: nameless)
            }
        }
    }

    /// Another copy of the process tries again where one has failed.
    @Test(arguments: [true, false])
    func whatWasWrittenCanBeTakenBack(nameless: Bool) throws {
        try withTemporaryDirectory { (directory) throws in
            let path = directory + "/a.heapsnapshot"
            let file = try SnapshotFile(path: path, overwrites: false, keepsPartial: true, allowsNameless: nameless)
            #expect(try file.restart())
            try write("the first try, which is longer", to: file)
            #expect(try file.restart())
            // Nothing is left that could be kept.
            #expect(try file.keepPartial() == nil)
            try write("the second", to: file)
            _ = try file.publish()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "the second")
            #expect(try names(in: directory) == ["a.heapsnapshot"])
        }
    }

    @Test func refusesWhatIsNotARegularFile() throws {
        try withTemporaryDirectory { (directory) throws in
            let fifo = directory + "/fifo"
            #expect(mkfifo(fifo, 0o600) == 0)
            let link = directory + "/link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory + "/nowhere")
            for (path, kind) in [(fifo, "a FIFO"), (link, "a symbolic link"), ("/dev/null", "a device")] {
                #expect(throws: OutputError.notARegularFile(path: path, kind: kind)) {
                    try SnapshotFile(path: path, overwrites: true, keepsPartial: false)
                }
            }
            #expect(throws: OutputError.self) {
                try SnapshotFile(path: directory + "/..", overwrites: true, keepsPartial: false)
            }
            #expect(throws: OutputError.system(operation: "open the directory", path: directory + "/no", code: ENOENT))
            {
                try SnapshotFile(path: directory + "/no/a", overwrites: false, keepsPartial: false)
            }
        }
    }

    @Test func removesTheFilesOfMakersThatAreGone() throws {
        try withTemporaryDirectory { (directory) throws in
            let stale = directory + "/.heapdump-stale.tmp"
            try "half".write(toFile: stale, atomically: false, encoding: .utf8)
            try "mine".write(toFile: directory + "/.heapdump-other", atomically: false, encoding: .utf8)
            let living = try SnapshotFile(
                path: directory + "/a", overwrites: false, keepsPartial: false, allowsNameless: false)
            _ = try SnapshotFile(path: directory + "/b", overwrites: false, keepsPartial: false)
            let left = try names(in: directory)
            #expect(left.count == 2 && left.contains(".heapdump-other") && !left.contains(".heapdump-stale.tmp"))
            _ = try living.publish()
            #expect(try names(in: directory) == [".heapdump-other", "a"])
        }
    }
}
