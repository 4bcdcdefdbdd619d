import AgentImage

/// The shared object that goes into Node processes and forks them; Sources/HeapDumpAgent has its code.
enum Agent {
    /// False in a heapdump that was built without `make`.
    static var isBuiltIn: Bool { agent_image_size > 0 }

    static var image: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: agent_image_bytes, count: agent_image_size)
    }

    /// As in Sources/HeapDumpAgent/module.c: another build of the same version may speak otherwise.
    static let protocolNumber = 4

    /// The name that it is linked with (DT_SONAME), and of the file that it is loaded from. glibc finds it again by that.
    static let fileName = "snapshot-agent-\(HeapdumpVersion.number)-\(protocolNumber).so"

    /// Node 14's V8 waits for its other threads whatever is done.
    static let oldestNode = 16
}
