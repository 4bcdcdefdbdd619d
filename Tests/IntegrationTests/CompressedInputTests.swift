import Foundation
import Testing

/// Snapshots that are compressed, or come through a pipe.
struct CompressedInputTests {
    private enum Tool: String, CaseIterable {
        case gzip, zstd

        func require() throws {
            if try Command(["sh", "-c", "command -v \(rawValue)"]).run().ending != .exited(0) {
                try Test.cancel("\(rawValue) is not installed")
            }
        }
    }

    /// What the analysis says of it, whatever its name and however it is compressed.
    private func facts(_ run: Run) -> String {
        run.expect(exit: 0)
        let file = run.stdout.firstRange(of: /"file":"[^"]*",/)
        #expect(file != nil && run.stdout.contains("\"suspects\""))
        return run.stdout.replacing(/"file":"[^"]*",/, with: "")
    }

    @Test(arguments: Tool.allCases)
    private func readsCompressedFiles(tool: Tool) throws {
        try tool.require()
        try Snapshots.leak(.v24) { file, directory in
            let plain = try facts(Heapdump.run(["summary", "--json", file], in: directory))
            // The name says nothing: the first bytes do.
            for (command, name) in [
                ("\(tool) -1 -c \(file)", "one"), ("\(tool) -6 -c <\(file)", "other.heapsnapshot"),
                ("(head -c 1000000 \(file) | \(tool) -c; tail -c +1000001 \(file) | \(tool) -c)", "two parts"),
                ("(head -c 7 \(file) | \(tool) -c; printf '' | \(tool) -c; tail -c +8 \(file) | \(tool) -c)", "three"),
            ] {
                try shell("\(command) >'\(name)'", in: directory)
                let run = try Heapdump.run(["summary", "--json", name], in: directory)
                #expect(facts(run) == plain, "\(command)")
            }
            let piped = "cat one | \"$0\" summary --json -"
            let run = try Command(["sh", "-c", piped, Heapdump.binary], in: directory.path).run()
            #expect(facts(run) == plain)
            #expect(try run.json()["file"] as? String == "-")
        }
    }

    @Test func readsStandardInput() throws {
        try Snapshots.leak(.v18) { file, directory in
            let plain = try facts(Heapdump.run(["summary", "--json", file], in: directory))
            for script in ["cat \(file) | \"$0\" summary --json -", "\"$0\" summary --json - <\(file)"] {
                let run = try Command(["sh", "-c", script, Heapdump.binary], in: directory.path).run()
                #expect(facts(run) == plain, "\(script)")
            }
            // Bytes come as they come.
            let slow = "(head -c 1; head -c 100000; head -c 3; cat) <\(file) | \"$0\" summary --json -"
            let run = try Command(["sh", "-c", slow, Heapdump.binary], in: directory.path).run()
            #expect(facts(run) == plain)
        }
    }

    @Test(arguments: Tool.allCases)
    private func saysWhereCompressionEndsInTheMiddle(tool: Tool) throws {
        try tool.require()
        try Snapshots.leak(.v20) { file, directory in
            try shell("\(tool) -1 -c \(file) >whole", in: directory)
            let whole = try Data(contentsOf: URL(fileURLWithPath: directory("whole")))
            // From the fourth byte on it is known by its first bytes, and the end is not there yet until the last one.
            for length in [4, 5, 11, 18, 1000, whole.count / 2, whole.count - 9, whole.count - 5, whole.count - 1] {
                try whole.prefix(length).write(to: URL(fileURLWithPath: directory("cut")))
                let run = try Heapdump.run(["summary", "cut"], in: directory)
                run.expect(exit: 74)
                run.expect(saying: "cut: its compression (\(tool)) ends in the middle")
                #expect(run.stdout.isEmpty, "\(run)")
            }
        }
    }

    @Test(arguments: Tool.allCases)
    private func saysWhereCompressionIsDamaged(tool: Tool) throws {
        try tool.require()
        try Snapshots.leak(.v20) { file, directory in
            try shell("\(tool) -1 -c \(file) >whole", in: directory)
            let whole = try Data(contentsOf: URL(fileURLWithPath: directory("whole")))
            for place in [4, whole.count / 3, whole.count / 2, whole.count - 6, whole.count - 2] {
                var damaged = whole
                for index in place..<min(place + 24, whole.count) { damaged[index] ^= 0xFF }
                try damaged.write(to: URL(fileURLWithPath: directory("damaged")))
                let run = try Heapdump.run(["summary", "damaged"], in: directory)
                // A damaged text that decompresses all the same is no snapshot; what is not one is never analysed.
                #expect([.exited(74), .exited(65)].contains(run.ending) && run.stdout.isEmpty, "\(place): \(run)")
                #expect(run.stderr.hasPrefix("heapdump: damaged: ") && run.stderr.utf8.count < 500, "\(run)")
            }
            // The checksum is the last that is looked at.
            var damaged = whole
            damaged[whole.count - (tool == .gzip ? 6 : 2)] ^= 0xFF
            try damaged.write(to: URL(fileURLWithPath: directory("damaged")))
            let run = try Heapdump.run(["summary", "damaged"], in: directory)
            run.expect(exit: 74)
            run.expect(saying: "its compression (\(tool)) is damaged")
            try (whole + Data("garbage".utf8)).write(to: URL(fileURLWithPath: directory("more")))
            let more = try Heapdump.run(["summary", "more"], in: directory)
            more.expect(exit: 74)
            more.expect(saying: "its compression (\(tool))")
            guard tool == .zstd else { return }
            // What begins as a frame of zstd 0.5 did, which libzstd reads if it gets it in one piece.
            let old = Data([0x25, 0xB5, 0x2F, 0xFD, 0, 0x6F, 0x72, 0x65])
            try (whole + old).write(to: URL(fileURLWithPath: directory("old")))
            try Heapdump.run(["summary", "old"], in: directory).expect(saying: "its compression (zstd) is damaged")
        }
    }

    /// Compressed, what is no snapshot is told as it is uncompressed.
    @Test(arguments: Tool.allCases)
    private func judgesWhatWasCompressed(tool: Tool) throws {
        try tool.require()
        try TemporaryDirectory.with { directory in
            try shell("printf 'Hello.\\n' | \(tool) -c >text; printf '' | \(tool) -c >nothing", in: directory)
            let text = try Heapdump.run(["summary", "text"], in: directory)
            text.expect(exit: 65)
            text.expect(saying: "not a snapshot")
            let nothing = try Heapdump.run(["summary", "nothing"], in: directory)
            nothing.expect(exit: 65)
            nothing.expect(saying: "empty")
        }
    }

    private func shell(_ script: String, in directory: TemporaryDirectory) throws {
        try Command(["sh", "-c", script], in: directory.path).run().expect(exit: 0)
    }
}
