import Glibc

/// Reads a file, and decompresses it, on a thread of its own: whoever takes the chunks can work on one while the next is read.
public final class ChunkReader: @unchecked Sendable {
    private static let chunkBytes = 256 << 10
    private static let chunkCount = 3

    private let descriptor: Int32
    private let admit: @Sendable (_ bytes: Int) -> Bool
    private var mutex = pthread_mutex_t()
    private var changed = pthread_cond_t()
    private let buffers: [UnsafeMutableRawBufferPointer]
    // Guarded by the mutex.
    private var filled = 0
    private var taken = 0
    private var lengths = [Int](repeating: 0, count: chunkCount)
    private var isStopped = false
    private var failure: InputError?
    private var thread: pthread_t?
    /// How far the file was read: compressed, where it is.
    private var readBytes: UInt64 = 0
    private var holdsChunk = false

    /// - Parameters:
    ///   - descriptor: is closed at the end.
    ///   - admit: asked whether there is memory for a decompression that takes much.
    public init(_ descriptor: Int32, admit: @escaping @Sendable (_ bytes: Int) -> Bool = { _ in true }) {
        self.descriptor = descriptor
        self.admit = admit
        buffers = (0..<Self.chunkCount).map { _ in .allocate(byteCount: Self.chunkBytes, alignment: 64) }
        pthread_mutex_init(&mutex, nil)
        pthread_cond_init(&changed, nil)
        var started = pthread_t()
        let this = Unmanaged.passUnretained(self)
        let error = pthread_create(
            &started, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ChunkReader>.fromOpaque(argument).takeUnretainedValue().run()
                return nil
            }, this.toOpaque())
        if error == 0 {
            thread = started
        } else {
            failure = InputError("there is no thread to read it: " + String(cString: strerror(error)))
            isStopped = true
        }
    }

    deinit {
        stop()
        for buffer in buffers { buffer.deallocate() }
        close(descriptor)
        pthread_mutex_destroy(&mutex)
        pthread_cond_destroy(&changed)
    }

    /// The next bytes, valid until the next call; nil at the end.
    public func next() throws(InputError) -> UnsafeRawBufferPointer? {
        pthread_mutex_lock(&mutex)
        defer { pthread_mutex_unlock(&mutex) }
        if holdsChunk {
            taken += 1
            holdsChunk = false
            pthread_cond_broadcast(&changed)
        }
        while taken == filled, !isStopped { pthread_cond_wait(&changed, &mutex) }
        if taken < filled {
            holdsChunk = true
            let slot = taken % Self.chunkCount
            return UnsafeRawBufferPointer(rebasing: buffers[slot][..<lengths[slot]])
        }
        if let failure { throw failure }
        return nil
    }

    /// Ends the thread. Nothing can be read after that.
    public func stop() {
        guard let thread else { return }
        pthread_mutex_lock(&mutex)
        isStopped = true
        pthread_cond_broadcast(&changed)
        pthread_mutex_unlock(&mutex)
        pthread_join(thread, nil)
        self.thread = nil
    }

    private func run() {
        var error: InputError?
        do throws(InputError) {
            try readAll()
        } catch let caught {
            error = caught
        }
        pthread_mutex_lock(&mutex)
        failure = error
        isStopped = true
        pthread_cond_broadcast(&changed)
        pthread_mutex_unlock(&mutex)
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
        pthread_mutex_lock(&mutex)
        defer { pthread_mutex_unlock(&mutex) }
        while filled - taken == Self.chunkCount, !isStopped { pthread_cond_wait(&changed, &mutex) }
        return isStopped ? nil : buffers[filled % Self.chunkCount]
    }

    private func publish(_ count: Int) {
        pthread_mutex_lock(&mutex)
        lengths[filled % Self.chunkCount] = count
        filled += 1
        pthread_cond_broadcast(&changed)
        pthread_mutex_unlock(&mutex)
    }

    /// Reads on through a pipe's small portions.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        var filled = 0
        while filled < buffer.count, let base = buffer.baseAddress {
            let count = read(descriptor, base + filled, buffer.count - filled)
            if count < 0 {
                if errno == EINTR { continue }
                throw SnapshotInput.error("read")
            }
            if count == 0 { break }
            filled += count
        }
        return filled
    }
}
