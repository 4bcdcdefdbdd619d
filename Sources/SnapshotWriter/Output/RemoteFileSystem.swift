import CLinux

/// File systems whose server may be away: a write then waits for it, for hours and beyond SIGKILL.
enum RemoteFileSystem {
    /// By the numbers of <linux/magic.h>: NFS, CIFS, SMB 2, SMB, FUSE, 9p, Ceph, AFS, Coda, GFS2, OCFS2, Lustre.
    private static let types: Set<UInt32> = [
        0x6969, 0xFF53_4D42, 0xFE53_4D42, 0x517B, 0x6573_5546, 0x0102_1997, 0x00C3_6400, 0x5346_414F, 0x7375_7245,
        0x0116_1970, 0x7461_636F, 0x0BD0_0BD0,
    ]

    /// - Parameter descriptor: of anything on the file system.
    static func holds(_ descriptor: Int32) -> Bool { isRemote(type: clinux_file_system_type(descriptor)) }

    static func isRemote(type: UInt32) -> Bool { types.contains(type) }
}
