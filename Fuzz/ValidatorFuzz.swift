import Glibc

/// libFuzzer's entry: asks the unit tests' properties of whatever it comes up with.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzValidator(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let violation = ValidatorProperties.violation(on: bytes, allocatedBytes: allocatedBytes) {
        report(violation)
    }
    return 0
}

/// Of the address sanitizer's allocator.
@_silgen_name("__sanitizer_get_current_allocated_bytes")
private func allocatedBytes() -> Int
