/// A part of a report that heapdump itself goes by, and that its JSON leaves out.
@propertyWrapper
public struct Unprinted<Value> {
    public var wrappedValue: Value

    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
}

extension Unprinted: Sendable where Value: Sendable {}
extension Unprinted: Equatable where Value: Equatable {}

extension Unprinted: Encodable {
    public func encode(to encoder: any Encoder) {}
}

extension KeyedEncodingContainer {
    /// What the compiler makes of a property of this type: not even its key is written.
    public func encode<Value>(_ value: Unprinted<Value>, forKey key: Key) {}
}
