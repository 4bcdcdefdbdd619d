/// The ids seen so far, exact, in little memory.
///
/// V8 numbers heap objects with dense odd ids that come mostly in runs, and native objects with a few ids all over the
/// 32 bits. The ids are kept in blocks of 65,536 as Roaring bitmaps do: up to four of their low halves in the block
/// itself, a sorted array of more, and a bitmap of 8 KiB of many — two bits a node for V8's ids.
struct NodeIDSet: ~Copyable {
    private var directory = IDBlockDirectory()
    private let memoryLimit: Int
    private var blockBytes = 0
    /// Whether the memory limit was reached: from then on every id passes.
    private(set) var isExhausted = false

    // The bitmap of the last block used, nil while that block is an array.
    private var cachedKey: UInt64 = 0
    private var cachedBitmap: UnsafeMutablePointer<UInt64>?

    /// `memoryLimit` is in bytes.
    init(memoryLimit: Int) {
        self.memoryLimit = memoryLimit
    }

    /// Returns false where the id was in the set.
    @inline(__always)
    mutating func insert(_ id: UInt64) -> Bool {
        if let cachedBitmap, cachedKey == id &>> 16 { return IDBlock.set(UInt16(truncatingIfNeeded: id), cachedBitmap) }
        return insertSlowly(id)
    }

    @inline(never)
    private mutating func insertSlowly(_ id: UInt64) -> Bool {
        if isExhausted { return true }
        let key = id &>> 16
        let slot = directory.slot(of: key)
        let before = directory.blocks[slot].bytes
        let isNew = directory.blocks[slot].insert(UInt16(truncatingIfNeeded: id))
        blockBytes &+= directory.blocks[slot].bytes &- before
        cachedKey = key
        cachedBitmap = directory.blocks[slot].bitmap
        if blockBytes &+ directory.bytesWhenGrown > memoryLimit {
            isExhausted = true
            cachedBitmap = nil
            blockBytes = 0
            directory = IDBlockDirectory()
        }
        return isNew
    }
}

/// The blocks by their ids' upper 48 bits: an open-addressing table.
struct IDBlockDirectory: ~Copyable {
    private(set) var blocks: UnsafeMutablePointer<IDBlock>
    private var capacity: Int
    private var count = 0

    init() {
        capacity = 16
        blocks = Self.allocate(capacity)
    }

    deinit {
        for slot in 0..<capacity { blocks[slot].deallocate() }
        blocks.deallocate()
    }

    /// The bytes this table and the next larger one take.
    var bytesWhenGrown: Int { 3 &* capacity &* MemoryLayout<IDBlock>.stride }

    /// The slot of the block, made where there was none.
    mutating func slot(of key: UInt64) -> Int {
        let found = probe(key)
        if blocks[found].isInUse { return found }
        guard (count &+ 1) &* 4 > capacity &* 3 else {
            count &+= 1
            blocks[found].key = key
            return found
        }
        grow()
        return slot(of: key)
    }

    private func probe(_ key: UInt64) -> Int {
        let mask = capacity &- 1
        // The standard library's seeded hash: no document can be made whose ids all fall on one slot.
        var slot = key.hashValue & mask
        while blocks[slot].isInUse, blocks[slot].key != key { slot = (slot &+ 1) & mask }
        return slot
    }

    private mutating func grow() {
        let old = blocks
        let oldCapacity = capacity
        capacity = oldCapacity &* 2
        blocks = Self.allocate(capacity)
        for slot in 0..<oldCapacity where old[slot].isInUse {
            blocks[probe(old[slot].key)] = old[slot]
        }
        old.deallocate()
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<IDBlock> {
        let blocks = UnsafeMutablePointer<IDBlock>.allocate(capacity: capacity)
        blocks.initialize(repeating: IDBlock(), count: capacity)
        return blocks
    }
}

/// The low halves of the ids of one block. Its owner deallocates it.
struct IDBlock {
    /// An array of this many ids is half as large as the bitmap.
    private static let arrayLimit: UInt32 = 2_048
    private static let bitmapWords = 1_024
    private static let bitmapMark = UInt32.max
    private static let inlineLimit: UInt32 = 4

    var key: UInt64 = 0
    private var count: UInt32 = 0
    /// Elements of the array, 0 where there is none yet, `bitmapMark` for a bitmap.
    private var capacity: UInt32 = 0
    /// The address of the array or the bitmap; the low halves themselves, the first the lowest, where there is neither.
    private var word: UInt64 = 0

    var isInUse: Bool { count > 0 }

    private var storage: UnsafeMutableRawPointer? {
        capacity == 0 ? nil : UnsafeMutableRawPointer(bitPattern: UInt(word))
    }

    var bitmap: UnsafeMutablePointer<UInt64>? {
        capacity == Self.bitmapMark ? storage?.assumingMemoryBound(to: UInt64.self) : nil
    }

    var bytes: Int {
        if capacity == Self.bitmapMark { return Self.bitmapWords &* MemoryLayout<UInt64>.stride }
        // The allocator's least is 32 bytes with its own word.
        return capacity == 0 ? 0 : max(Int(capacity) &* MemoryLayout<UInt16>.stride &+ 8, 32)
    }

    func deallocate() {
        storage?.deallocate()
    }

    /// Returns false where the id was in the block.
    mutating func insert(_ low: UInt16) -> Bool {
        if let bitmap { return Self.set(low, bitmap) }
        if capacity == 0 {
            for index in 0..<count where inlined(index) == low { return false }
            if count < Self.inlineLimit {
                word |= UInt64(low) &<< UInt64(count &* 16)
                count &+= 1
                return true
            }
        }
        if capacity == 0 || count == capacity, let bitmap = enlarge() { return Self.set(low, bitmap) }
        guard let array = storage?.assumingMemoryBound(to: UInt16.self) else { return true }
        var lower = 0
        var upper = Int(count)
        if upper > 0, array[upper &- 1] < low { lower = upper }
        while lower < upper {
            let middle = (lower &+ upper) / 2
            if array[middle] < low { lower = middle &+ 1 } else { upper = middle }
        }
        if lower < Int(count), array[lower] == low { return false }
        (array + lower + 1).update(from: array + lower, count: Int(count) &- lower)
        array[lower] = low
        count &+= 1
        return true
    }

    private func inlined(_ index: UInt32) -> UInt16 {
        UInt16(truncatingIfNeeded: word &>> UInt64(index &* 16))
    }

    @inline(__always)
    static func set(_ low: UInt16, _ bitmap: UnsafeMutablePointer<UInt64>) -> Bool {
        let word = Int(low &>> 6)
        let bit: UInt64 = 1 &<< UInt64(low & 63)
        let before = bitmap[word]
        bitmap[word] = before | bit
        return before & bit == 0
    }

    /// Makes room for one more. Returns the bitmap where that is what the array became.
    private mutating func enlarge() -> UnsafeMutablePointer<UInt64>? {
        let old = storage?.assumingMemoryBound(to: UInt16.self)
        guard capacity < Self.arrayLimit else {
            let bitmap = UnsafeMutablePointer<UInt64>.allocate(capacity: Self.bitmapWords)
            bitmap.initialize(repeating: 0, count: Self.bitmapWords)
            if let old {
                for index in 0..<Int(count) { _ = Self.set(old[index], bitmap) }
                old.deallocate()
            }
            word = UInt64(UInt(bitPattern: bitmap))
            capacity = Self.bitmapMark
            return bitmap
        }
        let larger = max(capacity &* 2, 2 &* Self.inlineLimit)
        let array = UnsafeMutablePointer<UInt16>.allocate(capacity: Int(larger))
        array.initialize(repeating: 0, count: Int(larger))
        if let old {
            array.update(from: old, count: Int(count))
            old.deallocate()
        } else {
            for index in 0..<count { array[Int(index)] = inlined(index) }
            var lows = UnsafeMutableBufferPointer(start: array, count: Int(count))
            lows.sort()
        }
        word = UInt64(UInt(bitPattern: array))
        capacity = larger
        return nil
    }
}
