import Foundation
import Testing

/// A file system that processes have for their root, as in a container.
struct Root {
    let path: String

    /// One that Scripts/roots.sh makes; leaves the test out where it could not.
    static func named(_ name: String) throws -> Root {
        try Requirement.root()
        let path = "\(Package.root)/.build/roots/\(name)"
        if FileManager.default.fileExists(atPath: path) { return Root(path: path) }
        try Test.cancel("there is no \(path): Scripts/roots.sh could not make it here")
    }

    /// Becomes the program that follows, which sees that root with /proc, the programs of these tests and `files` at the same paths as
    /// here. The mounts are the process's own, and go with it.
    func launcher(with files: [String] = []) -> [String] {
        let script = """
            set -e
            root=$1
            shift
            bind() {
                if [ -d "$1" ]; then mkdir -p "$root$1"; else mkdir -p "$root${1%/*}"; : >>"$root$1"; fi
                mount --bind "$1" "$root$1"
            }
            mkdir -p "$root/proc" "$root/tmp"
            mount --bind /proc "$root/proc"
            while [ "$1" != -- ]; do
                bind "$1"
                shift
            done
            shift
            exec chroot "$root" "$@"
            """
        return ["unshare", "--mount", "sh", "-c", script, "sh", path, Package.targets] + files + ["--"]
    }

    /// With nothing in it but what is bound into it.
    static func empty<Result>(_ body: (Root) throws -> Result) throws -> Result {
        try Requirement.root()
        return try TemporaryDirectory.with { try body(Root(path: $0.path)) }
    }
}
