package import SystemPackage

/// A system call that failed, without words: whoever made it knows what it was for.
package struct LinuxError: Error, Sendable, Equatable {
    /// Name of the call, as section 2 of the manual has it.
    package let call: String
    /// Path that the call was given; nil if it takes none.
    package let path: String?
    /// The kernel's reason; nil if the call succeeded and what it gave cannot be understood.
    package let errno: Errno?

    package init(_ call: String, path: String? = nil, _ errno: Errno?) {
        self.call = call
        self.path = path
        self.errno = errno
    }

    /// Whether there is no such file, or no such process any more: /proc says either of a process that has ended.
    package var isAbsence: Bool { errno == .noSuchFileOrDirectory || errno == .noSuchProcess }
}
