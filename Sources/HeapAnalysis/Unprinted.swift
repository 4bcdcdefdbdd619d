/// A part of a result that JSON leaves out.
@propertyWrapper
struct Unprinted<Value> {
    var wrappedValue: Value
}

extension Unprinted: Sendable where Value: Sendable {}
extension Unprinted: Equatable where Value: Equatable {}

extension Unprinted: Encodable {
    func encode(to encoder: any Encoder) {}
}

extension KeyedEncodingContainer {
    /// What the compiler makes of a property of this type: not even its key is written.
    func encode<Value>(_ value: Unprinted<Value>, forKey key: Key) {}
}
