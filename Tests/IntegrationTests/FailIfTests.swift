import Foundation
import Testing

/// `heapdump diff --fail-if`: the exit status for a build.
struct FailIfTests {
    @Test func failsIfAClassGrew() throws {
        try Snapshots.growth { directory in
            let run = try Heapdump.run(["diff", "older", "newer", "--fail-if", "Session>0"], in: directory)
            run.expect(exit: 81)
            #expect(
                run.stdout.contains("What grew, and what holds it"), "the comparison is printed all the same: \(run)")
            #expect(
                run.stderr == "heapdump: --fail-if 'Session>0' matches: the number of Session objects grew by 10,000, "
                    + "from 5,000 to 15,000\n", "\(run)")
        }
    }

    /// What does not match, and what does, of the same two snapshots.
    @Test(arguments: [
        ("Session>10000", false), ("Session>=10000", true), ("Session=10000", true), ("Session!=10000", false),
        ("Session<10000", false), ("Session<=10000", true), ("Session>200%", false), ("Session>=200%", true),
        ("Session.retained>=100kB", true), ("Session.size>100kB", true), ("Session.size>1GB", false),
        ("heap>1%", true), ("heap>1000%", false), ("heap>1GB", false), ("heap>0", true), ("class:heap>0", false),
        ("{session, of}>9999", true), ("{session, of} > 10000", false), ("(string).count>1", true),
        ("system / Context.retained<-1GB", false), ("Map<0", false),
    ])
    func comparesEachFigure(expression: String, matches: Bool) throws {
        try Snapshots.growth { directory in
            let run = try Heapdump.run(["diff", "older", "newer", "--fail-if", expression], in: directory)
            run.expect(exit: matches ? 81 : 0)
            #expect(run.stderr.contains(" matches: ") == matches, "\(run)")
        }
    }

    /// The figures are those of `summary`.
    @Test func tellsTheFiguresAsJSON() throws {
        try Snapshots.growth { directory in
            let expressions = ["Session.retained>0", "Session.size>0", "heap>0.1%", "Session<0", "Session>10%"]
            let run = try Heapdump.run(
                ["diff", "older", "newer", "--json"] + expressions.flatMap { ["--fail-if", $0] }, in: directory)
            run.expect(exit: 81)
            let failed = try run.rows("failed")
            #expect(failed.map { $0["expression"] as? String } == [0, 1, 2, 4].map { expressions[$0] })
            let summaries = try ["older", "newer"].map {
                try Heapdump.run(["summary", "--json", "--all", $0], in: directory)
            }
            let sessions = try summaries.map { summary in
                try #require(try summary.rows("classes").first { $0["name"] as? String == "Session" })
            }
            let figures = [
                sessions.map { $0["retained_size"] as? Int }, sessions.map { $0["shallow_size"] as? Int },
                try summaries.map { try $0.json()["total_size"] as? Int }, sessions.map { $0["count"] as? Int },
            ]
            #expect(failed.map { [$0["base_value"] as? Int, $0["value"] as? Int] } == figures)
            for row in failed {
                let (base, value) = (row["base_value"] as? Int ?? 0, row["value"] as? Int ?? 0)
                #expect(row["delta"] as? Int == value - base)
                let percent = Double(value - base) * 100 / Double(base)
                #expect(abs((row["percent"] as? Double ?? 0) - percent) < 1e-9 * percent, "\(row)")
            }
            #expect(run.stderr.split(separator: "\n").count == 4, "\(run)")
        }
    }

    @Test func tellsNothingOfConditionsThatAreNotThere() throws {
        try Snapshots.growth { directory in
            let without = try Heapdump.run(["diff", "older", "newer", "--json"], in: directory)
            without.expect(exit: 0)
            #expect(try without.json()["failed"] == nil)
            let passed = try Heapdump.run(
                ["diff", "older", "newer", "--json", "--fail-if", "Session<0"], in: directory)
            passed.expect(exit: 0)
            #expect(try passed.rows("failed").isEmpty && passed.stderr.isEmpty, "\(passed)")
        }
    }

    /// Whatever was between.
    @Test func goesFromTheFirstToTheLast() throws {
        try Snapshots.growth { directory in
            for (files, growth) in [(["older", "newer", "older"], 0), (["newer", "newer", "older"], -10_000)] {
                let run = try Heapdump.run(["diff"] + files + ["--fail-if", "Session!=\(growth)"], in: directory)
                run.expect(exit: 0)
                try Heapdump.run(["diff"] + files + ["--fail-if", "Session=\(growth)"], in: directory).expect(exit: 81)
            }
        }
    }

    /// It may be mistyped, and then the expression watches nothing.
    @Test func warnsOfAClassThatIsNowhere() throws {
        try Snapshots.growth { directory in
            let arguments = ["diff", "older", "newer", "--fail-if", "Sesion>0", "--fail-if", "Nosuchclass.size>0"]
            let warnings = [
                (
                    "--fail-if 'Sesion>0'",
                    "neither a class nor a function is called Sesion in these snapshots, so it "
                        + "grew by 0; do you mean Session?"
                ),
                (
                    "--fail-if 'Nosuchclass.size>0'",
                    "neither a class nor a function is called Nosuchclass in these "
                        + "snapshots, so it grew by 0; heapdump summary --json --all lists all classes"
                ),
            ]
            let lines = warnings.map { "\($0): warning: \($1)\n" }.joined()
            let run = try Heapdump.run(arguments, in: directory)
            run.expect(exit: 0)
            #expect(run.stderr == lines, "\(run)")
            let json = try Heapdump.run(arguments + ["--json"], in: directory)
            json.expect(exit: 0)
            #expect(try json.json()["warnings"] as? [String] == warnings.map { "\($0): \($1)" })
            #expect(json.stderr == lines, "also where the JSON goes to a file: \(json)")
            // It grew from nothing, or by nothing.
            try Heapdump.run(["diff", "older", "newer", "--fail-if", "Sesion=0%"], in: directory).expect(exit: 81)
        }
    }

    /// A leak that was mended leaves a class without objects: its constructor tells that the name is right.
    @Test(arguments: Node.supported) func knowsAClassWithoutObjects(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let script = """
                class Session {}
                globalThis.serve = () => new Session().constructor.name;
                require('v8').writeHeapSnapshot('heap');
                """
            try Data(script.utf8).write(to: URL(fileURLWithPath: directory("server.js")))
            try Command([try node.path(), "server.js"], in: directory.path).run().expect(exit: 0)
            let run = try Heapdump.run(["diff", "heap", "heap", "--fail-if", "Session>0"], in: directory)
            run.expect(exit: 0)
            #expect(run.stderr.isEmpty, "\(run)")
        }
    }

    /// Before it looks at any file.
    @Test(arguments: ["", "Session", ">0", "Session>1MB", "heap>ten", "heap.count>0"])
    func refusesWhatItCannotRead(expression: String) throws {
        try TemporaryDirectory.with { directory in
            let run = try Heapdump.run(["diff", "absent", "missing", "--fail-if", expression], in: directory)
            run.expect(exit: 64)
            run.expect(saying: "--fail-if", "type ")
            #expect(!run.stderr.contains("absent") && run.stdout.isEmpty, "\(run)")
        }
    }

    /// An expression may come from elsewhere than from who looks at the terminal.
    @Test func doesNotSteerTheTerminal() throws {
        try Snapshots.growth { directory in
            for expression in ["a\u{1B}[2J\u{202E}=0", "a\u{1B}[2J", "a\u{1B}[2J=x"] {
                let run = try Heapdump.run(["diff", "older", "newer", "--fail-if", expression], in: directory)
                #expect(run.ending == .exited(expression.hasSuffix("=0") ? 81 : 64), "\(run)")
                #expect(!run.stderr.contains("\u{1B}") && !run.stderr.contains("\u{202E}"), "\(run)")
            }
        }
    }

    /// No result, no verdict.
    @Test func saysWhereTheOutputCannotGo() throws {
        try Snapshots.growth { directory in
            let script = "exec \"$0\" diff older newer --fail-if 'Session>0' > /dev/full"
            try Command(["sh", "-c", script, Heapdump.binary], in: directory.path).run().expect(exit: 73)
        }
    }
}
