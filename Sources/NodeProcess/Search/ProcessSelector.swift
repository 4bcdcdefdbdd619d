import Glibc
import Linux

/// Finds the one Node process that a text names.
public enum ProcessSelector {
    /// A process that was found, held to by its start time.
    public struct Selected: Sendable, Equatable {
        public let pid: Int32
        /// Clock ticks after boot.
        public let startTime: UInt64
        /// Sentences about what could not be looked at; safe for a terminal.
        public let notes: [String]
    }

    /// A Node process that may be meant.
    public struct Candidate: Sendable, Equatable {
        public let pid: Int32
        public let startTime: UInt64
        /// Effective.
        public let uid: UInt32
        public let names: ProcessNames

        init(pid: Int32, startTime: UInt64, uid: UInt32, names: ProcessNames) {
            self.pid = pid
            self.startTime = startTime
            self.uid = uid
            self.names = names
        }

        init(_ target: TargetProcess) {
            self.init(
                pid: target.pid, startTime: target.handle.startTime, uid: target.uid, names: ProcessNames(target))
        }

        func isSame(as other: Candidate) -> Bool { pid == other.pid && startTime == other.startTime }
    }

    /// What one look at all processes has shown.
    struct View {
        let candidates: [Candidate]
        let refused: [RefusedProcess]
        var slow: [SlowProcess] = []
        /// The pids of the programs that wrappers run, by the wrapper's pid.
        var programs: [Int32: Set<Int32>] = [:]
    }

    /// - Parameters:
    ///   - user: whose process is meant; nil for anybody's.
    ///   - wait: passes the time while a process is looked at. What it throws ends the search.
    /// - Throws: `SelectionError` where it is not exactly one; `ProcessError` where /proc cannot be read.
    public static func find(
        _ text: String, of user: UInt32? = nil, wait: BoundedLook.Wait = BoundedLook.sleep
    ) throws -> Selected {
        let ancestors = ProcessTree.ancestors(of: getpid()).union([getpid()])
        var slow: [SlowProcess] = []
        let candidate = try find(text, ancestors: ancestors) {
            let search = try NodeProcessSearch(of: user, wait: wait) { Candidate($0) }
            slow = search.slow
            let fitting = search.found.filter { $0.names.fit(text) != nil }
            let programs = try programs(of: fitting, among: search.found, wait)
            return View(candidates: search.found, refused: search.refused, slow: slow, programs: programs)
        }
        return Selected(
            pid: candidate.pid, startTime: candidate.startTime, notes: [SlowProcess.note(slow)].compactMap { $0 })
    }

    /// - Parameter look: is done twice where the first look is not clear.
    static func find(_ text: String, ancestors: Set<Int32>, look: () throws -> View) throws -> Candidate {
        let first = try look()
        do throws(SelectionError) {
            return try choose(text, among: first.candidates, of: first, ancestors: ancestors)
        } catch {
            guard case .several = error else { throw error }
        }
        // A child that has not run its own program yet goes by its parent's name, for some milliseconds: who is still
        // there after these is meant.
        Poll.sleep(.milliseconds(50))
        let second = try look()
        let lasting = second.candidates.filter { candidate in first.candidates.contains { $0.isSame(as: candidate) } }
        return try choose(text, among: lasting, of: second, ancestors: ancestors)
    }

    private static func choose(
        _ text: String, among candidates: [Candidate], of view: View, ancestors: Set<Int32>
    ) throws(SelectionError) -> Candidate {
        try choose(
            text, among: candidates, refused: view.refused, slow: view.slow, ancestors: ancestors,
            programs: view.programs)
    }

    /// None where that takes too long: the user then chooses among more.
    private static func programs(
        of fitting: [Candidate], among all: [Candidate], _ wait: BoundedLook.Wait
    ) throws -> [Int32: Set<Int32>] {
        // One alone is meant, wrapper or not.
        guard fitting.count > 1, let first = fitting.first else { return [:] }
        let names = Dictionary(all.map { ($0.pid, $0.names) }) { first, _ in first }
        do {
            return try BoundedLook.run(at: first.pid, wait: wait) {
                let wrappers = Wrappers(tree: .read(), names: { names[$0] })
                return fitting.reduce(into: [:]) { programs, candidate in
                    programs[candidate.pid] = wrappers.program(of: candidate.pid).map { Set($0.processes) }
                }
            }
        } catch ProcessError.tookTooLong {
            return [:]
        }
    }

    /// A pure function of what was seen.
    /// - Parameters:
    ///   - slow: what may be meant as well, for all that is known.
    ///   - ancestors: heapdump itself and what has started it; never meant, though their arguments hold the text.
    ///   - ourUser: who looks for it.
    ///   - programs: the pids of the programs that wrappers run, by the wrapper's pid. `npm start -- server` fits what the
    ///     server fits, and the server is meant.
    static func choose(
        _ text: String, among candidates: [Candidate], refused: [RefusedProcess], slow: [SlowProcess] = [],
        ancestors: Set<Int32>, programs: [Int32: Set<Int32>] = [:], ourUser: UInt32 = geteuid()
    ) throws(SelectionError) -> Candidate {
        let fitting = candidates.compactMap { candidate in
            candidate.names.fit(text).map { (candidate: candidate, fit: $0) }
        }
        let foreign = fitting.filter { !ancestors.contains($0.candidate.pid) }
        let pids = Set(foreign.map(\.candidate.pid))
        let others = foreign.filter { programs[$0.candidate.pid]?.isDisjoint(with: pids) ?? true }
        let clear = withoutMereTitles(others, ourUser)
        guard let best = clear.map(\.fit).max() else {
            throw nothing(
                text, refused.filter { !ancestors.contains($0.pid) }, slow, ancestors: fitting.map(\.candidate))
        }
        // Whoever may start a program chooses what it is called.
        guard Set(clear.map(\.candidate.uid)).count == 1 else { throw .severalUsers(text, clear.map(\.candidate)) }
        let winners = clear.filter { $0.fit == best }.map(\.candidate)
        guard winners.count == 1 else { throw .several(text, winners) }
        return winners[0]
    }

    /// Leaves out what fits by a title or by arguments alone, where another user's script fits. Not of our own user and root: who
    /// runs the script might not be meant.
    private static func withoutMereTitles(
        _ fitting: [(candidate: Candidate, fit: ProcessNames.Fit)], _ ourUser: UInt32
    ) -> [(candidate: Candidate, fit: ProcessNames.Fit)] {
        let users = Set(fitting.filter(\.fit.isOfScript).map(\.candidate.uid))
        guard !users.isEmpty else { return fitting }
        return fitting.filter { candidate, fit in
            fit.isOfScript || users.contains(candidate.uid) || [0, ourUser].contains(candidate.uid)
        }
    }

    private static func nothing(
        _ text: String, _ refused: [RefusedProcess], _ slow: [SlowProcess], ancestors: [Candidate]
    ) -> SelectionError {
        // Whether these are Node cannot be known. A title hides the program's name, and hidepid hides everything.
        let possible = refused.filter { process in
            guard let visible = process.visible else { return true }
            return (visible.looksLikeNode || visible.argumentsAreOverwritten) && ProcessNames(visible).fit(text) != nil
        }
        return possible.isEmpty ? .nothing(text, ancestors: ancestors, slow: slow) : .notPermitted(text, possible)
    }
}
