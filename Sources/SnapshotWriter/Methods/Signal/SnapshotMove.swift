import Glibc
import HeapSnapshot
import Linux
import NodeProcess

/// Brings a snapshot that the target wrote to the output, and leaves nothing in the target's directory.
///
/// Nothing is copied while the target writes: on the same file system that could fill the disk under it, and Node ends
/// when it cannot write its snapshot.
struct SnapshotMove {
    let dump: Dump
    let file: TargetSnapshot
    /// Whether the file is known to be made for this dump alone.
    let isProven: Bool

    private static let bufferBytes = 256 << 10

    /// - Parameter verdict: on the file as the target left it.
    func run(_ verdict: SnapshotVerdict) throws -> DumpOutcome {
        guard case .valid = verdict else {
            throw clearingAway(DumpFailure.invalid(verdict, kept: nil))
        }
        let outcome: DumpOutcome
        do {
            if let inPlace = try keepInPlace(verdict) { return inPlace }
            outcome = try moveByName(verdict) ?? moveByCopy()
        } catch {
            // Paid for with a pause of the target: it is not thrown away.
            dump.journal.warn("the snapshot is whole, and stays as \(file.shownPath)")
            throw error
        }
        if !file.remove() {
            dump.journal.warn("the snapshot could not be removed from \(file.shownPath): it is there as well")
        }
        return outcome
    }

    /// What is not valid goes, after it was kept where that was asked for.
    /// - Returns: the failure as the user should see it.
    func clearingAway(_ error: any Error) -> any Error {
        do {
            if dump.request.keepsPartial {
                try copy(upTo: bytesToKeep()) { bytes throws(DumpFailure) in try dump.output.write(bytes) }
            }
        } catch {
            dump.journal.warn("what arrived could not be kept: \(DumpFailure(error).message)")
        }
        // What an application wrote under some name may be anything.
        if !isProven || !file.remove() { dump.journal.warn("what the process wrote stays as \(file.shownPath)") }
        return dump.keepingPartial(error)
    }

    /// The application wrote it where the output goes.
    private func keepInPlace(_ verdict: SnapshotVerdict) throws -> DumpOutcome? {
        guard file.isOurs, dump.output.isPlace(of: file.identity) else { return nil }
        return try dump.publish(verdict) { () throws(OutputError) in try dump.output.publishInPlace(file.descriptor) }
    }

    /// Within a file system, as the same user: the file itself gets the output's name.
    /// - Returns: nil where that cannot be done.
    private func moveByName(_ verdict: SnapshotVerdict) throws -> DumpOutcome? {
        // A file with two names could be changed under the one that was published.
        guard file.isOurs, file.isRemovable, dump.output.adopt(file.descriptor) else { return nil }
        return try dump.publish(verdict)
    }

    /// What is published is what is checked here: whoever owns the file could have changed it since it was followed.
    private func moveByCopy() throws -> DumpOutcome {
        let sink = dump.makeSink()
        // What is there now, and no more: whoever goes on writing cannot keep us here.
        try copy(upTo: file.size) { bytes throws(DumpFailure) in try sink.write(bytes) }
        return try dump.publish(sink.finish())
    }

    /// What may be a snapshot of what was written: no heap has more, and no dumper leaves a hole. A file of a terabyte costs its
    /// owner nothing.
    private func bytesToKeep() throws -> Int {
        let end = min(file.bytesBeforeHole, Int(clamping: dump.impossibleBytes))
        if let room = dump.output.room, UInt64(end) > room.bytes {
            throw DumpFailure.output(
                .tooLittleSpace(path: room.path, available: room.bytes, needed: UInt64(end)))
        }
        return end
    }

    private func copy(upTo end: Int, _ take: (UnsafeRawBufferPointer) throws(DumpFailure) -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while offset < end {
            let count = try file.read { pread($0, buffer.baseAddress, min(buffer.count, end - offset), offset) }
            if count == 0 { return }
            try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
            try dump.waiter.checkInterruption()
        }
    }
}
