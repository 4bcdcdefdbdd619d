/// libFuzzer's entry: asks the unit tests' properties of a heap that is made of whatever it comes up with.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzAnalysis(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let violation = AnalysisProperties.violation(on: bytes) { report(violation) }
    return 0
}
