import AgentImage
import FoundationEssentials

/// The shared object that goes into Node processes and forks them; Sources/HeapDumpAgent has its code.
enum Agent {
    /// False in a heapdump that was built without `make`.
    static var isBuiltIn: Bool { agent_image_size > 0 }

    static var base64: String {
        Data(bytes: agent_image_bytes, count: agent_image_size).base64EncodedString()
    }

    /// Node 14's V8 waits for its other threads whatever is done.
    static let oldestNode = 16
}
