import Glibc
import Linux
import NodeProcess

/// A directory that the agent's file may be put into, for the target to load it from.
struct AgentPlace {
    let directory: TargetDirectory

    /// Why it is none, as a clause.
    struct Problem: Error {
        let reason: String

        init(reason: String) { self.reason = reason }
        init(_ errno: Int32) { reason = errnoText(errno) }
    }

    /// - Parameter path: as the target names it.
    init(_ path: String, of target: TargetProcess) throws {
        switch try TargetDirectory.named(path, of: target.handle) {
        case .open(let named): directory = try Self.safe(named, of: target)
        case .refused(let errno): throw Problem(errno)
        }
        if directory.forbidsExecution { throw Problem(reason: "no code is loaded from it (it is mounted noexec)") }
        switch try directory.facts(for: target.handle).problem {
        case nil: break
        case .notWritable(let errno): throw Problem(errno)
        case .missing, .deleted: throw Problem(ENOENT)
        }
    }

    /// Between the writing of the agent's file and its loading nobody else may put a file of his in its place.
    private static func safe(_ directory: TargetDirectory, of target: TargetProcess) throws -> TargetDirectory {
        switch try directory.unexposed(for: target.handle) {
        case .success(let directory): return directory
        case .failure(.owner(let uid, let path)):
            throw Problem(
                reason:
                    "user \(userName(uid).map(TerminalText.escaped) ?? String(uid)) could put a file in place of the agent (\(path) is theirs)"
            )
        case .failure(.writers(let path)):
            throw Problem(reason: "others could put a file in place of the agent (\(path) is not sticky)")
        case .failure(.untold): throw Problem(reason: "who may change it cannot be seen from here")
        }
    }

    /// Why none of the target's places will do; nil where one does, or the agent is in the target already.
    static func problems(of target: TargetProcess) throws -> String? {
        var problems: [String] = []
        for path in target.placesForFiles() {
            do {
                _ = try AgentPlace(path, of: target)
                return nil
            } catch let problem as Problem {
                problems.append("\(path): \(problem.reason)")
            } catch ProcessError.exited(let pid) {
                throw ProcessError.exited(pid: pid)
            } catch let error as ProcessError {
                problems.append("\(path): \(error.message)")
            }
        }
        return target.hasMappedAgent ? nil : problems.joined(separator: "; ")
    }
}

extension TargetProcess {
    /// heapdump's agent, or the add-on, which is the same.
    fileprivate var hasMappedAgent: Bool {
        hasMapped(fileNamed: Agent.fileName) || hasMapped(fileNamed: "heapdump.node")
    }
}
