import Linux
import Testing

@testable import NodeProcess

/// The kernel's rules for looking into a process, on what /proc shows of it and of us.
@Suite struct PermissionCauseTests {
    private func status(_ change: (inout ProcessStatus) -> Void = { _ in }) throws -> ProcessStatus {
        var status = try #require(
            ProcessStatus("Tgid:\t5\nUid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\n"))
        change(&status)
        return status
    }

    private static let first: [Substring] = ["0", "0", "4294967295"]
    private static let inner: [Substring] = ["0", "1000", "1"]

    private func cause(
        _ target: ProcessStatus?, _ ours: ProcessStatus?, ptraceScope: Int = 0, isDumpable: Bool = true,
        namespaces: UserNamespaces = UserNamespaces(ours: first, target: first)
    ) -> PermissionRefusal.Cause {
        PermissionRefusal.Cause(
            target: target, ours: ours, ptraceScope: ptraceScope, isDumpable: isDumpable, namespaces: namespaces)
    }

    @Test func otherIds() throws {
        let ours = try status()
        // Real, effective and saved all count.
        for index in 0..<3 {
            #expect(cause(try status { $0.userIDs[index] = 1001 }, ours) == .otherUser)
            #expect(cause(try status { $0.groupIDs[index] = 1001 }, ours) == .otherGroup)
        }
        #expect(cause(nil, ours) == .otherUser)
        #expect(cause(ours, nil) == .otherUser)
    }

    @Test func sameIds() throws {
        let ours = try status { $0.effectiveCapabilities = 0b01 }
        #expect(cause(try status(), ours, isDumpable: false) == .notDumpable)
        let capable = try status { $0.permittedCapabilities = 0b10 << 9 | 0b01 }
        #expect(cause(capable, ours) == .moreCapable(["CAP_NET_BIND_SERVICE"]))
        #expect(cause(try status { $0.permittedCapabilities = 0b01 }, ours) == .unexplained)
        // Whoever is root in another user namespace has all capabilities there.
        let apart = UserNamespaces(ours: Self.first, target: Self.inner)
        #expect(cause(try status { $0.permittedCapabilities = .max }, ours, namespaces: apart) == .otherUserNamespace)
    }

    @Test func whereTheCapabilityDoesNotSuffice() throws {
        let ours = try status { $0.effectiveCapabilities = 1 << 19 }
        #expect(cause(try status(), ours) == .securityModule)
        let inner = UserNamespaces(ours: Self.inner, target: Self.inner)
        #expect(cause(try status(), ours, namespaces: inner) == .outerUserNamespace)
    }

    /// Yama: 1 and 2 leave it to CAP_SYS_PTRACE, 3 to nobody.
    @Test func whatYamaForbids() throws {
        let ours = try status()
        let capable = try status { $0.effectiveCapabilities = 1 << 19 }
        for scope in 1...2 {
            #expect(cause(ours, ours, ptraceScope: scope) == .ptraceScope(scope))
            #expect(cause(ours, capable, ptraceScope: scope) == .securityModule)
            // What would be refused without Yama too.
            #expect(cause(try status { $0.userIDs[0] = 1001 }, ours, ptraceScope: scope) == .otherUser)
        }
        #expect(cause(ours, capable, ptraceScope: 3) == .ptraceScope(3))
        let refusal = PermissionRefusal(
            pid: 5, refused: "ptrace", errno: 1, targetUser: 1000, ourUser: 1000, cause: .ptraceScope(1))
        #expect(refusal.message.contains("with sudo") && refusal.message.contains("kernel.yama.ptrace_scope is 1"))
    }

    @Test func userNamespaces() {
        #expect(UserNamespaces(ours: nil, target: nil) == UserNamespaces(ours: Self.first, target: nil))
        #expect(UserNamespaces(ours: Self.inner, target: nil).oursIsInner)
        #expect(UserNamespaces(ours: Self.inner, target: Self.first).areDifferent)
    }
}
