import Glibc
import Linux
import NodeProcess

/// A pipe of heapdump's that the target opens by its path under /proc and writes the snapshot into. That spares V8 the
/// inspector's messages, each of which it copies and escapes several times.
final class SnapshotPipe {
    private let reader: PipeReader
    private var writer: Descriptor?
    private let inode: UInt64
    /// Of the writing end, for the target.
    private let path: String

    /// To wait for.
    var descriptor: Int32 { reader.descriptor }

    /// - Returns: nil where it would not be safe, and where the target cannot see it: in another pid namespace the path would be another process's, and
    ///   in another mount namespace /proc may be anything.
    init?(for target: TargetProcess) {
        // Node ignores SIGPIPE, but for programs that had a handler for it and took it away: those would end with us.
        guard let signals = try? target.currentSignals(),
            signals.ignored.union(signals.caught).contains(signal: SIGPIPE)
        else { return nil }
        guard !target.isInOtherPidNamespace, !target.isInOtherMountNamespace, target.hasOurRoot() else { return nil }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        reader = PipeReader(Descriptor(owning: ends[0]))
        let writer = Descriptor(owning: ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        guard fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0, let status = try? writer.status() else { return nil }
        inode = UInt64(status.st_ino)
        path = "/proc/\(getpid())/fd/\(writer.raw)"
        self.writer = consume writer
        reader.enlarge()
    }

    /// JavaScript that writes the snapshot into the pipe, and comes to `true` then; to a reason where nothing was written.
    ///
    /// It runs between any two steps of the program's and of Node's own functions. To load a module there could find one
    /// half loaded, so only what the program has loaded is used. What is at the path is compared before it is opened, since opening a
    /// file would cut it; by readlink(2), since `fs.stat` would overwrite the results of the program's own calls, see docs/undisturbed.md.
    var expression: String {
        """
        (() => {
          try {
            const loaded = process.moduleLoadList;
            let found = 0;
            for (let i = 0; i < loaded.length; i++) {
              if (loaded[i] === 'NativeModule v8' || loaded[i] === 'NativeModule fs') found++;
            }
            if (found < 2 || typeof process.getBuiltinModule !== 'function') return 'it has not loaded what that takes';
            const { readlinkSync } = process.getBuiltinModule('fs');
            if (readlinkSync('\(path)') !== 'pipe:[\(inode)]') return 'the path leads elsewhere for it';
            process.getBuiltinModule('v8').writeHeapSnapshot('\(path)');
            return true;
          } catch (error) {
            return '' + error?.message;
          }
        })()
        """
    }

    /// To be called once the target has it open, so that the target's end of it is the last one.
    func closeWriter() { writer = nil }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> PipeReader.Portion { reader.read(into: buffer) }
}
