import Glibc
import NodeProcess

/// A pipe of heapdump's that the target opens by its path under /proc and writes the snapshot into. That spares V8 the
/// inspector's messages, each of which it copies and escapes several times.
final class SnapshotPipe {
    private let reader: PipeReader
    private var writer: Int32
    private let inode: UInt64

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
        reader = PipeReader(ends[0])
        writer = ends[1]
        var status = stat()
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        guard fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0, fstat(ends[0], &status) == 0 else {
            close(ends[1])
            return nil
        }
        inode = UInt64(status.st_ino)
        reader.enlarge()
    }

    deinit { closeWriter() }

    /// JavaScript that writes the snapshot into the pipe, and comes to `true` then; to anything else, or an exception, where
    /// nothing was written. The inode is compared before anything is opened, since opening a file would cut it.
    var expression: String {
        let path = "/proc/\(getpid())/fd/\(writer)"
        return """
            (() => {
              const get = \(BuiltInModule.getter);
              const status = get('fs').statSync('\(path)');
              if (!status.isFIFO() || status.ino !== \(inode)) return false;
              get('v8').writeHeapSnapshot('\(path)');
              return true;
            })()
            """
    }

    /// To be called once the target has it open, so that the target's end of it is the last one.
    func closeWriter() {
        guard writer >= 0 else { return }
        close(writer)
        writer = -1
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> PipeReader.Portion { reader.read(into: buffer) }
}
