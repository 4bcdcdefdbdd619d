/// The texts of a snapshot, one after the other, as UTF-8 without JSON's escapes. Lone surrogates, which JavaScript's strings
/// may hold, are WTF-8.
public final class StringColumn: @unchecked Sendable {
    @exclusivity(unchecked) public private(set) var count = 0
    @usableFromInline let text: Column<UInt8>
    @exclusivity(unchecked) private var used = 0
    /// Where each string begins, from the start of its block.
    @usableFromInline let starts: Column<UInt32>
    @usableFromInline let blocks: Column<UInt64>
    @exclusivity(unchecked) private var begin = 0
    /// Where there was no room for more.
    @exclusivity(unchecked) private(set) var isFull = false

    /// So many strings, with 4 bytes each and 8 for all, are found at once.
    @usableFromInline static let blockShift = 6

    init?() {
        guard let text = Column<UInt8>(count: 1 << 16), let starts = Column<UInt32>(count: 1 << 12),
            let blocks = Column<UInt64>(count: 1 << 6)
        else { return nil }
        self.text = text
        self.starts = starts
        self.blocks = blocks
        _ = note(start: 0)
    }

    /// The bytes of a string. Valid as long as the column.
    @inlinable @inline(__always)
    public subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
        let start = start(of: index)
        return UnsafeBufferPointer(start: text.base + start, count: self.start(of: index &+ 1) &- start)
    }

    /// For people: what is no Unicode becomes U+FFFD.
    public func string(_ index: Int) -> String { String(decoding: self[index], as: UTF8.self) }

    public var byteCount: Int { used }

    @inlinable @inline(__always)
    func start(of index: Int) -> Int {
        Int(truncatingIfNeeded: blocks.base[index &>> Self.blockShift]) &+ Int(starts.base[index])
    }

    /// Takes more of the string that is being read, as it stands in the document.
    @inline(__always)
    func append(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
        guard used &+ count <= text.count || grow(by: count) else { return }
        (text.base + used).update(from: bytes, count: count)
        used &+= count
    }

    /// Ends the string that is being read.
    @inline(__always)
    func endString() {
        guard !isFull else { return }
        used = begin &+ JSONText.unescape(text.base + begin, used &- begin)
        begin = used
        count &+= 1
        if !note(start: used) { isFull = true }
    }

    /// Gives back what was not needed.
    func finish() {
        _ = text.resize(to: used)
        _ = starts.resize(to: count + 1)
        _ = blocks.resize(to: count >> Self.blockShift + 1)
    }

    /// In bytes: the text grows by no more at a time than it may turn out not to need.
    private static let longestStep = 64 << 20

    private func grow(by more: Int) -> Bool {
        if !isFull, text.resize(to: max(text.count + min(text.count, Self.longestStep), used + more)) { return true }
        isFull = true
        return false
    }

    /// - Returns: false where a block of strings does not fit into 32 bits, or there is no room.
    @inline(__always)
    private func note(start: Int) -> Bool {
        if count >= starts.count, !starts.resize(to: starts.count * 2) { return false }
        let block = count &>> Self.blockShift
        if count & (1 &<< Self.blockShift &- 1) == 0 {
            if block >= blocks.count, !blocks.resize(to: blocks.count * 2) { return false }
            blocks.base[block] = UInt64(truncatingIfNeeded: start)
        }
        let distance = start &- Int(truncatingIfNeeded: blocks.base[block])
        guard let short = UInt32(exactly: distance) else { return false }
        starts.base[count] = short
        return true
    }
}
