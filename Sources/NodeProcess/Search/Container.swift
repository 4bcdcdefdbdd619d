import Linux

/// The container that a process is in, as far as it shows from outside.
public struct Container: Sendable, Equatable, Encodable {
    public enum Kind: String, Sendable, Encodable {
        case docker
        case podman
        case containerd
        case crio = "cri-o"
        case kubernetes
        case lxc
        /// Of a kind that the path does not tell.
        case container
        /// No path tells, but its pid namespace is another one.
        case pidNamespace = "pid-ns"
        /// The same of the mount namespace alone: services get one of their own too (PrivateTmp and the like).
        case mountNamespace = "mount-ns"
    }

    public let kind: Kind
    /// The first 12 characters, as container tools show them; in full where it is a name.
    public let id: String?

    public init(kind: Kind, id: String? = nil) {
        self.kind = kind
        self.id = id
    }

    /// `nil` where nothing speaks for one.
    public init?(of target: TargetProcess) {
        if let container = Container(readingCgroupOf: target.pid) {
            self = container
        } else if target.isInOtherPidNamespace {
            self.init(kind: .pidNamespace)
        } else if target.isInOtherMountNamespace {
            self.init(kind: .mountNamespace)
        } else {
            return nil
        }
    }

    /// From what anybody may read: `nil` may be for want of permission to see more.
    public init?(of process: RefusedProcess) {
        self.init(readingCgroupOf: process.pid)
    }

    private init?(readingCgroupOf pid: Int32) {
        guard let text = try? ProcFile(pid, "cgroup").text() else { return nil }
        self.init(cgroup: text)
    }

    /// From /proc/PID/cgroup: a line a hierarchy, number:controllers:path.
    init?(cgroup text: String) {
        let found = text.split(separator: "\n").lazy
            .compactMap { line in
                line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).dropFirst(2).first
            }
            .compactMap { CgroupPath($0).container }
            .first
        guard let found else { return nil }
        self = found
    }
}

/// How container managers name their control groups.
private struct CgroupPath {
    private let components: [Substring]

    init(_ path: Substring) {
        components = path.split(separator: "/")
    }

    var container: Container? {
        let named = components.indices.lazy.compactMap { container(at: $0) }.first
        guard isKubernetes else { return named ?? components.lazy.compactMap { bare($0) }.first }
        return Container(kind: .kubernetes, id: named?.id ?? components.last.flatMap { Self.identifier($0)?.short })
    }

    private var isKubernetes: Bool {
        components.contains { $0 == "kubepods" || $0.hasPrefix("kubepods.") || $0.hasPrefix("kubepods-") }
    }

    private func container(at index: Int) -> Container? {
        let component = components[index]
        let next = components.dropFirst(index + 1).first
        // As systemd's drivers name them: docker-<id>.scope.
        let prefixes: [(String, Container.Kind)] = [
            ("docker-", .docker), ("libpod-", .podman), ("cri-containerd-", .containerd), ("nerdctl-", .containerd),
            ("crio-", .crio),
        ]
        for (prefix, kind) in prefixes where component.hasPrefix(prefix) {
            if let id = Self.identifier(component.dropFirst(prefix.count)) {
                return Container(kind: kind, id: id.short)
            }
        }
        // And as directories: /docker/<id>, /lxc/<name>. The daemons' own are docker.service and the like.
        switch component {
        case "docker": return next.flatMap { Self.identifier($0) }.map { Container(kind: .docker, id: $0.short) }
        case "libpod", "libpod_parent": return Container(kind: .podman, id: next.flatMap { Self.identifier($0)?.short })
        case "containerd":
            return next.map { Container(kind: .containerd, id: Self.identifier($0)?.short ?? String($0)) }
        case "lxc", "lxc.payload": return next.map { Container(kind: .lxc, id: String($0)) }
        default: break
        }
        let lxc = "lxc.payload."
        return component.hasPrefix(lxc) ? Container(kind: .lxc, id: String(component.dropFirst(lxc.count))) : nil
    }

    /// A component that is nothing but an identifier as all these managers make them.
    private func bare(_ component: Substring) -> Container? {
        guard let id = Self.identifier(component), id.isWhole else { return nil }
        return Container(kind: .container, id: id.short)
    }

    /// 64 hexadecimal digits, or as many as a shortened one has, and perhaps systemd's suffix.
    private static func identifier(_ text: Substring) -> (short: String, isWhole: Bool)? {
        let digits = text.hasSuffix(".scope") ? text.dropLast(6) : text
        guard digits.count >= 12, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        return (String(digits.prefix(12)), digits.count == 64)
    }
}
