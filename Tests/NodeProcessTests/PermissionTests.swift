import Glibc
import Linux
import Testing

@testable import NodeProcess

/// The same test binary runs a second time as an unprivileged user, for whom the second test is meant.
@Suite struct PermissionTests {
    private static let pidVariable = "HEAPDUMP_TEST_REFUSED_PID"
    private static let unprivileged = "65534"
    private static let refusedPid = getenv(pidVariable).flatMap { Int32(String(cString: $0)) }

    @Test(
        .enabled(if: TestNode.isRoot && TestNode.isAvailable, "needs root and a node"),
        .enabled(if: binaryIsPublic, "the test binary is not executable for others"))
    func refusalAsAnotherUser() throws {
        try Child.withNode { node, _ in
            let command =
                ["sh", "-c", "exec \"$@\" 2>&1", "sh"] + Self.asOther + [
                    try readLink("/proc/self/exe"), "--testing-library", "swift-testing", "--filter", "saysWhoMayLook",
                ]
            let code = try Child.with(command, environment: [Self.pidVariable: "\(node.pid)"]) { child in
                let output = try child.remainingOutput()
                let code = child.reap()
                #expect(output.contains("saysWhoMayLook") && output.contains("passed"), "\(output)")
                return code
            }
            #expect(code == 0)
        }
    }

    @Test(.enabled(if: refusedPid != nil, "runs inside the test above"))
    func saysWhoMayLook() throws {
        let pid = try #require(Self.refusedPid)
        let handle = try ProcessHandle(pid: pid)
        #expect(handle.isAlive)
        let error = #expect(throws: ProcessError.self) { try TargetProcess.read(handle) }
        guard case .notPermitted(let refusal) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refusal.refused == "/proc/\(pid)/exe")
        #expect(refusal.errno == EACCES)
        #expect(refusal.targetUser == 0)
        #expect(refusal.ourUser == 65534)
        #expect(refusal.cause == .otherUser)
        #expect(refusal.remedy == "run as user root (uid 0) or with sudo")
        #expect(throws: ProcessError.self) { try handle.send(SIGUSR2) }
        #expect(throws: ProcessError.self) { try ListeningSockets.owned(by: handle) }
        #expect(try MainThreadActivity.read(handle).blockedIn == nil)
    }

    private static let asOther = [
        "setpriv", "--reuid=\(unprivileged)", "--regid=\(unprivileged)", "--clear-groups",
    ]

    private static let binaryIsPublic: Bool = {
        guard TestNode.isRoot, let path = try? readLink("/proc/self/exe") else { return false }
        return (try? Child.with(asOther + ["test", "-x", path]) { $0.reap() }) == 0
    }()
}
