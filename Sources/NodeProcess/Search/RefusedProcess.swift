import Linux

/// A process that may not be looked into, and what everybody may see of it.
public struct RefusedProcess: Sendable {
    public let pid: Int32
    public let refusal: PermissionRefusal
    /// `nil` where /proc hides even this (hidepid).
    public let visible: Visible?

    public struct Visible: Sendable {
        /// Effective.
        public let uid: UInt32
        public let name: String
        /// As they are now; the title alone where one has overwritten them.
        public let arguments: [String]
        public let argumentsAreOverwritten: Bool
        public let residentBytes: UInt64
        public let uptime: Duration

        /// By its name only, as Node's own binaries and Debian's are called, and Node's main thread since version 23.
        public var looksLikeNode: Bool {
            NodeNames.isOne(name) || arguments.first.map { NodeNames.isOne(PathText.lastComponent($0)) } ?? false
        }
    }

    init(_ pid: Int32, _ refusal: PermissionRefusal) {
        self.pid = pid
        self.refusal = refusal
        visible = try? Visible(reading: pid)
    }

    /// For tests.
    init(pid: Int32, refusal: PermissionRefusal, visible: Visible?) {
        self.pid = pid
        self.refusal = refusal
        self.visible = visible
    }
}

extension RefusedProcess.Visible {
    init(reading pid: Int32) throws(LinuxError) {
        let status = try ProcessStatus.read(pid)
        let stat = try ProcessStat.read(pid)
        let arguments = try ProcessArguments.read(pid)
        self.init(
            uid: status.effectiveUser, name: status.name, arguments: arguments.texts,
            argumentsAreOverwritten: arguments.areOverwritten, residentBytes: status.residentBytes,
            uptime: max(.zero, .sinceBoot - Duration(clockTicks: stat.startTime)))
    }
}

/// What Node's executables and main threads are called.
enum NodeNames {
    static func isOne(_ name: String) -> Bool {
        if ["MainThread", "node-MainThread"].contains(name) { return true }
        guard name.hasPrefix("node") else { return false }
        // node, nodejs, node22, node-22.1; not node_exporter.
        let rest = name.dropFirst(name.hasPrefix("nodejs") ? 6 : 4)
        return rest.allSatisfy { ("0"..."9").contains($0) || $0 == "." || $0 == "-" }
    }
}

package enum PathText {
    package static func lastComponent(_ path: String) -> String {
        path.split(separator: "/").last.map { String($0) } ?? path
    }
}
