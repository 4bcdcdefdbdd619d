import Glibc
import Linux

@testable import SnapshotReading

/// libFuzzer's entry: a file of any bytes is read as one is that is compressed, portion by portion, and as a whole.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDecompressor(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let whole = contents(bytes)
    if let compression = Compression(bytes) {
        for portion in [1, 7, 4096] {
            let other = decoded(bytes, compression, portion)
            if other != whole, !isEmptyFrame(whole, other), !isDamagedBehind(whole, other) {
                report("in portions of \(portion): \(other.summary), as a whole: \(whole.summary)")
            }
        }
    } else if whole.text != bytes || whole.error != nil {
        report("a plain file is not what it is: \(whole.summary)")
    }
    return 0
}

/// libzstd holds a frame against the size that its header says, but not one whose last block is empty and comes in portions.
private func isEmptyFrame(_ one: Outcome, _ other: Outcome) -> Bool {
    one.text.isEmpty && other.text.isEmpty && (one.error == nil) != (other.error == nil)
}

/// More than that of what a file expands to is not read.
private let mostBytes = 4 << 20
private let isLong = Outcome(error: "it is long")

/// Damage beyond what is read: a large portion may come to it before the text in front of it is given out.
private func isDamagedBehind(_ one: Outcome, _ other: Outcome) -> Bool {
    one == isLong && other.error != nil || other == isLong && one.error != nil
}

private struct Outcome: Equatable {
    var text: [UInt8] = []
    var error: String?

    var summary: String { "\(text.count) bytes, \(error ?? "no error")" }

    /// What was read when an error came is not told, since it comes with the portions. Nor whether a file is damaged or cut: of one
    /// that is both, libzstd says what it sees first.
    func ended(_ message: String) -> Outcome {
        Outcome(error: message.hasPrefix("its compression") ? "its compression is not whole" : message)
    }
}

/// glibc's, which <sys/mman.h> hides without _GNU_SOURCE.
@_silgen_name("memfd_create")
private func createMemoryFile(_ name: UnsafePointer<CChar>, _ flags: CUnsignedInt) -> CInt

/// Decompresses on the thread that reads files.
private func contents(_ bytes: [UInt8]) -> Outcome {
    let descriptor = createMemoryFile("fuzz", 0)
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    lseek(descriptor, 0, SEEK_SET)
    let reader = ChunkReader(Descriptor(owning: descriptor), admit: { $0 <= 16 << 20 })
    defer { reader.stop() }
    var outcome = Outcome()
    do throws(InputError) {
        while let chunk = try reader.next() {
            outcome.text += chunk
            if outcome.text.count > mostBytes { return isLong }
        }
        return outcome
    } catch {
        return outcome.ended(error.message)
    }
}

private func decoded(_ bytes: [UInt8], _ compression: Compression, _ portion: Int) -> Outcome {
    var outcome = Outcome()
    var room = [UInt8](repeating: 0, count: portion)
    do {
        let decompression = try Decompression(compression, admit: { $0 <= 16 << 20 })
        var place = 0
        var isFull = false
        while place < bytes.count || isFull {
            let end = min(place + portion, bytes.count)
            let (used, filled) = try bytes[place..<end].withUnsafeBytes { input in
                try room.withUnsafeMutableBytes { try decompression.decode(input, into: $0) }
            }
            place += used
            outcome.text += room[..<filled]
            isFull = filled == portion
            if outcome.text.count > mostBytes { return isLong }
            if used == 0, filled == 0 { break }
        }
        try decompression.finish()
        return outcome
    } catch let error as InputError {
        return outcome.ended(error.message)
    } catch {
        return outcome.ended("\(error)")
    }
}
