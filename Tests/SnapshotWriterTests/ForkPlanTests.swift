import Glibc
import Linux
import NodeProcess
import Testing

@testable import SnapshotWriter

/// The plan where a forked copy is concerned, and how long JavaScript may stand still where none can be had.
extension PlanTests {
    @Test func aForkSaysThatTheProcessGoesOn() throws {
        let plan = try plan(plain())
        #expect(plan.steps.first?.method == .fork)
        #expect(plan.steps.first?.reason.contains("while the process goes on") == true)
        #expect(plan.steps.last?.method == .inspector)
        #expect(plan.steps.last?.reason.contains("goes on") == false)
    }

    @Test func aForkNeedsAnAgentThatCanBeLoaded() throws {
        func expectInspectorAlone(saying text: String, _ change: (inout TargetFacts) -> Void) throws {
            let plan = try plan(plain(change: change))
            #expect(plan.steps.map(\.method) == [.inspector])
            #expect(try refusal(plan, of: .fork).contains(text))
        }
        try expectInspectorAlone(saying: "--no-addons") { $0.agent.barrier = .noAddons }
        try expectInspectorAlone(
            saying: "(--permission-audit) keeps the process from loading the agent; start it with --allow-addons"
        ) {
            $0.agent.barrier = .permissionModel(option: "--permission-audit")
        }
        try expectInspectorAlone(saying: "without its agent") { $0.agent.isBuiltIn = false }
        // Also where the inspector is open.
        try expectInspectorAlone(saying: "--no-addons") {
            $0.agent.barrier = .noAddons
            $0.inspector.port = 9229
        }
    }

    @Test(arguments: [
        ("12.22.12", false), ("14.21.3", false), ("15.14.0", false), ("16.0.0", true), ("18.20.8", true),
        ("24.11.0", true),
    ])
    func aForkNeedsNode16(version: String, canFork: Bool) throws {
        let plan = try plan(plain { $0.version = NodeVersion(version) })
        #expect(plan.steps.map(\.method) == (canFork ? [.fork, .inspector] : [.inspector]))
        if !canFork { #expect(try refusal(plan, of: .fork).contains("Node 16 and newer can")) }
    }

    @Test func anUnknownVersionIsGivenATry() throws {
        #expect(try plan(plain { $0.version = nil }).steps.first?.method == .fork)
    }

    /// The agent comes in through the inspector.
    @Test func whatKeepsTheInspectorFromOpeningKeepsTheForkOut() throws {
        func expectNeither(saying text: String, _ options: String..., change: (inout TargetFacts) -> Void) throws {
            var facts = plain(change: change)
            facts.inspector.hints = InspectorHints(arguments: ["node"] + options + ["server.js"], nodeOptions: [])
            facts.signal.hints = SignalDumpHints(arguments: ["node"] + options + ["server.js"], nodeOptions: [])
            let plan = try plan(facts)
            let reason = try refusal(plan, of: .fork)
            #expect(reason.contains(text))
            #expect(try refusal(plan, of: .inspector) == reason)
            // Told once, for both.
            #expect(plan.refusals.grouped.contains { $0.methods == "fork, inspector" && $0.reason == reason })
        }
        try expectNeither(saying: "does not catch SIGUSR1") { $0.caught = [] }
        try expectNeither(saying: "blocks SIGUSR1") {
            $0.caught = []
            $0.blocked = SignalSet(signal: SIGUSR1)
        }
        try expectNeither(saying: "is held by process 7") { $0.inspector.portHolder = "process 7 (node)" }
        try expectNeither(saying: "blocked in read") { $0.inspector.callThatBreaks = "read" }
        try expectNeither(saying: "--disable-sigusr1", "--disable-sigusr1") { _ in }
        try expectNeither(saying: "--permission", "--permission") { _ in }
        try expectNeither(saying: "--heapsnapshot-signal=SIGUSR1", "--heapsnapshot-signal=SIGUSR1") { _ in }
    }

    // How long JavaScript may stand still

    @Test func aDumpInTheProcessIsKeptWithinThePause() throws {
        let facts = plain("--heapsnapshot-signal=SIGUSR2") { $0.caught.insert(dumps) }
        let seconds = facts.estimate.pauseSeconds
        for limit in [nil, seconds, seconds * 2] {
            #expect(try signal(plan(facts) { $0.maxPause = limit })?.dumper == .option)
        }
        let reason = try refusal(plan(facts) { $0.maxPause = seconds / 2 }, of: .signal)
        #expect(reason.contains("--max-pause") && reason.contains("stand still"))
        // By what the memory says the inspector could be ruled out wrongly: it is asked for the heap before it is.
        let others = try plan(facts) { $0.maxPause = seconds / 2 }
        #expect(others.steps.map(\.method) == [.fork, .inspector])
    }

    @Test func tenSecondsAreAllowedUnlessSaidOtherwise() throws {
        var facts = plain("--heapsnapshot-signal=SIGUSR2") { $0.caught.insert(dumps) }
        facts.anonymousBytes = 150_000_000
        #expect(try signal(plan(facts)) != nil)
        facts.anonymousBytes = 200_000_000
        #expect(try refusal(plan(facts), of: .signal).contains("longer than --max-pause 10 allows"))
    }

    @Test func anAddonThatForksStopsNothing() throws {
        func plan(forks: Bool, limit: Double?) throws -> Plan {
            let addon = HeapdumpAddon(path: "/srv/heapdump.node", signalIsOff: false, forks: forks)
            let facts = plain {
                $0.signal.addon = addon
                $0.caught.insert(dumps)
            }
            return try self.plan(facts) { $0.maxPause = limit }
        }
        let forking = try #require(signal(plan(forks: true, limit: 0.001)))
        #expect(forking.isForking && forking.evidence.contains("a forked copy writes"))
        #expect(try refusal(plan(forks: false, limit: 0.001), of: .signal).contains("--max-pause"))
        let stopping = try #require(signal(plan(forks: false, limit: nil)))
        #expect(!stopping.isForking && !stopping.evidence.contains("forked"))
    }
}
