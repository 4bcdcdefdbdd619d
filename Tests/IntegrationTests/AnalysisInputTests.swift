import Foundation
import Testing

/// What the commands that look into a snapshot say of one that they cannot look into.
struct AnalysisInputTests {
    /// Each of them, on a file.
    private static func commands(_ file: String) -> [[String]] {
        [
            ["summary", file], ["summary", "--json", "--all", file], ["retainers", file, "Array"],
            ["show", file, "@1"], ["find", file, "--class", "Array"], ["diff", file, "good"], ["diff", "good", file],
            ["report", file, "-o", "page.html"], ["report", "good", "--base", file, "-o", "page.html"],
            ["export", file, "--sqlite", "page.html"],
        ]
    }

    private func withSnapshot(_ body: (Data, TemporaryDirectory) throws -> Void) throws {
        try TemporaryDirectory.with { directory in
            let script = "require('v8').writeHeapSnapshot('good')"
            try Command([try Node.v20.path(), "-e", script], in: directory.path).run().expect(exit: 0)
            try body(Data(contentsOf: URL(fileURLWithPath: directory("good"))), directory)
        }
    }

    private func expectVerdict(
        of data: Data, named name: String, _ commands: [[String]], in directory: TemporaryDirectory
    ) throws {
        try data.write(to: URL(fileURLWithPath: directory(name)))
        let check = try Heapdump.run(["check", name], in: directory)
        check.expect(exit: 65)
        let verdict = check.stdout.trimmingCharacters(in: .newlines)
        for command in commands {
            let run = try Heapdump.run(command, in: directory)
            run.expect(exit: 65)
            #expect(run.stderr == "heapdump: \(verdict)\n", "\(run)")
            #expect(run.stdout.isEmpty, "\(run)")
            #expect(!directory.contents.contains("page.html"))
        }
    }

    @Test func repeatsTheVerdictOfCheck() throws {
        try withSnapshot { whole, directory in
            let text = String(decoding: whole, as: UTF8.self)
            func with(_ old: String, _ new: String) -> Data {
                Data(text.replacing(old, with: new, maxReplacements: 1).utf8)
            }
            for (name, data) in [
                ("nothing", Data()), ("space", Data(" \n".utf8)), ("text", Data("Hello.\n".utf8)),
                ("json", Data("{\"a\":1}".utf8)), ("half", whole.prefix(whole.count / 2)),
                ("count", with("\"node_count\":", "\"node_count\":1")), ("more", whole + Data("{}".utf8)),
                ("order", with("\"edges\":", "\"egdes\":")), ("zeros", Data(count: 100)),
            ] {
                try expectVerdict(of: data, named: name, Self.commands(name), in: directory)
            }
        }
    }

    @Test func repeatsTheVerdictWhereverTheFileEnds() throws {
        try withSnapshot { whole, directory in
            let sections = ["\"nodes\":[", "\"edges\":[", "\"locations\":[", "\"strings\":["]
            let text = String(decoding: whole, as: UTF8.self)
            let starts = sections.compactMap { text.range(of: $0)?.upperBound.utf16Offset(in: text) }
            #expect(starts.count == 4)
            let borders =
                [1, 5, 12, 100, whole.count - 1, whole.count - 2] + starts.flatMap { [$0 - 3, $0, $0 + 1, $0 + 1000] }
            for (number, length) in (borders + (1..<12).map { whole.count * $0 / 12 }).enumerated() {
                let name = "cut\(number)"
                let all = Self.commands(name)
                try expectVerdict(of: whole.prefix(length), named: name, [all[number % all.count]], in: directory)
            }
        }
    }

    @Test func saysWhenThereIsNoFile() throws {
        try withSnapshot { _, directory in
            for command in Self.commands("nowhere.heapsnapshot") {
                let run = try Heapdump.run(command, in: directory)
                run.expect(exit: 74)
                run.expect(saying: "heapdump: nowhere.heapsnapshot: ", String(cString: strerror(ENOENT)))
                #expect(run.stdout.isEmpty, "\(run)")
            }
            for command in Self.commands(".") {
                let run = try Heapdump.run(command, in: directory)
                run.expect(exit: 74)
                run.expect(saying: String(cString: strerror(EISDIR)))
            }
            #expect(directory.contents == ["good"])
        }
    }

    @Test(arguments: [
        ["summary", "--all", "a"], ["diff", "--all", "a", "b"], ["summary"], ["diff", "a"], ["retainers", "a"],
        ["show", "a", "Array"], ["show", "a", "@x"], ["find", "a"], ["find", "a", "--class", "A", "--limit", "0"],
        ["find", "a", "--min-size", "x"], ["report", "a"], ["report", "-", "--base", "-", "-o", "x"],
        ["retainers", "a", "A", "--limit", "0"], ["show", "a", "@1", "--limit", "-1"], ["retainers", "a", "@"],
        ["retainers", "a", ""], ["show", "a", "@18446744073709551616"],
        ["export", "a"], ["export", "a", "--sqlite", "-"], ["diff", "a", "b", "--fail-if", "x"],
    ])
    func refusesWhatMakesNoSense(arguments: [String]) throws {
        let run = try Heapdump.run(arguments)
        run.expect(exit: 64)
        #expect(run.stdout.isEmpty && run.stderr.contains("heapdump \(arguments[0])"), "\(run)")
    }

    @Test func saysWhatIsNotInTheHeap() throws {
        try withSnapshot { _, directory in
            for command in [
                ["show", "good", "@2"], ["show", "good", "@18446744073709551615"],
                ["retainers", "good", "@4294967295"],
                ["retainers", "good", "@2", "--dominators"],
            ] {
                let run = try Heapdump.run(command, in: directory)
                run.expect(exit: 66)
                run.expect(saying: "heapdump: good: no object has the id \(command[2])")
            }
            let run = try Heapdump.run(["retainers", "good", "NoSuchClass"], in: directory)
            run.expect(exit: 66)
            run.expect(saying: "no object is of the class NoSuchClass")
            #expect(run.stdout.isEmpty)
        }
    }

    /// A valid snapshot that nobody's heap is: sums of such sizes must not end the program.
    @Test func refusesSizesBeyondAnyHeap() throws {
        try withSnapshot { _, directory in
            for size in ["18446744073709551615", "1152921504606846976", "9223372036854775808"] {
                let text = """
                    {"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],
                    "node_types":[["hidden","array","string","object","code","closure","regexp","number","native",
                    "synthetic"],"string","number","number","number"],
                    "edge_fields":["type","name_or_index","to_node"],
                    "edge_types":[["context","element","property","internal","hidden","shortcut","weak"],
                    "string_or_number","node"]},"node_count":4,"edge_count":3},
                    "nodes":[9,0,1,0,1,3,1,3,\(size),1,3,1,5,\(size),1,3,1,7,\(size),0],
                    "edges":[5,1,5,2,1,10,2,1,15],"strings":["","Big"]}
                    """
                try Data(text.utf8).write(to: URL(fileURLWithPath: directory("huge")))
                try Heapdump.run(["check", "huge"], in: directory).expect(exit: 0)
                for command in Self.commands("huge") {
                    let run = try Heapdump.run(command, in: directory)
                    run.expect(exit: 65)
                    run.expect(saying: "heapdump: huge: its objects' sizes add up to more than any heap has")
                    #expect(run.stdout.isEmpty && !directory.contents.contains("page.html"), "\(run)")
                }
            }
        }
    }

    /// Names of files come from anywhere, and go to a terminal.
    @Test func escapesTheNameOfTheFile() throws {
        try withSnapshot { whole, directory in
            let name = "a\u{1B}[31m\u{202E}b"
            let shown = #"a\x1B[31m\u{202E}b"#
            try whole.write(to: URL(fileURLWithPath: directory(name)))
            let commands = [
                ["show", name, "@2"], ["retainers", name, "NoSuchClass"], ["summary", "nowhere\(name)"],
                ["report", name, "-o", "nowhere\(name)/page.html"], ["show", name, "@1"], ["summary", name],
                ["diff", name, name], ["retainers", name, "@1"], ["find", name, "--class", "Array"],
            ]
            for command in commands {
                let run = try Heapdump.run(command, in: directory)
                #expect(!run.stderr.contains("\u{1B}") && !run.stdout.contains("\u{1B}"), "\(run)")
                #expect(!run.stderr.contains("\u{202E}") && !run.stdout.contains("\u{202E}"), "\(run)")
                if run.ending != .exited(0) { #expect(run.stderr.contains(shown), "\(run)") }
            }
        }
    }

    // MARK: Memory

    @Test func refusesWhereMemoryIsTooTight() throws {
        try LimitedGroup.with { group in
            try Snapshots.leak(.v24) { file, directory in
                // What the file takes in memory is not the group's.
                try Command(["cat", file], in: directory.path).run().expect(exit: 0)
                try group.limitMemory(to: 16 << 20)
                for row in [["summary", file], ["show", file, "@1", "--json"], ["report", file, "-o", "page.html"]] {
                    let run = try Command(group.launcher + [Heapdump.binary] + row, in: directory.path).run()
                    run.expect(exit: 72)
                    run.expect(saying: "heapdump: \(file): to analyse it takes about ", " MB are there (control group ")
                    run.expect(saying: group.directory, "--force-memory")
                    #expect(run.stderr.contains(/takes about \d\d\.\d MB of memory, \d+\.\d MB are there/), "\(run)")
                    #expect(run.stdout.isEmpty, "\(run)")
                }
                #expect(directory.contents == [file])
                #expect(group.kills == 0)
                let summary = group.launcher + [Heapdump.binary, "summary", file, "--json"]
                // It tries, and the kernel ends it: there is less than half of what it takes, however much it saves.
                try group.limitMemory(to: 8 << 20)
                let forced = try Command(summary + ["--force-memory"], in: directory.path).run()
                #expect(forced.ending == .signalled(SIGKILL) && forced.stderr.isEmpty, "\(forced)")
                try group.limitMemory(to: 128 << 20)
                let enough = try Command(summary, in: directory.path).run()
                enough.expect(exit: 0)
                #expect(try enough.rows("suspects").first?["class"] as? String == "LeakedSession")
            }
        }
    }

    /// The system gives no more, whatever was forced: there is a message for that.
    @Test func saysWhereTheSystemGivesNoMore() throws {
        try Snapshots.leak(.v24) { file, directory in
            var refusals = 0
            // From where the program can just start to where it has enough: at each it may be something else that fails.
            for megabytes in Array(stride(from: 34, to: 110, by: 3)) + [1024] {
                let limited = [
                    "prlimit", "--as=\(megabytes << 20)", Heapdump.binary, "summary", file, "--force-memory",
                ]
                let run = try Command(limited, in: directory.path).run()
                guard run.ending != .exited(0) else { continue }
                refusals += 1
                #expect([.exited(72), .exited(74)].contains(run.ending), "\(megabytes) MiB: \(run)")
                #expect(run.stdout.isEmpty, "\(run)")
                run.expect(saying: "heapdump: \(file): ")
                #expect(megabytes < 1024, "\(run)")
            }
            #expect(refusals > 2)
        }
    }
}
