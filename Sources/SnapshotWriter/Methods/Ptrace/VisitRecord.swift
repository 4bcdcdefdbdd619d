import ELF
import NodeProcess

/// What heapdump and its code in a process share: `struct visit` of Sources/HeapDumpAgent/visit/visit.h, field by field.
struct VisitRecord {
    private let memory: LittleEndian

    /// Bytes that are mapped for it and for the ranges, which begin with the second page.
    static let mappedBytes = rangesOffset + mostRanges * 16
    static let rangesOffset = 4096
    static let mostRanges = 8192
    static let bytes = 736

    /// Offsets of its numbers, of 64 bits each.
    enum Field: Int {
        case isCancelled, force, watchdogSeconds, memoryBytes, niceness
        case isolate
        case state, pid, error, stallMicroseconds, wasCalm
        case copyState, outputReader, goWriter, smallBytes, largeBytes
        case ranges, rangeCount
        case calls, asks

        var offset: UInt64 { UInt64(rawValue) * 8 }
    }

    enum State: Int64 {
        case notBegun, runs, done
    }

    enum CopyState: Int64 {
        case notReady, hasPipes, isMeasured
    }

    init(_ bytes: [UInt8]) { memory = LittleEndian(bytes) }

    subscript(field: Field) -> Int64 { memory[Int(field.offset)] ?? 0 }

    /// V8 was asked to call, and has not yet.
    var isPending: Bool { self[.calls] < self[.asks] }
    var state: State? { State(rawValue: self[.state]) }
    var copyState: CopyState? { CopyState(rawValue: self[.copyState]) }

    static let texts = 160..<736
    private static let busy = 160..<176
    private static let step = 176..<224
    private static let copyError = 224..<736

    private func text(_ range: Range<Int>) -> String {
        guard memory.bytes.count >= range.upperBound else { return "" }
        // The process can write anything here.
        return TerminalText.escaped(String(decoding: memory.bytes[range].prefix { $0 != 0 }, as: UTF8.self))
    }

    /// Why the copy has failed; empty where it does not say.
    var copyError: String { text(Self.copyError) }

    /// What V8 said of its heap; nil if it does not say.
    var heap: HeapSizes? {
        let (small, large) = (self[.smallBytes], self[.largeBytes])
        guard (1...Self.mostHeapBytes).contains(small), (0...Self.mostHeapBytes).contains(large) else { return nil }
        return HeapSizes(small: UInt64(small), large: UInt64(large))
    }

    /// The address space of a process.
    private static let mostHeapBytes: Int64 = 1 << 47

    /// What came of the fork.
    var answer: AgentAnswer {
        AgentAnswer(
            pid: Int32(truncatingIfNeeded: self[.pid]), output: Int32(truncatingIfNeeded: self[.outputReader]),
            go: Int32(truncatingIfNeeded: self[.goWriter]), stallMicroseconds: Double(self[.stallMicroseconds]),
            calm: Int(self[.wasCalm]), busy: text(Self.busy), errno: Int32(truncatingIfNeeded: self[.error]),
            step: text(Self.step))
    }

    /// A new one up to the number of calls, which stays, with what is wanted of a fork.
    static func asking(_ options: ForkOptions, isolate: UInt64 = 0, isCancelled: Bool = false) -> [UInt8] {
        let numbers: [(Field, Int64)] = [
            (.isCancelled, isCancelled ? 1 : 0), (.force, options.force ? 1 : 0),
            (.watchdogSeconds, Int64(options.watchdogSeconds)),
            (.memoryBytes, Int64(clamping: options.memoryBytes)),
            (.niceness, Int64(options.niceness ?? Self.nicenessAbove)), (.isolate, Int64(bitPattern: isolate)),
        ]
        var bytes = [UInt8](repeating: 0, count: Int(Field.calls.offset))
        for (field, number) in numbers {
            withUnsafeBytes(of: number.littleEndian) {
                bytes.replaceSubrange(Int(field.offset)..<Int(field.offset) + 8, with: $0)
            }
        }
        return bytes
    }

    /// NICENESS_ABOVE of Sources/HeapDumpAgent/child.h.
    private static let nicenessAbove = 1000
}
