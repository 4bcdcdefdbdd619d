import SystemPackage

/// A small file of a control group: a number, `max`, or lines of text.
struct CgroupFile {
    let exists: Bool
    let text: String

    init(_ path: String) {
        // Looked for in the mounts of containers too, who may have put anything there.
        guard let file = try? Descriptor(openingRegularFile: path), let bytes = try? file.bytes(upTo: 64 << 10) else {
            exists = false
            text = ""
            return
        }
        exists = true
        text = String(decoding: bytes, as: UTF8.self)
    }

    var number: UInt64? { UInt64(text.prefix { $0 != "\n" }) }

    /// nil where there is no limit: `max`, or a number that no machine has.
    var limit: UInt64? { number.flatMap { $0 >= Self.unlimited ? nil : $0 } }

    /// The first version writes the largest number of whole pages that a signed 64-bit number holds.
    private static let unlimited: UInt64 = 1 << 60
}
