import SystemPackage

/// Every Node process that /proc shows, under whatever name it runs.
public struct NodeProcessSearch<Description> {
    /// Of each Node process, by pid.
    public private(set) var found: [Description] = []
    /// Those that may not be looked into, so that nobody knows whether they are Node.
    public private(set) var refused: [RefusedProcess] = []
    /// How many executables were read.
    private(set) var imagesRead = 0

    /// Processes that end while they are looked at are left out.
    /// - Parameter describe: takes what the caller needs; the process itself is let go of, since each that is held costs
    ///   a descriptor. What it throws is taken like the search's own failures.
    public init(_ describe: (TargetProcess) throws(ProcessError) -> Description) throws(ProcessError) {
        let cache = NodeImageCache()
        for pid in try Self.processes() {
            do throws(ProcessError) {
                let handle = try ProcessHandle(pid: pid)
                guard let target = try TargetProcess.readIfNode(handle, cache: cache) else { continue }
                found.append(try describe(target))
            } catch {
                // Any other failure is one process's own: a file system that does not answer, say.
                if case .notPermitted(let refusal) = error { refused.append(RefusedProcess(pid, refusal)) }
            }
        }
        imagesRead = cache.misses
    }

    private static func processes() throws(ProcessError) -> [Int32] {
        do throws(Errno) {
            let directory = try Directory("/proc")
            var pids: [Int32] = []
            while let pid = directory.nextNumber() { pids.append(pid) }
            return pids.sorted()
        } catch {
            throw .failed(what: "read /proc", errno: error.rawValue)
        }
    }
}
