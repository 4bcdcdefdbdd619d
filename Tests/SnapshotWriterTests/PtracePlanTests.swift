import Glibc
import Linux
import NodeProcess
import Testing

@testable import SnapshotWriter

/// When ptrace is the way, by what was read.
@Suite struct PtracePlanTests {
    private let plans = PlanTests()

    private func plan(_ facts: TargetFacts, change: (inout SnapshotRequest) -> Void = { _ in }) throws -> Plan {
        try plans.plan(facts) {
            $0.allowsPtrace = true
            change(&$0)
        }
    }

    private func code(_ facts: TargetFacts, change: (inout SnapshotRequest) -> Void = { _ in }) throws -> ReasonCode? {
        try plan(facts, change: change).refusals.first { $0.method == .ptrace }?.refusal.code
    }

    @Test func comesAfterTheForkByTheInspectorAndBeforeWhatStopsTheProcess() throws {
        let plan = try plan(plans.plain("--heapsnapshot-signal=SIGUSR2") { $0.caught.insert(plans.dumps) })
        #expect(plan.steps.map(\.method) == [.fork, .ptrace, .inspector, .signal])
        #expect(plan.steps[1].code == .forkByPtrace)
        #expect(plan.steps[1].grant.isFork)
    }

    @Test(arguments: ["--disable-sigusr1", "--permission", "--no-addons", "--report-signal=SIGUSR1"])
    func needsNoInspectorAndNoAddon(option: String) throws {
        #expect(try plan(plans.plain(option)).steps.contains { $0.method == .ptrace })
        #expect(try plan(plans.plain(option)) { $0.allowsInspector = false }.steps.map(\.method) == [.ptrace])
    }

    @Test func reachesAThreadThatIsBlocked() throws {
        let facts = plans.plain { $0.inspector.callThatBreaks = "read" }
        #expect(try plan(facts).steps.map(\.method) == [.ptrace])
    }

    @Test func isOneOfSeveralOnlyIfNothingElseIsAskedFor() throws {
        #expect(try plan(plans.plain()) { $0.method = .ptrace }.steps.map(\.method) == [.ptrace])
        #expect(try code(plans.plain()) { $0.method = .fork } == .excludedByMethod)
        #expect(try code(plans.plain()) { $0.signal = SIGUSR2 } == .excludedBySignal)
        #expect(try code(plans.plain()) { $0.listsWorkers = true } == .excludedByThread)
        #expect(try code(plans.plain()) { $0.thread = .worker(2) } == nil)
    }

    @Test func cannotTraceWhatAnotherTraces() throws {
        let strace = plans.plain { $0.standstill.tracer = Tracer(pid: 7, name: "strace") }
        #expect(try code(strace) == .traced)
        #expect(try code(plans.plain { $0.standstill.isFrozen = true }) == .frozen)
        #expect(try code(plans.plain { $0.standstill.isStopped = true }) == .stopped)
    }

    /// By Yama, by capabilities, by a security module: whatever the kernel's answer, it says what to do.
    @Test func saysWhoMayTrace() throws {
        let facts = plans.plain {
            $0.ptrace.refusal = PermissionRefusal(
                pid: 1, refused: "/proc/1/mem", errno: EACCES, targetUser: 1000, ourUser: 1000, cause: .ptraceScope(1))
        }
        #expect(try code(facts) == .ptraceForbidden)
        let reason = try plans.refusal(plan(facts), of: .ptrace)
        #expect(reason.contains("kernel.yama.ptrace_scope"), "\(reason)")
    }

    @Test func takesNoDescriptorsAndFewTasks() throws {
        #expect(try code(plans.plain { $0.inspector.room.descriptors = DescriptorRoom(left: 0, limit: 200) }) == nil)
        #expect(try code(plans.plain { $0.inspector.room.tasks = TaskRoom(left: 2, bound: "", remedy: "") }) == nil)
        #expect(
            try code(plans.plain { $0.inspector.room.tasks = TaskRoom(left: 1, bound: "", remedy: "") }) == .tooFewTasks
        )
    }

    @Test func denoHasNoPublicV8() throws {
        #expect(try code(plans.plain { $0.runtime = .deno }) == .denoByInspectorAlone)
    }
}
