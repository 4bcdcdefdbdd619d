import Synchronization
import Testing

@testable import SnapshotWriter

/// A forked copy goes before the kernel has to choose.
@Suite struct MemoryWatchTests {
    /// What is left, look by look; the last figure stays.
    private final class Memory: Sendable {
        private let left: Mutex<[UInt64]>
        private let count = Mutex(0)

        init(_ left: [UInt64]) { self.left = Mutex(left) }

        var looks: Int { count.withLock { $0 } }

        func gauge(_ name: String, reserve: UInt64 = 100) -> MemoryWatch.Gauge {
            MemoryWatch.Gauge(name: name, reserveBytes: reserve) { reserve in
                self.count.withLock { $0 += 1 }
                let left = self.left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
                return left < reserve ? left : nil
            }
        }
    }

    private final class Copy: Sendable {
        private let count = Mutex(0)
        var ends: Int { count.withLock { $0 } }
        func end() { count.withLock { $0 += 1 } }
    }

    private let plenty = Memory([1 << 30])

    private func eventually(_ condition: () -> Bool) throws {
        let end = ContinuousClock.now + .seconds(60)
        while !condition() { try #require(.now < end) }
    }

    /// The copy is there already, and so is what it takes.
    @Test func endsItBeforeAnythingElseIsDone() throws {
        let copy = Copy()
        let watch = try MemoryWatch(
            groups: [Memory([99]).gauge("group /a")], host: plenty.gauge("the machine"), end: copy.end)
        #expect(copy.ends == 1)
        let alarm = try #require(watch.stop())
        #expect(alarm.name == "group /a")
        #expect(alarm.headroomBytes == 99 && alarm.reserveBytes == 100)
        #expect(alarm.reason.contains("group /a had only 99 B left"))
        #expect(copy.ends == 1)
    }

    @Test func endsItOnceItRunsShort() throws {
        let copy = Copy()
        let group = Memory([500, 400, 300, 200, 100, 50, 500])
        let watch = try MemoryWatch(
            groups: [plenty.gauge("group /"), group.gauge("group /a")], host: plenty.gauge("the machine"), end: copy.end
        )
        try eventually { copy.ends > 0 }
        // It has come back since, which changes nothing any more.
        #expect(watch.stop()?.headroomBytes == 50)
        #expect(group.looks == 6)
        #expect(copy.ends == 1)
    }

    /// It is larger, and asking takes longer.
    @Test func looksAtTheMachineLessOften() throws {
        let copy = Copy()
        let (group, machine) = (Memory([1 << 30]), Memory([500, 500, 500, 99]))
        let watch = try MemoryWatch(
            groups: [group.gauge("group /a")], host: machine.gauge("the machine"), end: copy.end)
        try eventually { copy.ends > 0 }
        #expect(watch.stop()?.name == "the machine")
        #expect(machine.looks == 4)
        // At the beginning, in the thread's first look, and with so many between the others.
        #expect(group.looks >= 2 * MemoryWatch.ticksPerLookAtHost)
    }

    @Test func leavesItAloneWhereThereIsPlenty() throws {
        let copy = Copy()
        let group = Memory([100])
        let watch = try MemoryWatch(groups: [group.gauge("group /a")], host: plenty.gauge("the machine"), end: copy.end)
        try eventually { group.looks > 20 }
        #expect(watch.stop() == nil)
        #expect(copy.ends == 0)
    }

    @Test func whereNoGroupHasALimitTheMachineIsWatched() throws {
        let copy = Copy()
        let watch = try MemoryWatch(groups: [], host: Memory([500, 99]).gauge("the machine"), end: copy.end)
        try eventually { copy.ends > 0 }
        #expect(watch.stop()?.reason.contains("the machine had only 99 B left") == true)
    }
}
