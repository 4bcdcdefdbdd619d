/// libFuzzer's entry: asks the unit tests' properties of whatever it comes up with.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDecoder(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let violation = DecoderProperties.violation(on: bytes) { report(violation) }
    return 0
}
