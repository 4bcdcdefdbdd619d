import Glibc
public import SystemPackage

/// Makes a system call that says -1 where it fails, anew where a signal interrupted it. The one place that does.
/// - Throws: what `errno` says.
public func systemCall<Value: SignedInteger>(_ call: () -> Value) throws(Errno) -> Value {
    while true {
        let value = call()
        if value != -1 { return value }
        let code = errno
        if code != EINTR { throw Errno(rawValue: code) }
    }
}

/// What an error number means, in the words of the C library.
public func errnoText(_ code: Int32) -> String { Errno(rawValue: code).description }
