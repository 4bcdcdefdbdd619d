import Linux
import SystemPackage

/// Every Node process that /proc shows, under whatever name it runs.
public struct NodeProcessSearch<Description: Sendable> {
    /// Of each Node process, by pid.
    public private(set) var found: [Description] = []
    /// Those that may not be looked into, so that nobody knows whether they are Node.
    public private(set) var refused: [RefusedProcess] = []
    /// Those that were given up, so that nobody knows either.
    public private(set) var slow: [SlowProcess] = []
    /// How many executables were read.
    private(set) var imagesRead = 0

    private enum Sight: Sendable {
        case node(Description)
        case refused(RefusedProcess)
        /// It is not Node, or has ended.
        case other
    }

    /// Processes that end while they are looked at are left out.
    /// - Parameters:
    ///   - user: whose processes are looked at, by the effective user; nil for all.
    ///   - wait: passes the time while a process is looked at. What it throws ends the search.
    ///   - describe: takes what the caller needs; the process itself is let go of, since each that is held costs
    ///     a descriptor. What it throws is taken like the search's own failures.
    /// - Throws: `ProcessError` where /proc cannot be read.
    public init(
        of user: UInt32? = nil, wait: BoundedLook.Wait = BoundedLook.sleep,
        _ describe: @escaping @Sendable (TargetProcess) throws(ProcessError) -> Description
    ) throws {
        let cache = NodeImageCache()
        var patience = SearchPatience()
        for pid in try Self.processes() {
            let status = try? ProcessStatus.read(pid)
            if let user, let status, status.effectiveUser != user { continue }
            let owner = status?.realUser ?? .max
            guard let limit = patience.limit(forProcessOf: owner) else {
                slow += [SlowProcess(pid, .untouched)].compactMap { $0 }
                continue
            }
            let start = ContinuousClock.now
            defer { patience.note(start.duration(to: .now), ofUser: owner) }
            do {
                let look = { @Sendable () throws -> Sight in Self.look(at: pid, cache, describe) }
                switch try BoundedLook.run(at: pid, within: limit, wait: wait, look) {
                case .node(let description): found.append(description)
                case .refused(let process): refused.append(process)
                case .other: break
                }
            } catch ProcessError.tookTooLong(_, let seconds) {
                slow += [SlowProcess(pid, .tookTooLong(seconds: seconds))].compactMap { $0 }
            }
        }
        imagesRead = cache.misses
    }

    private static func look(
        at pid: Int32, _ cache: NodeImageCache, _ describe: (TargetProcess) throws(ProcessError) -> Description
    ) -> Sight {
        do throws(ProcessError) {
            let handle = try ProcessHandle(pid: pid)
            guard let target = try TargetProcess.readIfNode(handle, cache: cache) else { return .other }
            return .node(try describe(target))
        } catch {
            // Any other failure is one process's own: a file system that does not answer, say.
            if case .notPermitted(let refusal) = error { return .refused(RefusedProcess(pid, refusal)) }
            return .other
        }
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
