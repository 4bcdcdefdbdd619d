import Linux
import NodeProcess
import Testing

@testable import SnapshotWriter

/// The plan where memory is short.
extension PlanTests {
    private func group(left: UInt64) -> MemoryGroup {
        MemoryGroup(
            hierarchy: .v1, directory: "/sys/fs/cgroup/memory/app", limit: 1 << 30, usage: (1 << 30) - left << 20)
    }

    /// 100 MB of memory in a control group that leaves so many MiB.
    private func limited(_ left: UInt64, dumpGroup: Bool) -> TargetFacts {
        plain {
            $0.memory.groups = MemoryGroups([group(left: left)])
            $0.memory.dumpGroups = dumpGroup ? [] : nil
        }
    }

    @Test func aCopyIsKeptOutOfATightGroup() throws {
        let plan = try plan(limited(40, dumpGroup: true))
        #expect(plan.steps.map(\.method) == [.fork, .inspector])
        #expect(plan.steps[0].memory.isApart)
        #expect(!plan.steps[0].memory.asksForHeap)
        // It may be that V8's heap is tiny: that one has to be asked for.
        #expect(plan.steps[1].memory.asksForHeap)
    }

    @Test func whereItCannotBeV8IsAskedFirst() throws {
        let plan = try plan(limited(40, dumpGroup: false))
        #expect(plan.steps.map(\.method) == [.fork, .inspector])
        #expect(plan.steps.allSatisfy { $0.memory.asksForHeap && !$0.memory.isApart })
    }

    /// Not even the smallest heap could be dumped.
    @Test(arguments: [true, false])
    func withNothingLeftNothingIsTried(dumpGroup: Bool) throws {
        let plan = try plan(limited(4, dumpGroup: dumpGroup))
        #expect(plan.steps.isEmpty)
        for method in [SnapshotRequest.Method.fork, .inspector] {
            #expect(try refusal(plan, of: method).contains("leaves 4.2 MB"))
        }
        let failure = DumpFailure.noMethod(plan.refusals)
        #expect(failure.exitCode == .memoryTooTight)
        let forced = try self.plan(limited(4, dumpGroup: dumpGroup)) { $0.forcesMemory = true }
        #expect(forced.steps.map(\.method) == [.fork, .inspector])
        #expect(forced.steps.allSatisfy { !$0.memory.asksForHeap && !$0.memory.verdict.fits })
    }

    /// A signal gives no chance to ask.
    @Test func aSignalIsNotSentOnALuckyGuess() throws {
        var facts = plain("--heapsnapshot-signal=SIGUSR2") { $0.caught.insert(dumps) }
        facts.memory.groups = MemoryGroups([group(left: 200)])
        let refused = try plan(facts) { $0.allowsInspector = false }
        #expect(refused.steps.isEmpty)
        #expect(try refusal(refused, of: .signal).contains("too little"))
        #expect(DumpFailure.noMethod(refused.refusals).exitCode == .memoryTooTight)
        let forced = try plan(facts) {
            $0.allowsInspector = false
            $0.forcesMemory = true
        }
        #expect(forced.steps.map(\.method) == [.signal])
    }

    @Test func anOwnLimitNeedsAnOwnGroup() throws {
        let without = try plan(plain()) { $0.copyMemoryLimit = 8 << 30 }
        #expect(try refusal(without, of: .fork).contains("root"))
        let with = try plan(plain { $0.memory.dumpGroups = [] }) { $0.copyMemoryLimit = 8 << 30 }
        #expect(with.steps.first?.memory.isApart == true)
    }

    /// Where nothing limits the process there is nothing to keep the copy out of.
    @Test func aCopyStaysWhereNothingIsTight() throws {
        let plan = try plan(plain { $0.memory.dumpGroups = [] })
        #expect(plan.steps.first?.memory.isApart == false)
    }

    /// V8 in the copy counts for RLIMIT_AS what the process has mapped.
    @Test func aCopyInheritsTheLimitOfTheAddressSpace() throws {
        let asked = try plan(plain { $0.memory.addressSpaceHeadroom = 600 << 20 })
        #expect(asked.steps.first?.method == .fork && asked.steps.first?.memory.asksForHeap == true)
        let refused = try plan(plain { $0.memory.addressSpaceHeadroom = 200 << 20 })
        #expect(try refusal(refused, of: .fork).contains("RLIMIT_AS"))
        #expect(refused.refusals.first { $0.method == .fork }?.isForMemory == true)
    }
}
