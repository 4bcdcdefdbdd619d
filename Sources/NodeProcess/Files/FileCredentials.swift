import CLinux
import Glibc
import Linux
import SystemPackage

/// What the kernel looks at when a process opens files: its user, groups and capabilities.
struct FileCredentials {
    let user: UInt32
    private let group: UInt32
    private let groups: [UInt32]
    private let overridesPermissions: Bool

    init(of status: ProcessStatus, pid: Int32) {
        user = status.fileUser
        group = status.fileGroup
        groups = status.supplementaryGroups
        // A capability that it has in a user namespace of its own says nothing about files of other users.
        let isAtHome = (try? Namespace.user.isOther(than: pid)) == false
        overridesPermissions =
            isAtHome && status.effectiveCapabilities & ProcessStatus.overridePermissionsCapability != 0
    }

    func withCredentials<Value>(_ body: (UnsafePointer<clinux_credentials>) -> Value) -> Value {
        groups.withUnsafeBufferPointer { groups in
            var credentials = clinux_credentials(
                fsuid: user, fsgid: group, groups: groups.baseAddress, group_count: groups.count,
                overrides_permissions: overridesPermissions)
            return withUnsafePointer(to: &credentials, body)
        }
    }

    /// Runs `body` on a thread that takes these credentials, as far as we may give them.
    /// - Returns: what `body` returns, a descriptor for one.
    @discardableResult
    func run(_ body: () throws(Errno) -> Int32) throws(Errno) -> Int32 {
        var result: Result<Int32, Errno>?
        let outcome: Int32? = withoutActuallyEscaping({
            do throws(Errno) { result = .success(try body()) } catch { result = .failure(error) }
        }) { work in
            withUnsafePointer(to: work) { work in
                withCredentials { credentials in
                    clinux_run_as(
                        credentials, { $0?.assumingMemoryBound(to: (() -> Void).self).pointee() },
                        UnsafeMutableRawPointer(mutating: work)) == 0 ? nil : errno
                }
            }
        }
        guard let result else { throw Errno(rawValue: outcome ?? EAGAIN) }
        return try result.get()
    }
}
