import Glibc
import HeapSnapshot
import Linux
import NodeProcess

/// Brings a snapshot that the target wrote to the output, and leaves nothing in the target's directory.
///
/// Nothing is copied while the target writes: on the same file system that could fill the disk under it, and Node ends
/// when it cannot write its snapshot.
struct SnapshotMove {
    let file: TargetSnapshot
    /// Whether the file is known to be made for this dump alone.
    let isProven: Bool
    /// Whether what is not valid is kept.
    let keepsPartial: Bool
    let delivery: Delivery
    let context: RunContext

    private var output: any SnapshotOutput { delivery.output }

    private static let bufferBytes = 256 << 10

    /// - Parameter verdict: on the file as the target left it.
    func run(_ verdict: SnapshotVerdict) throws -> PublishedSnapshot {
        guard case .valid = verdict else {
            throw clearingAway(DumpFailure.invalid(verdict, kept: nil))
        }
        let published: PublishedSnapshot
        do {
            if let inPlace = try keepInPlace(verdict) { return inPlace }
            published = try moveByName(verdict) ?? moveByCopy()
        } catch {
            // Paid for with a pause of the target: it is not thrown away.
            context.warn("the snapshot is whole, and stays as \(file.shownPath)")
            throw error
        }
        if !file.remove() {
            context.warn("the snapshot could not be removed from \(file.shownPath): it is there as well")
        }
        return published
    }

    /// What is not valid goes, after it was kept where that was asked for.
    /// - Returns: the failure as the user should see it.
    func clearingAway(_ error: any Error) -> any Error {
        do {
            if keepsPartial {
                try copy(upTo: bytesToKeep()) { bytes throws(DumpFailure) in try output.write(bytes) }
            }
        } catch {
            context.warn("what arrived could not be kept: \(DumpFailure(error).message)")
        }
        // What an application wrote under some name may be anything.
        if !isProven || !file.remove() { context.warn("what the process wrote stays as \(file.shownPath)") }
        return delivery.keepingPartial(error)
    }

    /// The application wrote it where the output goes.
    private func keepInPlace(_ verdict: SnapshotVerdict) throws -> PublishedSnapshot? {
        guard file.isOurs, output.isPlace(of: file.identity) else { return nil }
        return try delivery.publish(verdict) { () throws(OutputError) in try output.publishInPlace(file.descriptor) }
    }

    /// Within a file system, as the same user: the file itself gets the output's name.
    /// - Returns: nil where that cannot be done.
    private func moveByName(_ verdict: SnapshotVerdict) throws -> PublishedSnapshot? {
        // A file with two names could be changed under the one that was published.
        guard file.isOurs, file.isRemovable, output.adopt(file.descriptor) else { return nil }
        return try delivery.publish(verdict)
    }

    /// What is published is what is checked here: whoever owns the file could have changed it since it was followed.
    private func moveByCopy() throws -> PublishedSnapshot {
        let sink = delivery.makeSink()
        // What is there now, and no more: whoever goes on writing cannot keep us here.
        try copy(upTo: file.size) { bytes throws(DumpFailure) in try sink.write(bytes) }
        return try delivery.publish(sink.finish())
    }

    /// What may be a snapshot of what was written: no heap has more, and no dumper leaves a hole. A file of a terabyte costs its
    /// owner nothing.
    private func bytesToKeep() throws -> Int {
        let end = min(file.bytesBeforeHole, Int(clamping: delivery.impossibleBytes()))
        if let room = output.room, UInt64(end) > room.bytes {
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
            try context.waiter.checkInterruption()
        }
    }
}
