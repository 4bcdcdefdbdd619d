import Glibc

/// A quick hash of texts. What has the same hash is compared; other keys in each run keep a document from being made whose
/// texts all have the same.
enum TextHash {
    static let seed = UInt64.random(in: .min ... .max)
    /// The products of an odd number that nobody knows: no two texts can be chosen whose hashes agree.
    private static let factor = UInt64.random(in: .min ... .max) | 1

    static func of(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 { of(text, seed, factor) }

    @inline(__always)
    fileprivate static func of(_ text: UnsafeBufferPointer<UInt8>, _ seed: UInt64, _ factor: UInt64) -> UInt64 {
        var hash = seed ^ UInt64(truncatingIfNeeded: text.count) &* 0x9E37_79B9_7F4A_7C15
        guard let base = text.baseAddress else { return hash }
        var index = 0
        while index &+ 8 <= text.count {
            hash = mix(hash ^ UnsafeRawPointer(base).loadUnaligned(fromByteOffset: index, as: UInt64.self), factor)
            index &+= 8
        }
        var rest: UInt64 = 0
        while index < text.count {
            rest = rest &<< 8 | UInt64(base[index])
            index &+= 1
        }
        return mix(hash ^ rest, factor)
    }

    /// Of a hash of what came before, and a number.
    @inline(__always)
    static func mix(_ hash: UInt64, _ number: UInt64) -> UInt64 {
        let product = hash.multipliedFullWidth(by: number)
        return product.high ^ product.low
    }

    /// Of a list: of what came before, and the next number.
    @inline(__always)
    static func next(_ hash: UInt64, _ number: UInt64) -> UInt64 { mix(hash ^ number, factor) }

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
        guard let first = a.baseAddress, let second = b.baseAddress, first != second else { return true }
        return memcmp(first, second, a.count) == 0
    }
}

/// A text of any length, known by two hashes: where texts are told apart that need not stay in memory.
struct TextIdentity: Hashable, Sendable {
    private let count: Int
    private let first: UInt64
    private let second: UInt64

    private static let otherSeed = UInt64.random(in: .min ... .max)
    private static let otherFactor = UInt64.random(in: .min ... .max) | 1

    init(_ text: UnsafeBufferPointer<UInt8>) {
        count = text.count
        first = TextHash.of(text)
        second = TextHash.of(text, Self.otherSeed, Self.otherFactor)
    }
}
