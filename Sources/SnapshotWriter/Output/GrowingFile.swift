import Glibc
import Synchronization

/// A file that a library writes through its descriptor, at any place, such as a database. As careful as `ResultFile`: readable by its
/// owner alone, and published when it is whole. It may take minutes, so a signal meanwhile leaves nothing behind either.
public final class GrowingFile: @unchecked Sendable {
    private let file: SnapshotFile
    private let path: String
    /// So that a signal comes either before the file is published, or after it.
    private let isPublished = Mutex(false)

    /// - Parameter path: as `ResultFile.check` has it.
    public init(path: String, overwrites: Bool) throws(OutputError) {
        self.path = path
        file = try SnapshotFile(path: path, overwrites: overwrites, keepsPartial: false, yields: false)
    }

    /// Open for reading and writing.
    public var descriptor: Int32 { file.descriptor }

    public var byteCount: UInt64 {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? UInt64(clamping: status.st_size) : 0
    }

    /// Opens another nameless file in the same directory.
    /// - Returns: a descriptor that is the caller's; -1 with errno on failure.
    public func openScratch() -> Int32 {
        do throws(OutputError) {
            let scratch = try file.openScratch()
            return fcntl(scratch.descriptor, F_DUPFD_CLOEXEC, 3)
        } catch {
            if case .system(_, _, let code) = error { errno = code } else { errno = EIO }
            return -1
        }
    }

    /// Gives the file its name.
    /// - Returns: the absolute path.
    /// - Throws: `appeared` if something has the name by now: whoever asked for it would take that for the result.
    public func publish() throws(OutputError) -> String {
        let result = isPublished.withLock { isPublished -> Result<String, OutputError> in
            do throws(OutputError) {
                let published = try file.publish().path ?? path
                isPublished = true
                return .success(published)
            } catch {
                // It may have a name of its own by now.
                file.discard()
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// For a thread that ends the process.
    /// - Parameter end: is called while nothing is published.
    func end(_ end: () -> Never) -> Never {
        isPublished.withLock { isPublished in
            if !isPublished { file.discard() }
            end()
        }
    }
}
