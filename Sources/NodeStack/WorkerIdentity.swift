import ELF
import Linux

/// The `threadId` of a worker, found in Node's own object for it (node_worker.h): there it stands right before the address that the
/// worker's stack may grow to, which no other thread has.
struct WorkerIdentity {
    let code: CodeMap
    let memory: ProcessMemory

    /// How much of the object is searched.
    private static let objectBytes = 1024
    private static let mostStackBytes: UInt64 = 4096
    private static let greatestID: UInt64 = 1 << 24

    /// - Parameter frames: of the whole thread. The C library starts it with two functions of its own; the next one is Node's, and
    ///   has a pointer to the object in its frame.
    /// - Returns: nil where nothing fits, or several things do.
    func threadID(_ frames: [Unwinder.Frame]) -> Int? {
        guard frames.count >= 3 else { return nil }
        let pointer = frames[frames.count - 3].registers.stackPointer
        let end = frames[frames.count - 2].registers.stackPointer
        guard pointer < end, end - pointer <= Self.mostStackBytes, let stack = code.mapping(at: pointer) else {
            return nil
        }
        var found: Set<UInt64> = []
        for place in stride(from: pointer / 8 * 8, to: end, by: 8) {
            guard let object = memory.word(at: place), object % 8 == 0, !stack.addresses.contains(object),
                code.mapping(at: object)?.isWritable ?? false
            else { continue }
            found.formUnion(identities(in: object, stack.addresses.lowerBound..<pointer))
        }
        return found.count == 1 ? found.first.map { Int($0) } : nil
    }

    private func identities(in object: UInt64, _ stack: Range<UInt64>) -> [UInt64] {
        (0..<UInt64(Self.objectBytes / 8)).compactMap { index in
            let place = object + index * 8
            guard let id = memory.word(at: place), (1...Self.greatestID).contains(id),
                let base = memory.word(at: place + 8), stack.contains(base)
            else { return nil }
            return id
        }
    }
}
