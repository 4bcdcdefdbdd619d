import Linux
import Testing

@testable import NodeProcess

@Suite struct WrapperRuleTests {
    private func names(_ line: String, title: Bool = false) -> ProcessNames {
        ProcessNames(
            name: "node", arguments: title ? [line] : line.split(separator: " ").map(String.init),
            argumentsAreOverwritten: title, workingDirectory: "/srv")
    }

    @Test(arguments: [
        ("node /usr/bin/npm start", "npm"),
        ("node /usr/lib/node_modules/npm/bin/npm-cli.js run dev", "npm"),
        ("node /usr/lib/node_modules/npm/bin/npx-cli.js tsx a.ts", "npx"),
        ("node /srv/.yarn/releases/yarn-4.9.2.cjs start", "yarn"),
        ("node /usr/share/nodejs/yarn/bin/yarn.js start", "yarn"),
        ("node /usr/local/bin/pnpm start", "pnpm"),
        ("node --no-warnings /srv/node_modules/.bin/tsx watch a.ts", "tsx"),
        ("node /srv/node_modules/tsx/dist/cli.mjs a.ts", "tsx"),
        ("node /usr/local/bin/nodemon server.js", "nodemon"),
        ("node node_modules/.bin/tsnd a.ts", "ts-node-dev"),
        ("node node_modules/.bin/pm2-runtime a.js", "pm2"),
        ("node --watch server.js", "node --watch"),
        ("node --watch-path=src server.js", "node --watch"),
        ("node --test", "node --test"),
        ("node --run start", "node --run"),
        ("node server.js --watch --test", nil),
        ("node npm.js", nil),
        ("node supervisor.js", nil),
        ("node yarn-shop.js", nil),
        ("node /srv/node_modules/express/bin/www.js", nil),
        ("node /usr/lib/node_modules/pm2/lib/ProcessContainerFork.js", nil),
        ("node -e code", nil),
        ("node", nil),
    ])
    func namesOfWrappers(_ line: String, _ name: String?) {
        #expect(WrapperNames.name(of: names(line)) == name)
    }

    @Test(arguments: [
        ("npm start", "npm"), ("npm run dev --prefix x", "npm"), ("pnpm", "pnpm"),
        ("PM2 v6.0.5: God Daemon (/home/app/.pm2)", "pm2"), ("node /srv/app.js", nil), ("npmx", nil), ("", nil),
        ("PM2 metrics", nil),
    ])
    func titlesOfWrappers(_ title: String, _ name: String?) {
        #expect(WrapperNames.name(of: names(title, title: true)) == name)
    }

    /// Of processes by pid, each with its parent and, if it is Node, its command line.
    private func wrapped(
        _ pid: Int32, _ processes: [(pid: Int32, parent: Int32, line: String?)], forked: Set<Int32> = []
    ) -> WrappedProgram? {
        let children = Dictionary(grouping: processes, by: \.parent).mapValues { $0.map(\.pid) }
        let lines = Dictionary(uniqueKeysWithValues: processes.map { ($0.pid, $0.line) })
        return Wrappers(
            tree: ProcessTree(children: children), names: { (lines[$0] ?? nil).map { self.names($0) } },
            isForked: { forked.contains($0) }
        ).program(of: pid)
    }

    @Test func theProgramIsFoundBelowShellsAndOtherWrappers() {
        let processes: [(pid: Int32, parent: Int32, line: String?)] = [
            (10, 1, "node /usr/bin/npm start"), (11, 10, nil), (12, 11, "node /srv/node_modules/.bin/nodemon a.js"),
            (13, 12, nil), (14, 13, "node a.js"), (15, 14, "node worker.js"), (20, 1, "node other.js"),
        ]
        #expect(wrapped(10, processes) == WrappedProgram(wrapper: 10, name: "npm", processes: [14]))
        #expect(wrapped(12, processes) == WrappedProgram(wrapper: 12, name: "nodemon", processes: [14]))
        // A program with a worker is a program.
        #expect(wrapped(14, processes) == nil)
        #expect(wrapped(11, processes) == nil)
        #expect(wrapped(20, processes) == nil)
    }

    @Test func aWrapperMayRunSeveral() {
        let processes: [(pid: Int32, parent: Int32, line: String?)] = [
            (10, 1, "node --test"), (12, 10, "node b.test.js"), (11, 10, "node a.test.js"),
        ]
        #expect(wrapped(10, processes)?.processes == [11, 12])
        // Before it has started one, or after the last.
        #expect(wrapped(10, [(10, 1, "node --test"), (11, 10, nil)]) == nil)
    }

    /// What runs the program that it was told to run is a wrapper, whatever it is called; what forks workers is none.
    @Test func aWrapperOfAnyName() {
        let processes: [(pid: Int32, parent: Int32, line: String?)] = [
            (10, 1, "node start.js --fast ./server.js"), (11, 10, "node /srv/server.js"),
        ]
        #expect(wrapped(10, processes) == WrappedProgram(wrapper: 10, name: "start.js", processes: [11]))
        #expect(wrapped(10, processes, forked: [11]) == nil)
        #expect(wrapped(10, processes + [(12, 10, "node /srv/server.js")]) == nil)
        // A cluster's workers run their primary's script.
        #expect(wrapped(10, [(10, 1, "node server.js server.js"), (11, 10, "node server.js")]) == nil)
        #expect(wrapped(10, [(10, 1, "node start.js other.js"), (11, 10, "node server.js")]) == nil)
    }

    /// As deep and as wide as the kernel allows, and not even a tree: pids are reused while it is read.
    @Test func hostileTreesEnd() {
        let deep = (1...100_000 as ClosedRange<Int32>).map {
            (pid: $0, parent: $0 - 1, line: "node --watch" as String?)
        }
        #expect(wrapped(1, deep)?.processes.count == 1)
        let wide = (2...100_000 as ClosedRange<Int32>).map {
            (pid: $0, parent: 1 as Int32, line: "node a.js" as String?)
        }
        let found = wrapped(1, [(1, 0, "node --test")] + wide)
        #expect(found.map { $0.processes.count > 100 && $0.processes.count < 2000 } == true)
        let ring: [(pid: Int32, parent: Int32, line: String?)] = [(1, 2, "node --test"), (2, 1, "node --watch")]
        #expect(wrapped(1, ring)?.processes == [2])
    }

    @Test func messages() {
        let gone = WrappedProgram(wrapper: 5, name: "x\u{1B}", processes: [0])
        #expect(gone.message == "this is x\\x1B's own process; the program runs in its descendant 0: ?")
        let many = WrappedProgram(wrapper: 5, name: "pm2", processes: Array(repeating: 0, count: 20))
        #expect(many.message.hasSuffix("0 (?), 0 (?), and 12 more"))
    }
}
