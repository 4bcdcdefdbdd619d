package import Linux

/// A thread that stands, and where it stands.
package struct StoppedThread: ~Copyable {
    /// With its end the thread goes on.
    package var tracee: Tracee
    package let stack: ThreadStack
}
