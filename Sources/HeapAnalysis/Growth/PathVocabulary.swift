import Synchronization

/// Texts by numbers, which mean the same in all heaps that are compared.
public final class PathVocabulary: Sendable {
    private struct State {
        var numbers: [String: UInt32] = [:]
        var stores: Set<UInt32> = []
    }

    private let state = Mutex(State())

    public init() {}

    /// Classes of V8's own objects, which keep the parts of others. A context is not among them: its variables have names.
    private static func isStore(_ name: String) -> Bool {
        ["(array)", "(system)", "(object shape)", "(compiled code)"].contains(name)
            || name.hasPrefix("system / ") && !name.hasPrefix("system / Context")
    }

    func number(of text: String) -> UInt32 {
        state.withLock { state in
            if let known = state.numbers[text] { return known }
            let number = UInt32(truncatingIfNeeded: state.numbers.count)
            state.numbers[text] = number
            if Self.isStore(text) { state.stores.insert(number) }
            return number
        }
    }

    /// Whether objects of this class keep the parts of others.
    func isStore(_ className: UInt32) -> Bool { state.withLock { $0.stores.contains(className) } }
}
