import Testing

@testable import HeapAnalysis

/// What became of a heap between two snapshots.
struct DiffTests {
    /// Sessions of the given ids in a list, and something that stays.
    private static func heap(_ ids: some Sequence<Int>, others: [String: [Int]] = [:], global id: UInt64 = 3)
        -> SmallHeap
    {
        var heap = SmallHeap()
        let global = heap.add("Global", 8, id: id)
        heap.link(SmallHeap.root, global, "global", "shortcut")
        let list = heap.add("Array", 16, id: id + 2)
        heap.link(global, list, "sessions")
        for id in ids {
            let session = heap.add("Session", 100, id: UInt64(id))
            heap.link(list, session, "\(id)", "element")
        }
        for (name, ids) in others.sorted(by: { $0.key < $1.key }) {
            for id in ids {
                let object = heap.add(name, 10, id: UInt64(id))
                heap.link(global, object, name)
            }
        }
        return heap
    }

    private static func compare(_ old: SmallHeap, _ new: SmallHeap, byIDs: Bool = false) throws -> HeapDiff {
        let analysis = try new.analysis()
        let vocabulary = PathVocabulary()
        let base = try DiffBase(old.analysis(interfaces: analysis.interfaces), vocabulary)
        return try HeapDiff(base, analysis, vocabulary, byIDs: byIDs)
    }

    @Test func findsObjectsAgainByTheirIDs() throws {
        let diff = try Self.compare(
            Self.heap(101...105, others: ["Gone": [201, 203], "Same": [301]]),
            Self.heap(103...120, others: ["New": [401, 403, 405], "Same": [301]]))
        let rows = diff.classes.map {
            "\($0.name) +\($0.addedCount ?? 0) -\($0.removedCount ?? 0) \($0.countDelta) \($0.sizeDelta) \($0.retainedDelta)"
        }
        #expect(
            rows == [
                "Global +0 -0 0 0 1310", "Session +15 -2 13 1300 1300", "Array +0 -0 0 0 1300", "New +3 -0 3 30 30",
                "Gone +0 -2 -2 -20 -20",
            ])
        #expect(!diff.hasUnrelatedIDs && diff.totalSize == 8 + 16 + 1800 + 40)
        #expect(diff.classes.map(\.hasOtherObjects) == [false, true, false, true, true])
    }

    /// Also where no object has the id that it had.
    @Test(arguments: [100, 1100])
    func saysHowWhatGrewIsHeld(first: Int) throws {
        let diff = try Self.compare(
            Self.heap(101...105),
            Self.heap((first + 1)...(first + 100), others: ["New": [401]], global: UInt64(first - 97)))
        #expect(diff.growth.map(\.class) == ["Session"])
        let growth = try #require(diff.growth.first)
        #expect(growth.path.steps.map(\.object.class) == ["Global", "Array"])
        #expect(growth.counts == [5, 100] && growth.retainedSizes == [500, 10_000])
        #expect(growth.countDelta == 95 && growth.retainedDelta == 9500)
    }

    @Test func saysNothingOfWhatIsTheSame() throws {
        let diff = try Self.compare(Self.heap(101...105), Self.heap(101...105))
        #expect(diff.classes.isEmpty && diff.growth.isEmpty && !diff.hasUnrelatedIDs)
    }

    /// Then nobody knows which objects are new, unless it is asked for what the ids say.
    @Test(arguments: [false, true]) func noticesWhereNothingIsTheSame(byIDs: Bool) throws {
        let diff = try Self.compare(Self.heap(101...200), Self.heap(1001...1100, global: 901), byIDs: byIDs)
        #expect(diff.hasUnrelatedIDs)
        let row = try #require(diff.classes.first { $0.name == "Session" })
        let count: UInt64? = byIDs ? 100 : nil
        #expect(row.addedCount == count && row.removedCount == count && row.hasOtherObjects == byIDs)
        #expect(row.addedSize == count.map { $0 * 100 } && row.countDelta == 0 && row.retainedDelta == 0)
    }

    /// Classes of one name that changed alike are in the order of the source, each time.
    @Test func ordersWhatChangedAlike() throws {
        var heap = Self.heap(101...105)
        for number in 0..<12 {
            let object = heap.add("Twin", 10, id: UInt64(501 + 2 * number))
            heap.link(1, object, "twin\(number)")
            heap.locations.append((object, 7, 40 - number, 3))
        }
        let diff = try Self.compare(Self.heap(101...105), heap)
        let lines = diff.classes.filter { $0.name == "Twin" }.map(\.line)
        #expect(lines == (29...40).map { UInt32($0) })
    }

    @Test func noticesAnObjectThatBecameAnother() throws {
        let diff = try Self.compare(Self.heap(101...103), Self.heap(101...102, others: ["Other": [103]]))
        #expect(diff.classes.first { $0.name == "Session" }?.removedCount == 1)
        #expect(diff.classes.first { $0.name == "Other" }?.addedCount == 1)
    }

    /// Of the newer snapshot, by which the older one is read too.
    @Test func tellsPlainObjectsApartByTheSameInterfaces() throws {
        func plain(_ count: Int) -> SmallHeap {
            var heap = Self.heap(101...102)
            for number in 0..<count {
                let object = heap.add("Object", 10, id: UInt64(501 + 2 * number))
                heap.link(1, object, "o\(number)")
                heap.link(object, 1, "kept")
            }
            return heap
        }
        // One object is no interface by itself.
        let diff = try Self.compare(plain(1), plain(4))
        let row = try #require(diff.classes.first { $0.name == "{kept}" })
        #expect(row.addedCount == 3 && row.removedCount == 0)
        #expect(!diff.classes.contains { $0.name == "Object" })
    }
}
