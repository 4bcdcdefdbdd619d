import Glibc
public import SystemPackage

/// Where a symbolic link leads to.
public func readLink(_ path: String) throws(Errno) -> String {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = try systemCall { readlink(path, &target, target.count) }
    return String(decoding: target.prefix(length).lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
