import Glibc

/// A quick hash of texts. What has the same hash is compared; another seed in each run keeps a document from being made whose
/// texts all have the same.
enum TextHash {
    static let seed = UInt64.random(in: .min ... .max)

    static func of(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = seed ^ UInt64(truncatingIfNeeded: text.count) &* 0x9E37_79B9_7F4A_7C15
        guard let base = text.baseAddress else { return hash }
        var index = 0
        func mix(_ word: UInt64) {
            hash = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
            hash ^= hash &>> 32
        }
        while index &+ 8 <= text.count {
            mix(UnsafeRawPointer(base).loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        var rest: UInt64 = 0
        while index < text.count {
            rest = rest &<< 8 | UInt64(base[index])
            index &+= 1
        }
        mix(rest)
        return hash
    }

    /// Each bit of the number changes bits all over the hash.
    static func of(_ number: UInt64) -> UInt64 {
        var hash = number ^ seed
        hash ^= hash &>> 32
        hash = hash &* 0xFF51_AFD7_ED55_8CCD
        hash ^= hash &>> 32
        hash = hash &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash &>> 32
    }

    static func areSame(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        guard let first = a.baseAddress, let second = b.baseAddress else { return true }
        return memcmp(first, second, a.count) == 0
    }
}
