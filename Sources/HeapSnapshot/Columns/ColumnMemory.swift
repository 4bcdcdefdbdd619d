internal import CHeapSnapshot
import Glibc

/// Memory for columns, which come and go by the dozen in an analysis.
///
/// A page that is new must be found and cleared by the system, which costs more than what is then done with it. So the pages of
/// columns that are gone are kept, and moved to where the next ones want them, whatever their lengths: together, columns never take
/// more than what was in use at one time.
public final class ColumnMemory: @unchecked Sendable {
    public static let shared = ColumnMemory()

    /// From here on, in bytes, memory is kept; less is the C library's, as is what grows.
    static let leastBytes = 128 << 10
    /// So much, in bytes, columns leave to the rest of the program, which cannot go on where it is given no memory: columns can.
    private static let reserve = 16 << 20
    /// Lengths are rounded up to this.
    private static let unit = 64 << 10

    /// Of one mapping.
    private struct Piece {
        var start: UnsafeMutableRawPointer
        var bytes: Int
    }

    struct Block {
        let start: UnsafeMutableRawPointer
        let bytes: Int
        /// Of the bytes, those that may be another column's, not zero.
        let used: Range<Int>
    }

    private var mutex = pthread_mutex_t()
    private var kept: [Piece] = []
    /// The lengths of which blocks in use are put together, by their beginnings.
    private var lengths: [UnsafeMutableRawPointer: [Int]] = [:]

    init() {
        pthread_mutex_init(&mutex, nil)
    }

    deinit {
        giveBack()
        pthread_mutex_destroy(&mutex)
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(&mutex)
        defer { pthread_mutex_unlock(&mutex) }
        return body()
    }

    static func rounded(_ bytes: Int) -> Int? {
        let (sum, overflows) = bytes.addingReportingOverflow(unit - 1)
        return overflows ? nil : sum & ~(unit - 1)
    }

    /// - Parameters:
    ///   - bytes: rounded.
    ///   - fromEnd: whether pages of others go to the end, not to the beginning.
    /// - Returns: nil where the system has no room for it.
    func allocate(_ bytes: Int, fromEnd: Bool = false) -> Block? {
        let pieces = locked { takePieces(bytes) }
        if pieces.count == 1, pieces[0].bytes == bytes {
            return Block(start: pieces[0].start, bytes: bytes, used: 0..<bytes)
        }
        guard let start = map(bytes) else { return allocateAlone(bytes, giving: pieces[...]) }
        let moved = pieces.reduce(0) { $0 + $1.bytes }
        let used = fromEnd ? bytes - moved..<bytes : 0..<moved
        var place = used.lowerBound
        for (index, piece) in pieces.enumerated() {
            guard cheapsnapshot_move_pages(piece.start, start + place, piece.bytes) else {
                // Where it was to go may be another thread's by now: better to lose addresses there, which no page stands behind.
                unmap(start, 0..<place)
                unmap(start, place + piece.bytes..<bytes)
                return allocateAlone(bytes, giving: pieces[index...])
            }
            place += piece.bytes
        }
        if !pieces.isEmpty {
            let parts = [used.lowerBound] + pieces.map(\.bytes) + [bytes - used.upperBound]
            locked { lengths[start] = parts.filter { $0 > 0 } }
        }
        return Block(start: start, bytes: bytes, used: used)
    }

    private func unmap(_ start: UnsafeMutableRawPointer, _ range: Range<Int>) {
        if !range.isEmpty { munmap(start + range.lowerBound, range.count) }
    }

    /// Takes from what is kept: one piece of this length, or else as many as there are up to this length.
    private func takePieces(_ bytes: Int) -> [Piece] {
        if let index = kept.lastIndex(where: { $0.bytes == bytes }) { return [kept.remove(at: index)] }
        var pieces: [Piece] = []
        var missing = bytes
        while missing > 0, var piece = kept.popLast() {
            if piece.bytes > missing {
                kept.append(Piece(start: piece.start + missing, bytes: piece.bytes - missing))
                piece.bytes = missing
            }
            pieces.append(piece)
            missing -= piece.bytes
        }
        return pieces
    }

    private func map(_ bytes: Int) -> UnsafeMutableRawPointer? {
        guard Self.isReserveLeft(besides: bytes) else { return nil }
        let start = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        return start == MAP_FAILED ? nil : start
    }

    /// Whether the system would give that, and more, in bytes.
    static func isReserveLeft(besides more: Int) -> Bool {
        let (bytes, overflows) = more.addingReportingOverflow(reserve)
        guard !overflows else { return false }
        let start = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start, start != MAP_FAILED else { return false }
        munmap(start, bytes)
        return true
    }

    /// Where there is too little room for what is kept and new memory, or a piece cannot be moved.
    private func allocateAlone(_ bytes: Int, giving pieces: ArraySlice<Piece>) -> Block? {
        for piece in pieces { munmap(piece.start, piece.bytes) }
        giveBack()
        return map(bytes).map { Block(start: $0, bytes: bytes, used: 0..<0) }
    }

    /// Gives back to the system what is kept: for who asks how much memory there is, or wants other memory than columns.
    public func giveBack() {
        let pieces = locked {
            defer { kept = [] }
            return kept
        }
        for piece in pieces { munmap(piece.start, piece.bytes) }
    }

    /// - Parameter isKept: whether its pages are for others; else they go back to the system.
    func free(_ start: UnsafeMutableRawPointer, _ bytes: Int, isKept: Bool = true) {
        locked {
            let lengths = lengths.removeValue(forKey: start) ?? [bytes]
            guard isKept else { return }
            var place = start
            for length in lengths {
                kept.append(Piece(start: place, bytes: length))
                place += length
            }
        }
        if !isKept { munmap(start, bytes) }
    }

    /// In bytes.
    var keptBytes: Int { locked { kept.reduce(0) { $0 + $1.bytes } } }

    /// Has pages for all of it at once. A page that is read before it is written is given twice else: first the system's page of
    /// zeros, then one of its own, of which all processors must be told.
    static func populate(_ start: UnsafeMutableRawPointer, _ bytes: Int) {
        // A hint: kernels before 5.14 do not know it.
        _ = madvise(start, bytes, CInt(MADV_POPULATE_WRITE))
    }
}
