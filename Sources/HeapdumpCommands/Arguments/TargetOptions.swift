import ArgumentParser
import NodeProcess
import SnapshotWriter

/// Which processes to work on: by pid, by name or by pid file.
struct TargetOptions: ParsableArguments {
    @Argument(help: "The process ids, one after another.")
    var pid: [Int32] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The one Node process that this text names, in place of a pid.",
            discussion: """
                Matched against the script's path, the process title or name, and the command line. One that is the whole \
                script path, its last component, the title or the name comes before those that contain it, and a script before a \
                title. Processes of several users are not chosen from: add --user.
                """,
            valueName: "text"))
    var name: String?

    @Option(help: ArgumentHelp("With --name: a process of this user alone, by name or number.", valueName: "name"))
    var user: UserArgument?

    @Option(help: ArgumentHelp("The process whose id stands in this file, in place of a pid.", valueName: "file"))
    var pidFile: String?

    func validate() throws {
        guard pid.allSatisfy({ $0 > 0 }) else { throw ValidationError("a process id is a positive number") }
        switch [!pid.isEmpty, name != nil, pidFile != nil].filter({ $0 }).count {
        case 0: throw ValidationError("name a process: its pid, --name or --pid-file")
        case 1: break
        default: throw ValidationError("pids, --name and --pid-file exclude one another")
        }
        if user != nil, name == nil { throw ValidationError("--user goes with --name") }
        if name?.isEmpty == true { throw ValidationError("--name needs a text") }
        if pidFile?.isEmpty == true { throw ValidationError("--pid-file needs a file") }
        if pidFile?.unicodeScalars.contains("\u{FFFD}") == true {
            throw ValidationError("the pid file's path is not valid UTF-8; use another name")
        }
    }

    /// In the order to work in.
    /// - Parameter wait: passes the time of a search, or ends it.
    func choose(wait: BoundedLook.Wait) throws(TargetChoiceFailure) -> [ChosenTarget] {
        do {
            if let name {
                let found = try ProcessSelector.find(name, of: user?.id, wait: wait)
                return [ChosenTarget(pid: found.pid, startTime: found.startTime, notes: found.notes)]
            }
            if let pidFile { return [ChosenTarget(pid: try PidFile.read(pidFile, wait: wait), pidFile: pidFile)] }
        } catch let error as SelectionError {
            throw TargetChoiceFailure(message: error.message, exitCode: error.exitCode)
        } catch let error as PidFileError {
            throw TargetChoiceFailure(message: error.message, exitCode: .inputError)
        } catch let error as ProcessError {
            throw TargetChoiceFailure(message: error.message, exitCode: error.exitCode)
        } catch let error as DumpFailure {
            throw TargetChoiceFailure(message: error.message, exitCode: error.exitCode)
        } catch {
            throw TargetChoiceFailure(message: String(describing: error), exitCode: .internalError)
        }
        return pid.map { ChosenTarget(pid: $0) }
    }
}

/// Why no process was chosen.
struct TargetChoiceFailure: Error {
    let message: String
    let exitCode: SnapshotWriter.ExitCode
}

/// A process to work on.
struct ChosenTarget {
    let pid: Int32
    /// Where the process itself was found, and not only its pid.
    var startTime: UInt64?
    /// What the search could not look at.
    var notes: [String] = []
    /// Where the pid is from.
    var pidFile: String?

    /// Where the pid turns out to be wrong, the file that it came from is what to look at.
    func explained(_ error: String?, _ exitCode: SnapshotWriter.ExitCode) -> String? {
        guard let pidFile, let error else { return error }
        switch exitCode {
        case .noSuchProcess: return "\(error); pid file \(pidFile) is out of date"
        case .notNode: return "\(error); pid file \(pidFile) names that process"
        default: return error
        }
    }
}
