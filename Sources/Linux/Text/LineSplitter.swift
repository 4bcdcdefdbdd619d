/// Cuts chunks of any size into lines; a line may be spread over many chunks.
public struct LineSplitter {
    private var carry: [UInt8] = []

    public init() {}

    /// False as soon as `body` says that it has seen enough.
    public mutating func feed(_ chunk: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        var rest = chunk[...]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<newline]
            rest = rest[(newline + 1)...]
            if carry.isEmpty {
                if !body(UnsafeRawBufferPointer(rebasing: line)) { return false }
            } else {
                carry.append(contentsOf: line)
                defer { carry.removeAll(keepingCapacity: true) }
                if !carry.withUnsafeBytes(body) { return false }
            }
        }
        carry.append(contentsOf: rest)
        return true
    }

    /// The last line, where no newline ended it.
    public mutating func finish(_ body: (UnsafeRawBufferPointer) -> Bool) {
        if !carry.isEmpty { _ = carry.withUnsafeBytes(body) }
        carry.removeAll()
    }
}
