import Foundation

/// A fresh directory, removed with the scope.
struct TemporaryDirectory {
    let path: String

    static func with<Result>(_ body: (TemporaryDirectory) throws -> Result) throws -> Result {
        var template = Array((NSTemporaryDirectory() + "/heapdump-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(errno: "mkdtemp") }
        let made = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        // heapdump prints the path that the kernel knows.
        guard let real = realpath(made, nil) else { throw Failure(errno: "realpath") }
        defer { free(real) }
        let directory = TemporaryDirectory(path: String(cString: real))
        defer { try? FileManager.default.removeItem(atPath: directory.path) }
        return try body(directory)
    }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    /// Names of all it holds, hidden ones too.
    var contents: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? ["(unreadable)"] }
}
