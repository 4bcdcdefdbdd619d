import Synchronization

/// Texts by numbers, which mean the same in all heaps that are compared. The texts themselves are not kept.
public final class PathVocabulary: Sendable {
    private struct State {
        var numbers: [TextIdentity: UInt32] = [:]
        var stores: Set<UInt32> = []
    }

    private let state = Mutex(State())

    public init() {}

    func number(of text: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let identity = TextIdentity(text)
        return state.withLock { state in
            if let known = state.numbers[identity] { return known }
            let number = UInt32(truncatingIfNeeded: state.numbers.count)
            state.numbers[identity] = number
            if Self.isStore(text) { state.stores.insert(number) }
            return number
        }
    }

    func number(of text: [UInt8]) -> UInt32 { text.withUnsafeBufferPointer { number(of: $0) } }

    /// Classes of V8's own objects, which keep the parts of others. A context is not among them: its variables have names.
    private static func isStore(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        ["(array)", "(system)", "(object shape)", "(compiled code)"].contains { name.elementsEqual($0.utf8) }
            || name.starts(with: "system / ".utf8) && !name.starts(with: "system / Context".utf8)
    }

    /// Whether objects of this class keep the parts of others.
    func isStore(_ className: UInt32) -> Bool { state.withLock { $0.stores.contains(className) } }
}
