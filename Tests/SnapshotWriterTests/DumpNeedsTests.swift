import NodeProcess
import Testing

@testable import SnapshotWriter

/// What a dump takes of a process beside memory.
@Suite struct DumpNeedsTests {
    private let fork = DumpNeeds(opensInspector: true, forks: true)
    private let inspector = DumpNeeds(opensInspector: true, forks: false)
    private let openFork = DumpNeeds(opensInspector: false, forks: true)
    private let open = DumpNeeds(opensInspector: false, forks: false)

    private func room(_ change: (inout TargetRoom) -> Void) -> TargetRoom {
        var room = TargetRoom()
        change(&room)
        return room
    }

    @Test func whatIsNotLimitedIsEnough() {
        for needs in [fork, inspector, openFork, open] {
            #expect(needs.refusal(TargetRoom(), pid: 7) == nil)
            #expect(needs.held(against: TargetRoom()).isEmpty)
        }
    }

    /// Least that worked in measurements on Node 18 to 26, see docs/needs.md; each figure is above it.
    @Test func eachNeedIsAboveWhatWasMeasured() {
        #expect(inspector.descriptors > 8 && fork.descriptors > 17)
        #expect(inspector.tasks > 1 && fork.tasks > 3 && openFork.tasks > 2)
        #expect(fork.addressSpace > 330 << 20 && inspector.addressSpace > 136 << 20)
        #expect(open.tasks == 0)
    }

    @Test func tooFewDescriptorsAreNamedWithTheRemedy() throws {
        let tight = room { $0.descriptors = DescriptorRoom(left: 3, limit: 64, hardLimit: 4096) }
        let refusal = try #require(inspector.refusal(tight, pid: 1234))
        #expect(refusal.kind == .lasting)
        #expect(refusal.reason.contains("3 of its 64 file descriptors are free"))
        // The hard limit stays as it is, where that suffices.
        #expect(refusal.reason.contains("prlimit --nofile=320: --pid 1234"))
        let hard = room { $0.descriptors = DescriptorRoom(left: 3, limit: 64, hardLimit: 64) }
        #expect(try #require(inspector.refusal(hard, pid: 1234)).reason.contains("prlimit --nofile=320 --pid 1234"))
        let enough = room { $0.descriptors = DescriptorRoom(left: fork.descriptors, limit: 64) }
        #expect(fork.refusal(enough, pid: 7) == nil)
    }

    @Test func tooFewTasksAreNamedWithTheRemedy() throws {
        let tight = room {
            $0.tasks = TaskRoom(
                left: 1, bound: "/x/pids.max allows 9, and there are 8", remedy: "echo 73 > /x/pids.max")
        }
        let refusal = try #require(inspector.refusal(tight, pid: 7))
        #expect(refusal.kind == .lasting)
        #expect(refusal.reason.contains("/x/pids.max allows 9, and there are 8"))
        #expect(refusal.reason.contains("echo 73 > /x/pids.max"))
        // Who finds the inspector open starts nothing.
        #expect(open.refusal(tight, pid: 7) == nil)
    }

    @Test func tooLittleAddressSpaceIsAMatterOfMemory() throws {
        for change in [{ $0.addressSpace = 9 << 20 }, { $0.data = 9 << 20 }] as [(inout TargetRoom) -> Void] {
            let refusal = try #require(inspector.refusal(room(change), pid: 7))
            #expect(refusal.kind == .memory)
            #expect(refusal.reason.contains("prlimit --"))
        }
    }

    @Test func theFiguresGoIntoTheJSON() {
        let tight = room {
            $0.descriptors = DescriptorRoom(left: 3, limit: 64)
            $0.addressSpace = 9 << 20
            $0.data = 8 << 20
        }
        let needs = fork.held(against: tight)
        #expect(needs.map(\.resource) == [.descriptors, .addressSpace])
        #expect(needs.map(\.left) == [3, 8 << 20])
        #expect(needs.map(\.fits) == [false, false])
        #expect(ResourceNeed.Resource.addressSpace.rawValue == "address-space")
    }
}
