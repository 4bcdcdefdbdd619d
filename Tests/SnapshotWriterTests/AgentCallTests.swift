import Glibc
import Testing

@testable import SnapshotWriter

/// How a process is asked for a fork, without one.
@Suite struct AgentCallTests {
    private let copy = #"{"pid":7,"output":3,"go":4,"status":5}"#
    private let busy = #"{"pid":0,"errno":16,"step":"wait","busy":"worker"}"#

    /// Answers in turn, the last one again and again.
    private final class Transport: AgentTransport {
        var results: [ScriptResult]
        private(set) var scripts: [(text: String, hasRequire: Bool)] = []

        init(_ texts: [String]) { results = texts.map(ScriptResult.text) }

        func evaluate(_ script: String, hasRequire: Bool) -> ScriptResult {
            scripts.append((script, hasRequire))
            return results.count > 1 ? results.removeFirst() : results[0]
        }
    }

    private final class File: AgentFile {
        let path: String
        private(set) var isRemoved = false

        init(path: String) { self.path = path }

        func remove() { isRemoved = true }
    }

    private final class Host: AgentHost {
        var hasMappedAgent = false
        var places: [String] = []
        var closed: Set<String> = []
        private(set) var files: [File] = []
        private(set) var remembered: String?
        private(set) var hasForgotten = false

        func putFile(in place: String) throws -> any AgentFile {
            if closed.contains(place) { throw AgentPlace.Problem(reason: "it is closed") }
            let file = File(path: place + "/agent")
            files.append(file)
            return file
        }

        func remember(refusal: String) { remembered = refusal }
        func forgetRefusal() { hasForgotten = true }
    }

    private final class Log {
        var warnings: [String] = []
        var pauses = 0
    }

    private func call(_ transport: Transport, _ host: Host = Host(), _ log: Log = Log()) -> AgentCall {
        AgentCall(transport: transport, host: host) { event in
            if case .warning(let text) = event { log.warnings.append(text) }
        } sleep: { _ in
            log.pauses += 1
        }
    }

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return DumpFailure(error).code.rawValue
        }
    }

    private var options: ForkOptions { ForkOptions(watchdogSeconds: 1, memoryBytes: 1 << 30, niceness: nil) }

    @Test func asksAnAgentThatIsThere() throws {
        let transport = Transport([copy])
        #expect(try call(transport).fork(options).pid == 7)
        #expect(transport.scripts.count == 1)
    }

    /// A process that collects garbage comes to rest before long.
    @Test func asksAgainUntilItIsCalm() throws {
        let (transport, log) = (Transport([busy, busy, copy]), Log())
        #expect(try call(transport, Host(), log).fork(options).pid == 7)
        #expect(log.pauses == 2)
    }

    @Test func takesAnyMomentIfNoneIsCalm() throws {
        let (transport, log) = (Transport([busy]), Log())
        #expect(code { _ = try call(transport, Host(), log).fork(options) } == "fork-refused")
        // Asked without force thirty times, and once with it.
        #expect(transport.scripts.count == 31)
        #expect(Set(transport.scripts.dropLast().map(\.text)).count == 1)
        #expect(transport.scripts[30].text != transport.scripts[29].text)
    }

    /// One that another thread has loaded is found by its name.
    @Test func findsAnAgentThatIsMapped() throws {
        let (transport, host) = (Transport(["missing", copy]), Host())
        host.hasMappedAgent = true
        #expect(try call(transport, host).fork(options).pid == 7)
        #expect(host.files.isEmpty)
    }

    @Test func loadsItFromTheFirstPlaceThatLetsItIn() throws {
        let (transport, host, log) = (Transport(["missing", "missing\nproblem no entry", copy]), Host(), Log())
        (host.places, host.closed) = (["/a", "/b", "/c", "/d"], ["/a"])
        #expect(try call(transport, host, log).fork(options).pid == 7)
        #expect(host.files.map(\.path) == ["/b/agent", "/c/agent"])
        #expect(host.files.allSatisfy { $0.isRemoved })
        #expect(transport.scripts[1].text.contains("/b/agent") && transport.scripts[2].text.contains("/c/agent"))
        // Somebody may have put another file into /b.
        #expect(log.warnings == ["it did not load the agent from /b: no entry"])
        #expect(host.hasForgotten && host.remembered == nil)
    }

    @Test func remembersAProcessThatDoesNotLoadIt() throws {
        let (transport, host) = (Transport(["missing\nproblem no entry"]), Host())
        (host.places, host.closed) = (["/a", "/b"], ["/a"])
        #expect(code { _ = try call(transport, host).fork(options) } == "agent-refused")
        #expect(host.remembered == "/b: no entry")
        #expect(host.files.allSatisfy { $0.isRemoved })
    }

    /// A place that is closed says nothing of the process.
    @Test func remembersNothingWhereNoPlaceWasOpen() throws {
        let (transport, host) = (Transport(["missing"]), Host())
        (host.places, host.closed) = (["/a"], ["/a"])
        #expect(code { _ = try call(transport, host).fork(options) } == "agent-refused")
        #expect(host.remembered == nil)
    }

    /// Where the application has put something else in the place of `process`.
    @Test func asksWithRequireWhereTheGlobalProcessIsNotNodes() throws {
        let transport = Transport(["no process", copy])
        #expect(try call(transport).fork(options).pid == 7)
        #expect(transport.scripts.map(\.hasRequire) == [false, true])
    }

    @Test(arguments: ["", "no process", "{}x", #"{"pid":"#])
    func whatCannotBeUnderstoodIsNoAgent(text: String) {
        #expect(code { _ = try call(Transport([text])).fork(options) } == "agent-does-not-work")
    }

    @Test func aScriptThatFailsIsNoAgent() {
        let transport = Transport([""])
        for result in [ScriptResult.failure("ReferenceError"), .failure(nil)] {
            transport.results = [result]
            #expect(code { _ = try call(transport).fork(options) } == "agent-does-not-work")
        }
    }

    @Test func saysThatItNeedsProc() {
        let answer = #"{"pid":0,"errno":2,"step":"/proc/self/maps"}"#
        #expect(code { _ = try call(Transport([answer])).fork(options) } == "no-proc")
    }
}
