import HeapSnapshot
import Linux

/// Who reads which of the edges: the one thread from the front, the other from the back, until nothing is left between them.
final class EdgeClaims: @unchecked Sendable {
    private let monitor = Monitor()
    private var front: UInt64
    private var back: UInt64
    private var isDropped = false
    private let fieldCount: Int

    /// - Parameters:
    ///   - front: the offset from which the edges are read.
    ///   - back: the offset after the bracket that closes them.
    ///   - fieldCount: how many numbers an edge is.
    init(from front: UInt64, to back: UInt64, fieldCount: Int) {
        self.fieldCount = max(fieldCount, 1)
        (self.front, self.back) = (front, back)
    }

    /// - Returns: up to which offset to read from the front; nil where nothing is left.
    func claimNext(_ bytes: UInt64) -> UInt64? {
        monitor.locked {
            guard front < back else { return nil }
            front = min(front + bytes, back)
            return front
        }
    }

    /// Reads whole rows from the back.
    /// - Returns: nil where too little is left, the other came first, or they could not be read.
    func takeLast(_ file: SnapshotText, _ buffer: SnapshotText.Buffer) -> UnsafeRawBufferPointer? {
        let (front, end) = monitor.locked { (self.front, back) }
        let most = UInt64(EdgeBlocks.mostBytes)
        guard end - front > 2 * most, let bytes = file.readWhole(end - most..<end, into: buffer),
            let skipped = startOfRow(bytes)
        else { return nil }
        let start = end - most + UInt64(skipped)
        return monitor.locked {
            guard start > self.front else { return nil }
            back = start
            return UnsafeRawBufferPointer(rebasing: bytes[skipped...])
        }
    }

    /// How many bytes stand before the first row that is whole, where the last one is: a comma or a bracket ends each number.
    private func startOfRow(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let comma = UInt8(ascii: ",")
        guard let text = bytes.baseAddress, let first = bytes.firstIndex(of: comma) else { return nil }
        let commas = Self.count(comma, text, bytes.count)
        // The number before the first comma may lack its beginning.
        let numbers = commas - 1 + (bytes.last == comma ? 0 : 1)
        guard numbers >= fieldCount else { return nil }
        var start = first + 1
        for _ in 0..<numbers % fieldCount {
            guard let next = bytes[start...].firstIndex(of: comma) else { return nil }
            start = next + 1
        }
        return start
    }

    /// How many bytes are that one: eight at a time, since it is done with half of the edges.
    private static func count(_ byte: UInt8, _ text: UnsafeRawPointer, _ length: Int) -> Int {
        let (ones, low) = (UInt64(0x0101_0101_0101_0101), UInt64(0x7F7F_7F7F_7F7F_7F7F))
        let pattern = UInt64(byte) &* ones
        var (total, index) = (0, 0)
        while index &+ 8 <= length {
            // A byte of `sums` holds up to 255.
            var sums: UInt64 = 0
            let end = min(index &+ 8 &* 255, length & ~7)
            while index < end {
                let others = text.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ pattern
                sums &+= ~(((others & low) &+ low) | others | low) &>> 7
                index &+= 8
            }
            let pairs = (sums & 0x00FF_00FF_00FF_00FF) &+ ((sums &>> 8) & 0x00FF_00FF_00FF_00FF)
            total &+= Int(truncatingIfNeeded: (pairs &* 0x0001_0001_0001_0001) &>> 48)
        }
        while index < length {
            total &+= text.load(fromByteOffset: index, as: UInt8.self) == byte ? 1 : 0
            index &+= 1
        }
        return total
    }

    /// Where both met, when both have ended.
    var meeting: UInt64 { monitor.locked { back } }

    /// Something is wrong: neither need go on.
    func giveUp() { monitor.locked { isDropped = true } }

    var isGivenUp: Bool { monitor.locked { isDropped } }
}
