import Glibc

/// Memory for columns, which come and go by the dozen in an analysis, many of one length.
///
/// What is given back is kept for the next of the same length: a page that is new must be found and cleared by the system, which
/// costs more than what is then done with it. But only until a column of another length is wanted: then it goes back to the system first,
/// so that columns never take more than what was in use at one time.
public enum ColumnMemory {
    /// From here on, in bytes, memory is kept; less is the C library's, as is what grows.
    static let leastBytes = 1 << 20
    /// Lengths are rounded up to this.
    private static let unit = 64 << 10

    private struct Block {
        let start: UnsafeMutableRawPointer
        let bytes: Int
    }

    private final class Kept: @unchecked Sendable {
        var mutex = pthread_mutex_t()
        var blocks: [Block] = []

        init() {
            pthread_mutex_init(&mutex, nil)
        }
    }

    private static let kept = Kept()

    static func rounded(_ bytes: Int) -> Int? {
        let (sum, overflows) = bytes.addingReportingOverflow(unit - 1)
        return overflows ? nil : sum & ~(unit - 1)
    }

    /// - Parameters:
    ///   - bytes: rounded.
    ///   - used: of them, which are zero.
    /// - Returns: nil where the system has no room for it.
    static func allocate(_ bytes: Int, clearing used: Int) -> UnsafeMutableRawPointer? {
        pthread_mutex_lock(&kept.mutex)
        if let index = kept.blocks.lastIndex(where: { $0.bytes == bytes }) {
            let block = kept.blocks.remove(at: index)
            pthread_mutex_unlock(&kept.mutex)
            memset(block.start, 0, used)
            return block.start
        }
        pthread_mutex_unlock(&kept.mutex)
        giveBack()
        guard let start = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            start != MAP_FAILED
        else { return nil }
        return start
    }

    /// Gives back to the system what is kept: for who asks how much memory there is, or wants other memory than columns.
    public static func giveBack() {
        pthread_mutex_lock(&kept.mutex)
        let blocks = kept.blocks
        kept.blocks = []
        pthread_mutex_unlock(&kept.mutex)
        for block in blocks { munmap(block.start, block.bytes) }
    }

    static func free(_ start: UnsafeMutableRawPointer, _ bytes: Int) {
        pthread_mutex_lock(&kept.mutex)
        kept.blocks.append(Block(start: start, bytes: bytes))
        pthread_mutex_unlock(&kept.mutex)
    }

    /// Has pages for all of it at once. A page that is read before it is written is given twice else: first the system's page of
    /// zeros, then one of its own, of which all processors must be told.
    static func populate(_ start: UnsafeMutableRawPointer, _ bytes: Int) {
        // A hint: kernels before 5.14 do not know it.
        _ = madvise(start, bytes, CInt(MADV_POPULATE_WRITE))
    }
}
