import Linux
import NodeProcess
import Testing

@testable import SnapshotWriter

/// Whether there is memory enough, by what was read: no process needed.
@Suite struct MemoryVerdictTests {
    private let megabyte: UInt64 = 1_000_000

    private func group(_ limit: UInt64, _ usage: UInt64, swap: UInt64? = 0) -> MemoryGroup {
        MemoryGroup(
            hierarchy: .v2, directory: "/sys/fs/cgroup/app", limit: limit * megabyte, usage: usage * megabyte,
            swapHeadroom: swap.map { $0 * megabyte })
    }

    private func facts(_ change: (inout MemoryFacts) -> Void = { _ in }) -> MemoryFacts {
        var facts = MemoryFacts()
        facts.host = HostMemory(available: 100_000 * megabyte)
        change(&facts)
        return facts
    }

    private func estimate(heap: UInt64? = nil, anonymous: UInt64 = 100) -> DumpEstimate {
        DumpEstimate(
            heap: heap.map { HeapSizes(small: $0 * megabyte) }, anonymousBytes: anonymous * megabyte, version: nil)
    }

    // The estimate

    @Test func theHeapIsNeverMoreThanTheProcessHas() {
        #expect(estimate(heap: 50).extraBytes < estimate().extraBytes)
        #expect(estimate(heap: 50).extraBytesAtMost > estimate(heap: 50).extraBytes)
    }

    /// Long arrays and strings are a few nodes only.
    @Test func largeObjectsCostLess() {
        func extra(_ heap: HeapSizes) -> UInt64 {
            DumpEstimate(heap: heap, anonymousBytes: 1 << 30, version: nil).extraBytesAtMost
        }
        #expect(extra(HeapSizes(small: 1 << 20, large: 1 << 29)) < extra(HeapSizes(small: 1 << 29, large: 1 << 20)) / 4)
    }

    @Test func noNumberOverflows() {
        let most = DumpEstimate(heap: HeapSizes(small: 1 << 48, large: 1 << 48), anonymousBytes: .max, version: nil)
        #expect(most.extraBytesAtMost > 1 << 48)
        #expect(most.snapshotBytesAtMost > 1 << 48)
    }

    @Test(
        arguments: [
            ("5000000 1000", 5_000_000, 1000), ("1 0", 1, 0),
        ] as [(String, UInt64, UInt64)])
    func readsWhatV8Says(text: String, small: UInt64, large: UInt64) {
        #expect(HeapSizes(text: text) == HeapSizes(small: small, large: large))
    }

    @Test(arguments: ["", "5", "0 5", "-1 5", "5 5 5", "NaN 1", "1e9 1", "99999999999999999999 1", "281474976710656 0"])
    func believesNoImpossibleSizes(text: String) {
        #expect(HeapSizes(text: text) == nil)
    }

    // The verdict

    @Test func nothingLimitsIt() {
        let verdict = MemoryFacts().verdict(estimate(), in: .copy, ownLimit: nil)
        #expect(verdict.fits)
        #expect(verdict.headroom == nil)
        #expect(verdict.bound == nil)
    }

    @Test(arguments: [MemoryPlace.process, .copy])
    func theTightestGroupCounts(place: MemoryPlace) {
        let verdict = facts { $0.groups = MemoryGroups([group(9000, 100), group(400, 390), group(20_000, 500)]) }
            .verdict(estimate(), in: place, ownLimit: nil)
        #expect(!verdict.fits)
        #expect(verdict.headroom == 10 * megabyte)
        // What is there, what is needed, what lacks, and what to do.
        let lacking = ByteText.text(verdict.needed - 10 * megabyte)
        for text in [
            "control group /sys/fs/cgroup/app allows 400.0 MB and holds 390.0 MB", "leaves 10.0 MB",
            lacking + " too little",
            ByteText.text(verdict.needed), "--force-memory",
        ] {
            #expect(verdict.refusal.contains(text), "\(verdict.refusal)")
        }
    }

    /// The process itself cannot be ended when it takes more than was thought.
    @Test func aSnapshotInTheProcessItselfNeedsTheMost() {
        let some = facts { $0.groups = MemoryGroups([group(2000, 100)]) }
        #expect(some.verdict(estimate(), in: .copy, ownLimit: nil).fits)
        #expect(!some.verdict(estimate(), in: .process, ownLimit: nil).fits)
    }

    /// In a control group of its own the copy leaves the process with the pages that that changes.
    @Test func aCopyApartNeedsLittleOfTheProcesssGroup() {
        func verdict(_ left: UInt64) -> MemoryVerdict {
            facts {
                $0.groups = MemoryGroups([group(200, 200 - left)])
                $0.dumpGroups = []
            }
            .verdict(estimate(), in: .copyApart, ownLimit: nil)
        }
        #expect(verdict(40).fits)
        #expect(!verdict(10).fits)
        #expect(verdict(10).refusal.contains("pages that it changes"))
    }

    @Test func whatLimitsTheCopysGroupLimitsTheCopy() {
        let verdict = facts {
            $0.groups = MemoryGroups([group(200, 100)])
            $0.dumpGroups = [group(1000, 900)]
        }
        .verdict(estimate(), in: .copyApart, ownLimit: nil)
        #expect(!verdict.fits)
        #expect(verdict.headroom == 100 * megabyte)
    }

    @Test func theUsersOwnLimitCounts() {
        let some = facts { $0.dumpGroups = [] }
        #expect(some.verdict(estimate(), in: .copyApart, ownLimit: nil).fits)
        let verdict = some.verdict(estimate(), in: .copyApart, ownLimit: 50 * megabyte)
        #expect(!verdict.fits)
        #expect(verdict.refusal.contains("--dump-memory-max"))
    }

    @Test func theMachineCounts() {
        let verdict = facts { $0.host.available = 50 * megabyte }.verdict(estimate(), in: .copy, ownLimit: nil)
        #expect(!verdict.fits)
        #expect(verdict.refusal.contains("MemAvailable"))
    }

    /// What the kernel may swap out for it is room too, as far as there is swap.
    @Test(arguments: [(0, false), (200, false), (2000, true)] as [(UInt64, Bool)])
    func swapCounts(free: UInt64, fits: Bool) {
        let facts = facts {
            $0.groups = MemoryGroups([group(400, 390, swap: nil)])
            $0.host.freeSwap = free * megabyte
        }
        #expect(facts.verdict(estimate(), in: .copy, ownLimit: nil).fits == fits)
    }

    @Test func limitsOfTheProcessAreThoseOfItsCopyButForItsData() {
        let some = facts {
            $0.addressSpaceHeadroom = 10 * megabyte
            $0.dataHeadroom = 20 * megabyte
        }
        #expect(some.verdict(estimate(), in: .copy, ownLimit: nil).refusal.contains("RLIMIT_AS"))
        #expect(some.verdict(estimate(), in: .process, ownLimit: nil).refusal.contains("RLIMIT_AS"))
        let data = facts { $0.dataHeadroom = 20 * megabyte }
        #expect(data.verdict(estimate(), in: .copy, ownLimit: nil).fits)
        #expect(data.verdict(estimate(), in: .process, ownLimit: nil).refusal.contains("RLIMIT_DATA"))
    }

    @Test func aStrictKernelCounts() {
        let verdict = facts { $0.host.commitHeadroom = megabyte }.verdict(estimate(), in: .copy, ownLimit: nil)
        #expect(verdict.refusal.contains("overcommit"))
    }
}
