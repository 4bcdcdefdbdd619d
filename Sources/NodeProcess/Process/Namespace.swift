import Glibc

enum Namespace: String {
    case network = "net"
    case pid
    case mount = "mnt"
    case user

    func file(of pid: Int32) -> ProcFile {
        ProcFile(pid, "ns/\(rawValue)")
    }

    func isOther(than pid: Int32) throws(ProcessError) -> Bool {
        try file(of: pid).identity() != ProcFile(getpid(), "ns/\(rawValue)").identity()
    }
}
