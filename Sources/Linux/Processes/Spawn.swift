import CLinux
import Glibc
public import SystemPackage

/// Starts programs of heapdump's own.
public enum Spawn {
    /// In a session of its own, with / for its working directory, the usual signals and no descriptor but the standard ones.
    /// - Parameters:
    ///   - program: a path.
    ///   - arguments: with the name that ps shows first.
    ///   - standardInput: what it says goes nowhere.
    /// - Returns: its pid.
    public static func daemon(_ program: String, _ arguments: [String], standardInput: Int32) throws(Errno) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, standardInput, STDIN_FILENO)
        // A shell that reads heapdump's output must not wait for this one's end as well.
        let nowhere = try nowhere()
        posix_spawn_file_actions_adddup2(&actions, nowhere.raw, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, nowhere.raw, STDERR_FILENO)
        // The file system that heapdump was started in stays free to be unmounted.
        clinux_spawn_add_chdir(&actions, "/")
        clinux_spawn_add_closefrom(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // heapdump blocks signals to poll for them; here they are as usual, so that whoever wants can end it.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(CLINUX_SPAWN_SETSID) | Int16(POSIX_SPAWN_SETSIGMASK))
        var pid: pid_t = 0
        var vector: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { vector.forEach { free($0) } }
        let code = posix_spawn(&pid, program, &actions, &attributes, &vector, environ)
        if code != 0 { throw Errno(rawValue: code) }
        return pid
    }

    /// Waits until a child has ended, and reaps it.
    public static func reap(_ pid: Int32) {
        var status: Int32 = 0
        _ = try? systemCall { waitpid(pid, &status, 0) }
    }

    /// /dev/null. Not every root has it: writing to a pipe that is open for reading fails, which nobody misses.
    private static func nowhere() throws(Errno) -> Descriptor {
        if let null = try? Descriptor(opening: "/dev/null", O_WRONLY) { return null }
        var ends: [Int32] = [-1, -1]
        _ = try systemCall { pipe(&ends) }
        close(ends[1])
        return Descriptor(owning: ends[0])
    }
}
