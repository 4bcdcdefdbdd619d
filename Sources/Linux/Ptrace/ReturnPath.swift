import SystemPackage

/// Two places in a process's C library by which a thread calls something and goes on from where it was, with nobody's help.
package struct ReturnPath: Sendable, Equatable {
    /// A system call, and a return after it.
    package let systemCall: UInt64
    /// rt_sigreturn(2), which the library has signal handlers return to: it takes all registers from the stack.
    package let restore: UInt64

    /// syscall; ret
    private static let callCode: [UInt8] = [0x0F, 0x05, 0xC3]
    /// mov $15, %rax; syscall
    private static let restoreCode: [UInt8] = [0x48, 0xC7, 0xC0, 0x0F, 0, 0, 0, 0x0F, 0x05]
    /// Of code that is searched. glibc has 1.5 MB.
    private static let mostBytes = 16 << 20

    /// nil if the process has no such library.
    package init?(_ mappings: [Mapping], in memory: borrowing MemoryFile) {
        for mapping in mappings where mapping.isOfFile && mapping.isExecutable && Self.isLibrary(mapping.path) {
            let size = mapping.addresses.upperBound - mapping.addresses.lowerBound
            let start = mapping.addresses.lowerBound
            guard size <= UInt64(Self.mostBytes), let code = try? memory.bytes(at: start, count: Int(size)),
                let call = code.firstIndex(of: Self.callCode, from: 0),
                let restore = code.firstIndex(of: Self.restoreCode, from: 0)
            else { continue }
            systemCall = start + UInt64(call)
            self.restore = start + UInt64(restore)
            return
        }
        return nil
    }

    /// glibc's libc.so.6 or libc-2.31.so, or musl's ld-musl-x86_64.so.1.
    private static func isLibrary(_ path: String) -> Bool {
        guard let name = path.split(separator: "/").last else { return false }
        return ["libc.", "libc-", "ld-musl-"].contains { name.hasPrefix($0) }
    }
}
