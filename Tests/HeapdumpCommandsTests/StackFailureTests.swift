import NodeProcess
import NodeStack
import Testing

@testable import HeapdumpCommands

struct StackFailureTests {
    @Test func saysWhoElseTraces() {
        let failure = StackFailure.traced(pid: 12, by: Tracer(pid: 34, name: "gdb"))
        #expect(failure.message.hasPrefix("cannot stop process 12: gdb (pid 34) traces it"))
        #expect(failure.code.rawValue == "traced")
        #expect(failure.exitCode == .noMethod)
    }

    @Test func otherMachinesAreToldSo() {
        #expect(StackFailure.unsupported.code.rawValue == "stack-unsupported")
        #expect(StackFailure.unsupported.exitCode == .noMethod)
    }

    @Test func aProcessThatIsGoneIsOne() {
        #expect(StackFailure.process(.exited(pid: 12)).exitCode == .noSuchProcess)
    }
}
