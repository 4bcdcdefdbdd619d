import CLinux
import Foundation
import Testing

/// `heapdump summary` where counts, sums and offsets are large, on heaps of which the right answer is known without an analysis.
struct LargeFileTests {
    private static let million = ["--nodes", "1000000"]
    /// Ids from below 2^32 to above it, and sizes above it.
    private static let beyond32Bits = ["--first-id", "4294900001", "--huge-items", "1000"]

    @Test(arguments: [
        ["list"] + million,
        ["list"] + million + ["--edges", "2"] + beyond32Bits,
        ["star"] + million,
        ["star", "--nodes", "300000", "--edges", "1", "--extra-fields", "3"] + beyond32Bits,
        ["shared", "--nodes", "100500", "--edges", "7"] + beyond32Bits,
        ["random", "--nodes", "200000", "--edges", "4"] + beyond32Bits,
        ["list", "--nodes", "1"],
    ])
    func analysesShapesRight(arguments: [String]) throws {
        try TemporaryDirectory.with { directory in
            let snapshot = try SyntheticSnapshot(arguments, in: directory)
            try Heapdump.run(["check", snapshot.path], in: directory).expect(exit: 0)
            let run = try Heapdump.run(["summary", "--json", snapshot.path], in: directory)
            run.expect(exit: 0)
            try snapshot.expect(in: run.json())
        }
    }

    /// Of a list, each object holds all that follow.
    @Test func sumsUpALongList() throws {
        try TemporaryDirectory.with { directory in
            let snapshot = try SyntheticSnapshot(["list"] + Self.million, in: directory)
            let run = try Heapdump.run(["summary", "--json", snapshot.path], in: directory)
            run.expect(exit: 0)
            let suspects = try #require(try run.json()["suspects"] as? [[String: Any]])
            let list = try #require(suspects.first)
            #expect(list["class"] as? String == "Item")
            #expect(list["count"] as? Int == 1_000_000)
            #expect(list["retained_size"] as? Int == 32_000_000)
        }
    }

    @Test func tellsManyClassesApart() throws {
        try TemporaryDirectory.with { directory in
            let snapshot = try SyntheticSnapshot(["classes", "--nodes", "100000"], in: directory)
            let run = try Heapdump.run(["summary", "--json", "--all", snapshot.path], in: directory)
            run.expect(exit: 0)
            try snapshot.expect(in: run.json())
        }
    }

    /// 4.7 GB: no number of 32 bits names a place in such a file.
    @Test func analysesAFileBeyond4GiB() throws {
        try requireRoom(onDisk: 6_000_000_000, inMemory: 5_000_000_000)
        try TemporaryDirectory.with { directory in
            let arguments = ["shared", "--nodes", "10000000", "--edges", "9", "--extra-fields", "13"]
            let snapshot = try SyntheticSnapshot(arguments + Self.beyond32Bits, in: directory)
            // Other tests measure time meanwhile.
            let command = ["nice", "-n", "10", Heapdump.binary, "summary", "--json", snapshot.path]
            let run = try Command(command, in: directory.path).run(within: .seconds(300))
            run.expect(exit: 0)
            let report = try run.json()
            try snapshot.expect(in: report)
            #expect(report["bytes"] as? Int ?? 0 > 1 << 32)
            #expect(report["total_size"] as? Int ?? 0 > 1 << 32)
        }
    }

    /// Leaves the test out where it would take too much, or too long.
    private func requireRoom(onDisk disk: UInt64, inMemory memory: UInt64) throws {
        guard ProcessInfo.processInfo.environment["HEAPDUMP_BINARY"] != nil else {
            try Test.cancel("a debug build takes minutes for it; make test runs the release binary")
        }
        let directory = NSTemporaryDirectory()
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { throw Failure(errno: "statvfs \(directory)") }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        if free < disk { try Test.cancel("\(directory) has \(free) bytes left, less than \(disk)") }
        let needed = memory + (try Self.isInMemory(directory) ? disk : 0)
        let available = try Self.availableMemory()
        if available < needed { try Test.cancel("\(available) bytes of memory are available, less than \(needed)") }
    }

    private static func isInMemory(_ directory: String) throws -> Bool {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(errno: "open \(directory)") }
        defer { close(descriptor) }
        let tmpfs: UInt32 = 0x0102_1994
        return clinux_file_system_type(descriptor) == tmpfs
    }

    private static func availableMemory() throws -> UInt64 {
        let text = try String(contentsOfFile: "/proc/meminfo", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") })
        return try #require(UInt64(line.split(separator: " ")[1])) * 1024
    }
}
