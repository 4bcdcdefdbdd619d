import Glibc
import Linux
import Testing

@testable import NodeProcess

@Suite struct ProcessSelectorTests {
    private func candidate(
        _ pid: Int32, _ arguments: [String], name: String = "node", title: Bool = false, in directory: String? = "/srv",
        user: UInt32 = 0
    ) -> ProcessSelector.Candidate {
        let names = ProcessNames(
            name: name, arguments: arguments, argumentsAreOverwritten: title, workingDirectory: directory)
        return ProcessSelector.Candidate(pid: pid, startTime: UInt64(pid), uid: user, names: names)
    }

    private func refused(_ pid: Int32, _ arguments: [String]?, name: String = "node", title: Bool = false)
        -> RefusedProcess
    {
        let refusal = PermissionRefusal(
            pid: pid, refused: "/proc/\(pid)/exe", errno: EACCES, targetUser: 0, ourUser: 1000,
            cause: .otherUser)
        let visible = arguments.map { arguments in
            RefusedProcess.Visible(
                uid: 0, name: name, arguments: arguments, argumentsAreOverwritten: title, residentBytes: 1,
                uptime: .seconds(1))
        }
        return RefusedProcess(pid: pid, refusal: refusal, visible: visible)
    }

    private func choose(
        _ text: String, _ candidates: [ProcessSelector.Candidate], refused: [RefusedProcess] = [],
        ancestors: Set<Int32> = []
    ) throws(SelectionError) -> Int32 {
        try ProcessSelector.choose(text, among: candidates, refused: refused, ancestors: ancestors).pid
    }

    private func failure(
        _ text: String, _ candidates: [ProcessSelector.Candidate], refused: [RefusedProcess] = [],
        ancestors: Set<Int32> = []
    ) -> SelectionError? {
        #expect(throws: SelectionError.self) {
            try choose(text, candidates, refused: refused, ancestors: ancestors)
        }
    }

    @Test(arguments: [
        "server.js", "/srv/app/server.js", "app/server.js", "srv/app", "--port 80", "port", "/usr/bin/node", "node",
    ])
    func namesOfAProcess(text: String) throws {
        let server = candidate(1, ["/usr/bin/node", "--no-warnings", "app/server.js", "--port", "80"])
        let other = candidate(2, ["other", "x.mjs"], name: "MainThread", in: "/")
        #expect(try choose(text, [other, server]) == 1)
    }

    @Test(arguments: ["Server.js", "server.jsx", "root", "80 ", "\u{73}\u{301}erver"])
    func otherTexts(text: String) {
        let server = candidate(1, ["node", "server.js", "--port", "80"])
        guard case .nothing = failure(text, [server]) else {
            Issue.record("\(text) matches")
            return
        }
    }

    /// A script's whole name is what most people type, and other names often contain it.
    @Test(arguments: [
        ("server.js", 1), ("/srv/server.js", 1), ("/srv/web-server.js", 2), ("/other/web-server.js", 3), ("api", 4),
        ("api worker", 5), ("../x/worker.mjs", 6), ("/x/worker.mjs", 6),
    ])
    func wholeNamesComeFirst(text: String, pid: Int32) throws {
        let candidates = [
            candidate(1, ["node", "server.js"]),
            candidate(2, ["node", "web-server.js", "of", "/srv/server.js", "api"]),
            candidate(3, ["node", "web-server.js", "api worker"], in: "/other"),
            candidate(4, ["api"], name: "api", title: true),
            candidate(5, ["api worker"], name: "api worker", title: true),
            candidate(6, ["node", "../x/worker.mjs"]),
            candidate(7, ["node", "watch.js", "../x/worker.mjs", "/x/worker.mjs"]),
        ]
        #expect(try choose(text, candidates) == pid)
    }

    /// Whoever may start a program chooses what it is called: root's is not passed over for it.
    @Test(arguments: [
        // What the other process is called, and which is chosen by whom; 0 where it is neither.
        (["node", "/tmp/x.js", "server.js"], false, 1, 1), (["server.js"], true, 1, 1),
        (["node", "/tmp/server.js"], false, 0, 0), (["node", "/tmp/web-server.js"], false, 0, 0),
        (["node", "/tmp/x.js"], false, 1, 1),
    ])
    func otherUsersProcesses(arguments: [String], title: Bool, byRoot: Int32, byUser: Int32) throws {
        let server = candidate(1, ["node", "server.js"])
        let other = candidate(2, arguments, name: title ? arguments[0] : "node", title: title, user: 1000)
        for (user, expected) in [(UInt32(0), byRoot), (2000, byUser)] {
            do throws(SelectionError) {
                let chosen = try ProcessSelector.choose(
                    "server.js", among: [server, other], refused: [], ancestors: [], ourUser: user)
                #expect(chosen.pid == expected)
            } catch {
                guard case .severalUsers(_, let found) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(found.map(\.pid) == [1, 2])
                #expect(error.message.contains("--user"))
                #expect(expected == 0)
            }
        }
    }

    /// The other way round: a title of root's is not passed over for another user's script.
    @Test func aTitleOfRootsCounts() {
        let server = candidate(1, ["api"], name: "api", title: true)
        guard case .severalUsers = failure("api", [server, candidate(2, ["node", "api"], user: 1000)]) else {
            Issue.record("a script of another user's is chosen")
            return
        }
    }

    @Test func severalAreListed() throws {
        let candidates = [
            candidate(1, ["node", "a.js", "x"]), candidate(22, ["node", "a.js", "\u{1B}[31m"]),
            candidate(3, ["node", "b.js"]),
        ]
        let error = try #require(failure("a.js", candidates))
        guard case .several(_, let found) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(found.map(\.pid) == [1, 22])
        let root = try #require(userName(0))
        #expect(
            error.message == """
                2 Node processes match "a.js"; name the pid of the one that is meant:
                   1  \(root)  node a.js x
                  22  \(root)  node a.js \\x1B[31m
                """)
    }

    /// `npm start -- server` fits whatever the server fits.
    @Test func aProgramComesBeforeItsWrapper() throws {
        let wrapper = candidate(1, ["node", "/usr/bin/nodemon", "server.js"])
        let program = candidate(2, ["node", "web-server.js"])
        func pid(_ text: String, _ candidates: [ProcessSelector.Candidate]) throws -> Int32 {
            try ProcessSelector.choose(text, among: candidates, refused: [], ancestors: [], programs: [1: [2, 9]]).pid
        }
        #expect(try pid("server.js", [wrapper, program]) == 2)
        #expect(try pid("node", [wrapper, program]) == 2)
        // What fits the wrapper alone means the wrapper.
        #expect(try pid("nodemon", [wrapper, program]) == 1)
        #expect(try pid("server.js", [wrapper]) == 1)
        let error = #expect(throws: SelectionError.self) {
            try pid("server.js", [wrapper, program, candidate(9, ["node", "api-server.js"])])
        }
        guard case .several(_, let found)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found.map(\.pid) == [2, 9])
    }

    /// A forked child goes by its parent's name until it runs its own program.
    @Test func whoLeavesAtOnceWasNotMeant() throws {
        let server = candidate(1, ["node", "a.js"])
        func find(_ looks: [[ProcessSelector.Candidate]]) throws -> (pid: Int32, unused: Int) {
            var looks = looks[...]
            let found = try ProcessSelector.find("a.js", ancestors: []) {
                ProcessSelector.View(candidates: looks.removeFirst(), refused: [])
            }
            return (found.pid, looks.count)
        }
        #expect(try find([[server, candidate(2, ["node", "a.js"])], [server]]) == (1, 0))
        // Nor who has come since.
        #expect(
            try find([[server, candidate(2, ["node", "a.js"])], [server, candidate(3, ["node", "a.js"])]]) == (1, 0))
        #expect(try find([[server], []]) == (1, 1))
        let two = [server, candidate(2, ["node", "a.js"])]
        #expect(throws: SelectionError.self) { try find([two, two]) }
    }

    @Test func longListsEnd() {
        let candidates = (1...30).map { candidate($0, ["node", "a.js"]) }
        let message = failure("a.js", candidates)?.message ?? ""
        #expect(message.hasPrefix("30 Node processes"))
        #expect(message.split(separator: "\n").count == 22)
        #expect(message.hasSuffix("\n  and 10 more"))
    }

    /// Their arguments hold the text because they pass it on.
    @Test func thoseThatStartedUsAreNotMeant() throws {
        let wrapper = candidate(1, ["node", "run.js", "heapdump", "-n", "a.js"])
        #expect(try choose("a.js", [wrapper, candidate(2, ["node", "a.js"])], ancestors: [1]) == 2)
        #expect(try choose("a.js", [wrapper, candidate(2, ["node", "x/a.js/b"])], ancestors: [1]) == 2)
        let message = failure("a.js", [wrapper], ancestors: [1])?.message ?? ""
        #expect(message.contains("what has started this heapdump"))
        #expect(message.contains("  1  "))
    }

    @Test func whatMayNotBeSeenIsNotPassedOver() {
        let mine = candidate(1, ["node", "mine.js"])
        let others = [refused(2, ["node", "a.js"]), refused(3, ["a.js worker"], name: "a.js worker", title: true)]
        guard case .notPermitted(_, let found) = failure("a.js", [mine], refused: others) else {
            Issue.record("others' processes are passed over")
            return
        }
        #expect(found.map(\.pid) == [2, 3])
        guard case .notPermitted(_, let hidden) = failure("a.js", [mine], refused: [refused(4, nil)]) else {
            Issue.record("hidden processes are passed over")
            return
        }
        #expect(hidden.map(\.pid) == [4])
    }

    /// Nobody asked for these, whatever they are.
    @Test func othersThatDoNotMatchAreNoReason() throws {
        let others = [
            refused(2, ["node", "b.js"]), refused(3, ["vi", "a.js"], name: "vi"),
            refused(4, ["/usr/bin/node_exporter", "a.js"]),
        ]
        guard case .nothing = failure("a.js", [], refused: [others[0], others[1]]) else {
            Issue.record("not what was asked for")
            return
        }
        #expect(try choose("a.js", [candidate(1, ["node", "a.js"])], refused: [refused(5, ["node", "a.js"])]) == 1)
    }

    @Test(arguments: ["node", "nodejs", "node22", "node-22.1", "nodejs18", "MainThread", "node-MainThread"])
    func namesOfNode(name: String) { #expect(NodeNames.isOne(name)) }

    @Test(arguments: ["node_exporter", "nodemon", "snode", "", "no", "Node"])
    func namesOfOthers(name: String) { #expect(!NodeNames.isOne(name)) }

    @Test func ancestorsOfAProcess() throws {
        let ancestors = ProcessTree.ancestors(of: getpid())
        #expect(ancestors.contains(getppid()))
        #expect(!ancestors.contains(getpid()))
        try Child.with(["sh", "-c", "exec 2>/dev/null; sleep 60 & echo $!; wait"]) { shell in
            let sleep = try #require(Int32(try shell.line()))
            defer { kill(sleep, SIGKILL) }
            #expect(ProcessTree.ancestors(of: sleep) == ancestors.union([getpid(), shell.pid]))
        }
    }

    @Test(.enabled(if: TestNode.isAvailable, Comment(rawValue: TestNode.skipReason)))
    func findsARunningProcess() throws {
        let text = "selector-test-\(getpid())"
        try Child.withNode(["--stack-trace-limit=21", "--title=\(text)"]) { child, _ in
            let found = try ProcessSelector.find(text)
            #expect(found.pid == child.pid)
            #expect(try ProcessHandle(pid: found.pid, startTime: found.startTime).isAlive)
            // A number that another process has by now.
            #expect(throws: ProcessError.exited(pid: child.pid)) {
                try ProcessHandle(pid: child.pid, startTime: found.startTime + 1)
            }
        }
        #expect(throws: SelectionError.self) { try ProcessSelector.find(text) }
    }
}
