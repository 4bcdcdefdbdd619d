/// Numbers at offsets; `nil` beyond the end.
package struct LittleEndian {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package subscript<Value: FixedWidthInteger>(offset: Int) -> Value? {
        let size = MemoryLayout<Value>.size
        guard offset >= 0, size <= bytes.count, offset <= bytes.count - size else { return nil }
        return bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
    }
}
