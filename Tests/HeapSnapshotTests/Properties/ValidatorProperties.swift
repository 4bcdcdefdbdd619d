@testable import HeapSnapshot

/// What must hold of the validator on any bytes whatever. The unit tests and the fuzzer ask the same.
struct ValidatorProperties {
    /// For the node ids, in the check for bounded memory; small, so that the limit is reached.
    private static let idMemoryLimit = 1 << 16
    /// What a validator may hold in all, in bytes: above all a header of a MiB in an array that has just grown.
    private static let memoryLimit = 3 << 20
    /// How much is fed to it in the check for bounded memory, in bytes.
    private static let repeatedLength = 6 << 20

    private let bytes: [UInt8]
    /// Where a document is cut: the same for the same bytes, so that a finding can be run again.
    private let seed: UInt64

    /// - Returns: the first property that does not hold, nil where all do.
    /// - Parameter allocatedBytes: what the process has allocated now; without it, memory is not judged.
    static func violation(on bytes: [UInt8], allocatedBytes: (() -> Int)? = nil) -> String? {
        ValidatorProperties(bytes).violation(allocatedBytes)
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // FNV-1a.
        seed = bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private func violation(_ allocatedBytes: (() -> Int)?) -> String? {
        let whole = run { _ in bytes.count }
        if let broken = whole.violation { return "fed whole: \(broken)" }
        var generator = PortionSizes(state: seed)
        for (name, size) in [
            ("byte by byte", { _ in 1 }), ("in short portions", { _ in generator.next(below: 24) }),
            ("in long portions", { _ in generator.next(below: 1_000) }),
        ] as [(String, (Int) -> Int)] {
            let cut = run(portion: size)
            if let broken = cut.violation { return "fed \(name): \(broken)" }
            guard cut.outcome == whole.outcome else {
                return "fed \(name): \(cut.outcome), but fed whole: \(whole.outcome)"
            }
        }
        return contradiction(of: whole.outcome) ?? prefixViolation(whole.outcome)
            ?? allocatedBytes.flatMap { repetitionViolation($0) }
    }

    // MARK: One run

    struct Outcome: Equatable {
        var verdict: SnapshotVerdict
        var notes: [String]
        var nodes: UInt64
        var edges: UInt64
        var strings: UInt64
        var section: SnapshotSection
        var fraction: Double?
    }

    private func run(portion size: (Int) -> Int) -> (outcome: Outcome, violation: String?) {
        var validator = SnapshotValidator()
        var watch = ProgressWatch()
        var start = 0
        var violation: String?
        while start < bytes.count {
            let end = min(start + max(size(start), 1), bytes.count)
            feed(bytes[start..<end], to: &validator)
            start = end
            violation = violation ?? watch.violation(validator.progress, validator.verdictSoFar, fed: end)
        }
        let early = validator.verdictSoFar
        let verdict = validator.finish()
        if let early, early != verdict { violation = violation ?? "\(early) became \(verdict) at the end" }
        if validator.finish() != verdict { violation = violation ?? "finishing twice gives two verdicts" }
        let progress = validator.progress
        let outcome = Outcome(
            verdict: verdict, notes: validator.notes, nodes: progress.nodes, edges: progress.edges,
            strings: progress.strings, section: progress.section, fraction: progress.fractionComplete)
        return (outcome, violation ?? Self.violation(ofWordsIn: outcome, byteCount: bytes.count))
    }

    /// In memory of just that length, so that the address sanitizer sees a read beyond it.
    private func feed(_ portion: ArraySlice<UInt8>, to validator: inout SnapshotValidator) {
        if portion.count == 1, var byte = portion.first {
            withUnsafeBytes(of: &byte) { validator.feed($0) }
            return
        }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: portion.count, alignment: 1)
        defer { memory.deallocate() }
        memory.copyBytes(from: portion)
        validator.feed(UnsafeRawBufferPointer(memory))
    }

    /// Messages are bounded, go to terminals, and quote nothing of the document but numbers.
    private static func violation(ofWordsIn outcome: Outcome, byteCount: Int) -> String? {
        var words = outcome.notes
        switch outcome.verdict {
        case .inconsistent(let found):
            words.append(found.detail)
            if found.offset >= UInt64(byteCount) { return "the offset is beyond the document: \(found)" }
        case .notASnapshot(let file): words.append(file.reason)
        case .truncated(_, let offset):
            if offset != UInt64(byteCount) { return "cut at \(offset) where there are \(byteCount) bytes" }
        case .valid, .empty: break
        }
        for text in words where text.utf8.count > 250 || !text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) {
            return "not fit for a terminal: \(text)"
        }
        return nil
    }

    // MARK: Against an independent reader

    private func contradiction(of outcome: Outcome) -> String? {
        let plain = PlainSnapshot(bytes)
        let verdict = outcome.verdict
        var counts: SnapshotCounts?
        if case .valid(let found) = verdict { counts = found }
        // The plain reader gives up at a depth that the validator may not have come to.
        if plain.failure == .tooDeep {
            return counts == nil ? nil : "\(verdict), though it nests too deep"
        }
        if case .inconsistent(let found) = verdict, found.invariant == .headerSize {
            return bytes.count > SnapshotHeader.sizeLimit ? nil : "\(found) in \(bytes.count) bytes"
        }
        guard plain.counts == counts else {
            return "\(verdict), but a plain reader finds \(plain.counts.map { "\($0)" } ?? "it broken")"
        }
        switch verdict {
        case .valid:
            func isNoted(_ text: String) -> Bool { outcome.notes.contains { " \($0)".contains(text) } }
            guard isNoted("trace_function_infos") == plain.hasSurplusFunctions,
                isNoted("The root has the id 0") == plain.hasForeignRoot,
                isNoted(" \(plain.unlistedTypes) node") == (plain.unlistedTypes > 0)
            else { return "the notes are \(outcome.notes)" }
        case .truncated:
            if plain.failure != .ended {
                return "\(verdict), but a plain reader says \(String(describing: plain.failure))"
            }
        case .inconsistent(let found) where [.jsonSyntax, .utf8Encoding, .trailingData].contains(found.invariant):
            if plain.failure != .unexpected(at: Int(found.offset)) {
                return "\(found), but a plain reader says \(String(describing: plain.failure))"
            }
        case .empty:
            if !bytes.isEmpty { return "empty, though there are \(bytes.count) bytes" }
        case .inconsistent, .notASnapshot: break
        }
        return nil
    }

    // MARK: Against the beginning of the same document

    /// Until the fault is there, the document is cut short; from then on it is the same fault.
    private func prefixViolation(_ outcome: Outcome) -> String? {
        guard !bytes.isEmpty else { return nil }
        var generator = PortionSizes(state: seed &+ 1)
        let count = generator.next(below: bytes.count + 1) - 1
        let verdict = ValidatorProperties(Array(bytes[..<count])).run { _ in count }.outcome.verdict
        switch (verdict, outcome.verdict) {
        case (.empty, _) where count == 0: return nil
        case (.truncated(_, UInt64(count)), .inconsistent(let found))
        where [.jsonSyntax, .utf8Encoding, .trailingData].contains(found.invariant):
            return found.offset >= UInt64(count) ? nil : "\(found) was not found within \(count) bytes"
        case (.truncated(_, UInt64(count)), _): return nil
        case (.inconsistent, _) where verdict == outcome.verdict: return nil
        case (.notASnapshot, .notASnapshot): return nil
        case (.valid(var counts), .valid(let all)):
            // White space was cut off.
            counts.bytes = all.bytes
            return counts == all ? nil : "\(all), but the first \(count) bytes are \(verdict)"
        case (.valid, .inconsistent(let found)) where found.invariant == .trailingData: return nil
        default: return "\(outcome.verdict), but the first \(count) bytes are \(verdict)"
        }
    }

    // MARK: Memory

    /// Feeds some of the document, and then a piece of it again and again.
    private func repetitionViolation(_ allocatedBytes: () -> Int) -> String? {
        var generator = PortionSizes(state: seed &+ 2)
        guard !bytes.isEmpty, generator.next(below: 64) == 1 else { return nil }
        let start = generator.next(below: bytes.count) - 1
        let piece = bytes[start..<min(start + generator.next(below: 48), bytes.count)]
        var filler: [UInt8] = []
        while filler.count < 1 << 14 { filler += piece }
        let before = allocatedBytes()
        var validator = SnapshotValidator(idMemoryLimit: Self.idMemoryLimit)
        feed(bytes[..<piece.endIndex], to: &validator)
        var fed = 0
        while fed < Self.repeatedLength {
            feed(filler[...], to: &validator)
            fed += filler.count
        }
        let held = allocatedBytes() - before
        _ = validator.finish()
        return held <= Self.memoryLimit ? nil : "\(held) bytes are held after \(fed) bytes like \(Array(piece))"
    }
}

/// Looks at the progress after each portion.
private struct ProgressWatch {
    private var fraction = 0.0
    private var verdict: SnapshotVerdict?
    private var last: SnapshotProgress?

    mutating func violation(_ progress: SnapshotProgress, _ verdict: SnapshotVerdict?, fed: Int) -> String? {
        defer {
            last = progress
            self.verdict = verdict
            fraction = progress.fractionComplete ?? fraction
        }
        guard progress.bytes == UInt64(fed) else { return "progress counts \(progress.bytes) bytes of \(fed)" }
        if let declared = progress.declaredNodes, progress.nodes > declared { return "more nodes than declared" }
        if let declared = progress.declaredEdges, progress.edges > declared { return "more edges than declared" }
        if let last {
            guard progress.nodes >= last.nodes, progress.edges >= last.edges, progress.strings >= last.strings else {
                return "progress falls: \(last) to \(progress)"
            }
        }
        if let now = progress.fractionComplete {
            guard now >= fraction, now <= 1 else { return "the fraction goes from \(fraction) to \(now)" }
            if now == 1, verdict == nil, progress.section != .document { return "complete within \(progress.section)" }
        } else if fraction > 0 {
            return "the fraction is lost"
        }
        if let old = self.verdict, old != verdict { return "\(old) became \(String(describing: verdict))" }
        return nil
    }
}

/// Sizes from 1 on, the same for the same seed.
private struct PortionSizes {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(limit, 1))) + 1
    }
}
