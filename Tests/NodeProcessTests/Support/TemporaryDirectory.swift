import Glibc
import Testing

/// Removed with the plain files in it.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/heapdump-test-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        try #require(made != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        if let stream = opendir(path) {
            while let entry = readdir(stream) {
                _ = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { unlinkat(dirfd(stream), $0, 0) }
                }
            }
            closedir(stream)
        }
        rmdir(path)
    }
}
