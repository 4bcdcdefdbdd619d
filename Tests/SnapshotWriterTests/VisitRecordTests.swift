import Testing

@testable import SnapshotWriter

/// What a process has in the memory that it shares with heapdump: anything.
struct VisitRecordTests {
    private func record(_ change: (inout [UInt8]) -> Void) -> VisitRecord {
        var bytes = [UInt8](repeating: 0, count: VisitRecord.bytes)
        change(&bytes)
        return VisitRecord(bytes)
    }

    private func put(_ number: Int64, _ field: VisitRecord.Field, in bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) {
            bytes.replaceSubrange(Int(field.offset)..<Int(field.offset) + 8, with: $0)
        }
    }

    @Test func readsWhatTheForkHasWritten() {
        let record = record {
            put(2, .state, in: &$0)
            put(4711, .pid, in: &$0)
            put(2500, .stallMicroseconds, in: &$0)
            put(1, .wasCalm, in: &$0)
            put(20, .outputReader, in: &$0)
            put(23, .goWriter, in: &$0)
        }
        #expect(record.state == .done)
        #expect(record.answer.pid == 4711 && record.answer.output == 20 && record.answer.go == 23)
        #expect(record.answer.stallMicroseconds == 2500 && record.answer.calm == 1 && record.answer.errno == 0)
    }

    @Test func asksForWhatIsWanted() {
        let options = ForkOptions(force: true, watchdogSeconds: 600, memoryBytes: 1 << 30, niceness: 7)
        let bytes = VisitRecord.asking(options, isCancelled: true)
        let record = VisitRecord(bytes + [UInt8](repeating: 0, count: VisitRecord.bytes - bytes.count))
        #expect(record[.force] == 1 && record[.watchdogSeconds] == 600 && record[.niceness] == 7)
        #expect(record[.memoryBytes] == 1 << 30 && record[.isCancelled] == 1 && record.state == .notBegun)
        // The count of V8's calls goes on.
        #expect(bytes.count == Int(VisitRecord.Field.calls.offset))
    }

    @Test func knowsACallThatIsStillToCome() {
        #expect(record { put(1, .asks, in: &$0) }.isPending)
        #expect(
            !record {
                put(1, .asks, in: &$0)
                put(1, .calls, in: &$0)
            }.isPending)
    }

    @Test func believesNoHeapThatNoneCanBe() {
        for (small, large) in [(0, 0), (-1, 5), (Int64.max, 0), (5, Int64.max), (5, -1)] as [(Int64, Int64)] {
            let record = record {
                put(small, .smallBytes, in: &$0)
                put(large, .largeBytes, in: &$0)
            }
            #expect(record.heap == nil)
        }
        let record = record {
            put(1 << 20, .smallBytes, in: &$0)
            put(1 << 21, .largeBytes, in: &$0)
        }
        #expect(record.heap?.total == 3 << 20)
    }

    @Test func printsNothingRaw() {
        let record = record { bytes in
            for place in VisitRecord.texts { bytes[place] = 0x1B }
        }
        for text in [record.copyError, record.answer.busy ?? "", record.answer.step ?? ""] {
            #expect(!text.isEmpty && !text.utf8.contains(0x1B))
        }
    }

    @Test func aShortOneHasNothing() {
        let record = VisitRecord([1, 2, 3])
        #expect(record[.pid] == 0 && record.copyError == "" && record.heap == nil)
    }
}
