import Foundation

/// What container runtimes put their processes into.
enum Namespaces: String, CaseIterable, CustomStringConvertible {
    case pid, network, user, cgroup
    /// All of these, and the others that there are.
    case all

    var description: String { "\(rawValue) namespace" }

    /// Becomes the program that follows it, or starts it as its one child where there is a pid namespace.
    var launcher: [String] {
        let children = ["--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"]
        // A new network namespace has a loopback interface that is down, and no container runtime leaves it so.
        let network = ["sh", "-c", "ip link set lo up && exec \"$@\"", "sh"]
        switch self {
        case .pid: return ["unshare"] + children
        case .network: return ["unshare", "--net"] + network
        case .user: return ["unshare", "--user", "--map-root-user"]
        case .cgroup: return ["unshare", "--cgroup"]
        case .all:
            return ["unshare", "--user", "--map-root-user", "--net", "--uts", "--ipc", "--cgroup"] + children + network
        }
    }

    var hasOwnPids: Bool { self == .pid || self == .all }
}

extension Target {
    /// Asks its server from within its network namespace.
    func get(inNetworkOf pid: pid_t) throws -> String {
        let program =
            "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=60).read().decode())"
        let url = "http://127.0.0.1:\(port)/"
        let run = try Command(["nsenter", "--target", "\(pid)", "--net", "python3", "-c", program, url]).run()
        guard run.ending == .exited(0) else { throw Failure("\(run)") }
        return run.path
    }
}
