import Glibc
public import Linux
import SystemPackage

/// Reads a file, and decompresses it, on a thread of its own: whoever takes the chunks can work on one while the next is read.
public final class ChunkReader: @unchecked Sendable {
    private static let chunkBytes = 256 << 10
    private static let chunkCount = 3

    private let file: Descriptor
    private let admit: @Sendable (_ bytes: Int) -> Bool
    private let monitor = Monitor()
    private let buffers: [UnsafeMutableRawBufferPointer]
    // Guarded by the monitor.
    private var filled = 0
    private var taken = 0
    private var lengths = [Int](repeating: 0, count: chunkCount)
    private var isStopped = false
    private var seenCompression: Compression?
    private var failure: InputError?
    private var thread: Thread?
    /// How far the file was read: compressed, where it is.
    private var readBytes: UInt64 = 0
    private var holdsChunk = false

    /// - Parameters:
    ///   - admit: asked whether there is memory for a decompression that takes much.
    public init(_ file: consuming Descriptor, admit: @escaping @Sendable (_ bytes: Int) -> Bool = { _ in true }) {
        self.file = file
        self.admit = admit
        buffers = (0..<Self.chunkCount).map { _ in .allocate(byteCount: Self.chunkBytes, alignment: 64) }
        do throws(Errno) {
            // Which keeps this until it ends: whoever takes no more has to `stop`.
            thread = try Thread { [unowned(unsafe) self] in run() }
        } catch {
            failure = InputError("there is no thread to read it: \(error)")
            isStopped = true
        }
    }

    deinit {
        stop()
        for buffer in buffers { buffer.deallocate() }
    }

    /// The next bytes, valid until the next call; nil at the end.
    public func next() throws(InputError) -> UnsafeRawBufferPointer? {
        let next = monitor.locked { () -> Result<UnsafeRawBufferPointer?, InputError> in
            if holdsChunk {
                taken += 1
                holdsChunk = false
                monitor.notifyAll()
            }
            while taken == filled, !isStopped { monitor.wait() }
            if taken < filled {
                holdsChunk = true
                let slot = taken % Self.chunkCount
                return .success(UnsafeRawBufferPointer(rebasing: buffers[slot][..<lengths[slot]]))
            }
            if let failure { return .failure(failure) }
            return .success(nil)
        }
        return try next.get()
    }

    /// How the file is compressed, known once the first bytes are there; nil if it is not.
    public var compression: Compression? { monitor.locked { seenCompression } }

    /// Ends the thread. Nothing can be read after that.
    public func stop() {
        guard let thread else { return }
        monitor.locked {
            isStopped = true
            monitor.notifyAll()
        }
        thread.join()
        self.thread = nil
    }

    private func run() {
        var error: InputError?
        do throws(InputError) {
            try readAll()
        } catch let caught {
            error = caught
        }
        monitor.locked {
            failure = error
            isStopped = true
            monitor.notifyAll()
        }
    }

    private func readAll() throws(InputError) {
        guard let first = awaitSlot() else { return }
        var count = try fill(first)
        guard let compression = Compression(first.prefix(count)) else {
            // Whole chunks: what a file is that is no snapshot is told by its first bytes together.
            while count > 0 {
                publish(count)
                guard let slot = awaitSlot() else { return }
                count = try fill(slot)
            }
            return
        }
        monitor.locked { seenCompression = compression }
        let decompression = try Decompression(compression, admit: admit)
        let input = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunkBytes, alignment: 64)
        defer { input.deallocate() }
        input.copyMemory(from: UnsafeRawBufferPointer(rebasing: first[..<count]))
        var output = first
        var length = 0
        while count > 0 {
            var start = 0
            // A full output may hide that there is more to come from the same input.
            var isFull = false
            while start < count || isFull {
                let portion = UnsafeRawBufferPointer(rebasing: input[start..<count])
                let room = UnsafeMutableRawBufferPointer(rebasing: output[length...])
                let (used, filled) = try decompression.decode(portion, into: room)
                start += used
                length += filled
                isFull = length == output.count
                if isFull {
                    publish(length)
                    guard let slot = awaitSlot() else { return }
                    output = slot
                    length = 0
                } else if used == 0, filled == 0 {
                    break
                }
            }
            count = try fill(input)
        }
        try decompression.finish()
        if length > 0 { publish(length) }
    }

    /// A buffer that nobody reads; nil where no more is wanted.
    private func awaitSlot() -> UnsafeMutableRawBufferPointer? {
        monitor.locked {
            while filled - taken == Self.chunkCount, !isStopped { monitor.wait() }
            return isStopped ? nil : buffers[filled % Self.chunkCount]
        }
    }

    private func publish(_ count: Int) {
        monitor.locked {
            lengths[filled % Self.chunkCount] = count
            filled += 1
            monitor.notifyAll()
        }
    }

    /// Reads on through a pipe's small portions.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        do throws(Errno) {
            var filled = 0
            while filled < buffer.count {
                let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                if count == 0 { break }
                filled += count
            }
            return filled
        } catch {
            throw InputError("cannot read it: \(error)")
        }
    }
}
