import Glibc
import Linux

// Every sentence that users read about a process: what failed, on what, why, and what to do next.

extension ProcessError: CustomStringConvertible {
    public var description: String { message }

    public var message: String {
        switch self {
        case .noSuchProcess(let pid):
            "there is no process \(pid)" + (PidNamespaceHint.text.map { ": " + $0 } ?? "")
        case .exited(let pid):
            "process \(pid) has ended"
        case .isThread(let thread, let process):
            "\(thread) is a thread of process \(process): name the process"
        case .notNode(let description):
            description.message
        case .notPermitted(let refusal):
            refusal.message
        case .notConnected(let address, let port, let code):
            "cannot connect to \(address.contains(":") ? "[\(address)]" : address):\(port): \(errnoText(code))"
        case .tookTooLong(let pid, let seconds):
            "process \(pid) could not be looked at within \(seconds) s: its executable or its libraries are larger than any of "
                + "Node's, or on a file system that does not answer; try again when that answers"
        case .failed(let what, let code):
            "cannot \(TerminalText.escaped(what))" + (code == 0 ? "" : ": \(errnoText(code))")
        }
    }
}

extension NonNodeDescription {
    public var message: String {
        let name = TerminalText.escaped(name)
        if isKernelThread { return "process \(pid) (\(name)) is a kernel thread, not a Node process" }
        if let runtime {
            let version = runtime.version.map { " " + $0.description.dropFirst() } ?? ""
            return
                "process \(pid) (\(name)) is \(runtime.runtime.rawValue)\(version), not Node: \(runtime.runtime.remedy)"
        }
        let what = executablePath.map { ": it runs " + TerminalText.escaped($0) } ?? ""
        let library = nodeLibrary.map {
            ", which has loaded \(TerminalText.escaped($0)) but does not start Node; SIGUSR1 could end it, so nothing was sent"
        }
        let start = "process \(pid) (\(name)) is not a Node process\(what)\(library ?? "")"
        guard let first = nodeDescendants.first else { return start }
        if nodeDescendants.count == 1 {
            return start + "; its descendant \(first.pid) is one, name that: \(first.command)"
        }
        let list = nodeDescendants.map { "\n  \($0.pid)  \($0.command)" }.joined()
        return start + "; these descendants are, name the one that is meant:" + list
    }
}
