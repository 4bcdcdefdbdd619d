import CLinux
import Foundation
import Linux
import Testing

@testable import NodeProcess

/// Files below a directory that is taken for the root: what openat2(2) opens, and what stands in for it before Linux 5.6.
@Suite struct OpenInRootTests {
    @Test(arguments: [
        "file", "/file", "directory/inner", "/directory//inner", "directory/./inner", "directory/../file",
        "../../../../file", "/..", ".", "/", "directory", "directory/", "file/", "file/..", "absolute",
        "absolute/inner",
        "relative", "relative/inner", "up", "up/file", "chain", "loop", "dangling", "directory/back", "missing",
        "missing/file", "", "directory/chain", "out", "out/passwd", "deep", "/directory/..//./absolute/../file",
    ])
    func agreeOnEachPath(path: String) throws {
        try TemporaryDirectory.with { root in
            try prepare(root)
            let directory = try Descriptor(opening: root.path, O_DIRECTORY)
            for flags in [
                CLINUX_O_PATH, CLINUX_O_PATH | O_NOFOLLOW, CLINUX_O_PATH | O_DIRECTORY, O_RDONLY, O_RDONLY | O_NOFOLLOW,
            ] {
                let one = opened { clinux_openat_in_root(directory.raw, path, flags | O_CLOEXEC) }
                let other = opened { clinux_walk_in_root(directory.raw, path, flags | O_CLOEXEC) }
                #expect(one == other, "\(path), flags \(flags)")
            }
        }
    }

    @Test func leavesNoDescriptorBehind() throws {
        try TemporaryDirectory.with { root in
            try prepare(root)
            let directory = try Descriptor(opening: root.path, O_DIRECTORY)
            for path in ["loop", "dangling", "directory/inner", "file/x", "deep"] {
                let found = clinux_walk_in_root(directory.raw, path, CLINUX_O_PATH | O_CLOEXEC)
                if found >= 0 { close(found) }
            }
            let held = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { name in
                try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + name)
            }
            #expect(held.filter { $0.hasPrefix(root.path) } == [root.path])
        }
    }

    private enum Outcome: Equatable {
        case file(FileIdentity)
        case failure(Int32)
    }

    private func opened(_ call: () -> Int32) -> Outcome {
        let descriptor = call()
        guard descriptor >= 0 else { return .failure(errno) }
        let file = Descriptor(owning: descriptor)
        guard let status = try? file.status() else { return .failure(-1) }
        return .file(FileIdentity(status))
    }

    private func prepare(_ root: TemporaryDirectory) throws {
        let at = { (name: String) in root.path + "/" + name }
        try #require(mkdir(at("directory"), 0o700) == 0)
        for file in ["file", "directory/inner"] { close(creat(at(file), 0o600)) }
        let links = [
            "absolute": "/directory", "relative": "directory", "up": "directory/..", "chain": "absolute",
            "loop": "loop",
            "dangling": "/nothing/there", "directory/back": "../file", "directory/chain": "back",
            "out": "../../../../etc",
            "deep": "/directory/../directory/../directory/inner",
        ]
        for (name, target) in links { try #require(symlink(target, at(name)) == 0) }
    }
}
