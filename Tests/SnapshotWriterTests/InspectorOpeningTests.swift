import Glibc
import Linux
import NodeProcess
import Testing

@testable import SnapshotWriter

@Suite struct InspectorOpeningTests {
    private let caught = SignalSet(signal: SIGUSR1)

    private func facts(_ arguments: String..., change: (inout TargetFacts) -> Void = { _ in }) -> TargetFacts {
        var facts = TargetFacts()
        facts.pid = 1234
        facts.caught = caught
        facts.inspector.hints = InspectorHints(arguments: ["node"] + arguments, nodeOptions: [])
        facts.signal.hints = SignalDumpHints(arguments: ["node"] + arguments, nodeOptions: [])
        change(&facts)
        return facts
    }

    private func reason(_ facts: TargetFacts) throws -> String { try #require(InspectorOpening.refusal(facts)).reason }

    @Test func aPlainNodeMayBeSignalled() {
        #expect(InspectorOpening.refusal(facts("server.js")) == nil)
        #expect(InspectorOpening.refusal(facts("--heapsnapshot-signal=SIGUSR2", "server.js")) == nil)
        #expect(InspectorOpening.refusal(facts("--report-on-signal", "server.js")) == nil)
        #expect(InspectorOpening.refusal(facts("--inspect-publish-uid=stderr,http", "server.js")) == nil)
        #expect(
            InspectorOpening.refusal(facts("a.js") { $0.inspector.handledSignals = SignalSet(signal: SIGUSR2) }) == nil)
    }

    @Test func aSignalThatIsNotCaughtIsNeverSent() throws {
        #expect(try reason(facts("a.js") { $0.caught = [] }).contains("would kill it"))
        let blocked = facts("a.js") {
            $0.caught = []
            $0.blocked = caught
        }
        #expect(try reason(blocked).contains("blocks SIGUSR1"))
        // Another signal's handler proves nothing.
        #expect(InspectorOpening.refusal(facts("a.js") { $0.caught = SignalSet(signal: SIGUSR2) }) != nil)
    }

    @Test func optionsThatSwitchItOffAreNamed() throws {
        #expect(try reason(facts("--disable-sigusr1", "a.js")).contains("--disable-sigusr1"))
        #expect(try reason(facts("--permission", "a.js")).contains("--permission"))
        #expect(InspectorOpening.refusal(facts("--permission", "--allow-inspector", "a.js")) == nil)
        #expect(try reason(facts("--inspect-publish-uid=stderr", "a.js")).contains("--inspect-publish-uid"))
        // An option of the script's, not of Node's.
        #expect(InspectorOpening.refusal(facts("a.js", "--permission")) == nil)
    }

    @Test func aSignalThatDoesSomethingElseIsNotSent() throws {
        #expect(try reason(facts("--heapsnapshot-signal=SIGUSR1", "a.js")).contains("--heapsnapshot-signal"))
        let reports = facts("--report-on-signal", "--report-signal=SIGUSR1", "a.js")
        #expect(try reason(reports).contains("diagnostic report"))
        #expect(try reason(facts("a.js") { $0.inspector.handledSignals = caught }).contains("handler of its own"))
        #expect(try reason(facts("a.js") { $0.inspector.awaitsDebugger = true }).contains("debugger to disconnect"))
        let worker = EndangeredWorker(pid: 77, reason: "it would end")
        let primary = try reason(facts("a.js") { $0.inspector.endangeredWorker = worker })
        #expect(primary.contains("cluster") && primary.contains("process 77") && primary.contains("it would end"))
    }

    @Test func aTakenPortIsNamedWithItsHolderAndMayBecomeFree() throws {
        let taken = facts("--inspect-port=9300", "a.js") { $0.inspector.portHolder = "process 7 (node b.js)" }
        let refusal = try #require(InspectorOpening.refusal(taken))
        #expect(refusal.reason.contains("9300") && refusal.reason.contains("process 7 (node b.js)"))
        #expect(refusal.kind == .temporary)
    }

    // What keeps a process from doing anything

    private func standstill(_ change: (inout Standstill) -> Void) -> String? {
        var standstill = Standstill()
        change(&standstill)
        return standstill.refusal?.reason
    }

    @Test func aTracerIsNamedWithWhatToTypeInIt() throws {
        #expect(standstill { $0.tracer = Tracer(pid: 9, name: "strace") } == nil)
        for (name, text) in [("gdb", "`detach`"), ("lldb", "`process detach`"), ("rr", "have it detach")] {
            let reason = try #require(standstill { $0.tracer = Tracer(pid: 9, name: name) })
            #expect(reason.contains("\(name), process 9") && reason.contains(text))
        }
    }

    @Test func aFrozenOrStoppedProcessIsLeftAlone() throws {
        #expect(try #require(standstill { $0.isFrozen = true }).contains("frozen"))
        #expect(try #require(standstill { $0.isStopped = true }).contains("stopped"))
        #expect(standstill { _ in } == nil)
    }

    // What was seen after the signal

    private func diagnosis(_ change: (inout OpeningDiagnosis) -> Void) -> OpeningDiagnosis {
        var diagnosis = OpeningDiagnosis()
        diagnosis.port = 9229
        change(&diagnosis)
        return diagnosis
    }

    @Test func bothCausesAreNamedWhereNothingTellsThemApart() {
        let turned = diagnosis { $0.loopTurned = true }
        #expect(turned.isFinal)
        #expect(turned.refusal.reason.contains("either the application handles SIGUSR1 itself"))
        #expect(turned.refusal.reason.contains("or Node could not open it"))
        let known = diagnosis {
            $0.loopTurned = true
            $0.hasNoHandler = true
        }
        #expect(
            !known.refusal.reason.contains("handles SIGUSR1") && known.refusal.reason.contains("Node could not open it")
        )
    }

    @Test func whatStandardErrorSaysGoesFirst() {
        let full = diagnosis { $0.failure = "Starting inspector on 127.0.0.1:9229 failed: too many open files" }
        #expect(full.isFinal && full.refusal.kind == .lasting)
        #expect(full.refusal.reason.contains("its standard error says: Starting inspector"))
        let taken = diagnosis { $0.failure = "Starting inspector on 127.0.0.1:9229 failed: address already in use" }
        #expect(taken.refusal.kind == .temporary)
    }

    @Test func aSignalThatIsHeldUpKeepsTheGuardian() {
        let held = diagnosis {
            $0.loopTurned = true
            $0.isHeldUp = true
        }
        #expect(!held.isFinal && held.refusal.reason.contains("guardian process waits"))
        let child = diagnosis {
            $0.loopTurned = true
            $0.mayWaitForChild = true
        }
        #expect(!child.isFinal && child.refusal.reason.contains("execSync"))
        let reading = diagnosis { $0.blockedIn = "read" }
        #expect(!reading.isFinal && reading.refusal.reason.contains("blocked in read"))
        #expect(diagnosis { _ in }.refusal.reason.contains("native code"))
    }

    @Test func aPortTakenMeanwhileIsNamed() {
        let taken = diagnosis {
            $0.loopTurned = true
            $0.portHolder = "process 7 (x)"
        }
        #expect(taken.refusal.reason.contains("9229 is held by process 7 (x)") && taken.refusal.kind == .temporary)
    }
}
