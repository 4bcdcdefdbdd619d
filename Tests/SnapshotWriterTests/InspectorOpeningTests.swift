import Glibc
import NodeProcess
import Testing

@testable import SnapshotWriter

@Suite struct InspectorOpeningTests {
    private let caught = SignalSet(signal: SIGUSR1)

    private func hints(_ arguments: String...) -> InspectorHints {
        InspectorHints(arguments: ["node"] + arguments, nodeOptions: [])
    }

    private func refusal(
        caught: SignalSet? = nil, blocked: SignalSet = [], _ hints: InspectorHints, dumpSignal: Int32? = nil,
        portHolder: String? = nil
    ) -> String? {
        InspectorOpening.refusal(
            caught: caught ?? self.caught, blocked: blocked, hints: hints, dumpSignal: dumpSignal,
            portHolder: portHolder)
    }

    @Test func aPlainNodeMayBeSignalled() {
        #expect(refusal(hints("server.js")) == nil)
        #expect(refusal(hints("server.js"), dumpSignal: SIGUSR2) == nil)
    }

    @Test func aSignalThatIsNotCaughtIsNeverSent() throws {
        #expect(try #require(refusal(caught: [], hints("server.js"))).contains("would kill it"))
        let blocked = try #require(refusal(caught: [], blocked: SignalSet(signal: SIGUSR1), hints("server.js")))
        #expect(blocked.contains("blocks SIGUSR1"))
        // Another signal's handler proves nothing.
        #expect(refusal(caught: SignalSet(signal: SIGUSR2), hints("server.js")) != nil)
    }

    @Test func optionsThatSwitchItOffAreNamed() throws {
        #expect(try #require(refusal(hints("--disable-sigusr1", "a.js"))).contains("--disable-sigusr1"))
        #expect(try #require(refusal(hints("--permission", "a.js"))).contains("--permission"))
        #expect(refusal(hints("--permission", "--allow-inspector", "a.js")) == nil)
        // An option of the script's, not of Node's.
        #expect(refusal(hints("a.js", "--permission")) == nil)
    }

    @Test func aSignalThatWritesASnapshotByItselfIsNotSent() throws {
        #expect(try #require(refusal(hints("a.js"), dumpSignal: SIGUSR1)).contains("--heapsnapshot-signal"))
    }

    @Test func aTakenPortIsNamedWithItsHolder() throws {
        let reason = try #require(refusal(hints("--inspect-port=9300", "a.js"), portHolder: "process 7 (node b.js)"))
        #expect(reason.contains("9300") && reason.contains("process 7 (node b.js)"))
    }

    @Test func theDiagnosisSaysWhatWasSeen() {
        func diagnosis(isIdle: Bool, mayWaitForChild: Bool = false, blockedIn: String?, portHolder: String?) -> String {
            InspectorOpening.diagnosis(
                isIdle: isIdle, mayWaitForChild: mayWaitForChild, blockedIn: blockedIn, portHolder: portHolder,
                port: 9229)
        }
        #expect(diagnosis(isIdle: true, blockedIn: "epoll_wait", portHolder: nil).contains("handles SIGUSR1 itself"))
        #expect(
            diagnosis(isIdle: true, mayWaitForChild: true, blockedIn: "epoll_wait", portHolder: nil).contains(
                "execSync"))
        #expect(diagnosis(isIdle: false, blockedIn: "read", portHolder: nil).contains("blocked in read"))
        #expect(diagnosis(isIdle: false, blockedIn: nil, portHolder: nil).contains("native code"))
        #expect(
            diagnosis(isIdle: true, blockedIn: nil, portHolder: "process 7 (x)").contains(
                "9229 is held by process 7 (x)"))
    }
}
