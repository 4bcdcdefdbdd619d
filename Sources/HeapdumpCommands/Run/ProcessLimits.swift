import Glibc

/// heapdump's own resource limits.
enum ProcessLimits {
    /// What a run opens at most, with room for sockets of the target that are asked at once.
    private static let enoughDescriptors: rlim_t = 256
    private static let fewestDescriptors: rlim_t = 32

    /// - Returns: why a dump cannot be made within the limits that were set from outside; nil where it can.
    static func prepare() -> String? {
        var limit = rlimit()
        guard getrlimit(resource(RLIMIT_NOFILE), &limit) == 0, limit.rlim_cur < enoughDescriptors else { return nil }
        limit.rlim_cur = min(limit.rlim_max, enoughDescriptors)
        guard setrlimit(resource(RLIMIT_NOFILE), &limit) == 0, limit.rlim_cur >= fewestDescriptors else {
            return "only \(limit.rlim_cur) files may be open at a time here, and heapdump needs \(fewestDescriptors); "
                + "raise the limit (ulimit -n)"
        }
        return nil
    }

    /// A core file of heapdump's would hold the target's secrets, and with other permissions.
    static func forbidCores() {
        // 1 and not 0: that is what stops a core_pattern that is a pipe as well (core(5)).
        var least = rlimit(rlim_cur: 1, rlim_max: 1)
        if setrlimit(resource(RLIMIT_CORE), &least) != 0 {
            least = rlimit(rlim_cur: 0, rlim_max: 0)
            setrlimit(resource(RLIMIT_CORE), &least)
        }
    }

    private static func resource(_ resource: __rlimit_resource) -> __rlimit_resource_t {
        __rlimit_resource_t(resource.rawValue)
    }
}
