import Glibc
import Testing

@testable import SnapshotWriter

@Suite struct RemoteFileSystemTests {
    @Test func filesHereAreHere() throws {
        for path in ["/proc", "/dev"] {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            try #require(descriptor >= 0)
            defer { close(descriptor) }
            #expect(!RemoteFileSystem.holds(descriptor), "\(path)")
        }
        #expect(!RemoteFileSystem.holds(-1))
    }

    /// ext4, XFS, Btrfs, tmpfs, overlayfs; NFS, CIFS, FUSE, 9p.
    @Test(arguments: [
        (UInt32(0xEF53), false), (0x5846_5342, false), (0x9123_683E, false), (0x0102_1994, false),
        (0x794C_7630, false), (0x6969, true), (0xFF53_4D42, true), (0x6573_5546, true), (0x0102_1997, true),
    ])
    func typesAreTold(type: UInt32, isRemote: Bool) {
        #expect(RemoteFileSystem.isRemote(type: type) == isRemote)
    }
}
