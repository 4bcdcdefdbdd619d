import Glibc
import Linux
import Testing

@Suite struct UserNameTests {
    @Test(
        arguments: [
            (0, "root"), (1000, "ann"), (1001, nil), (65534, "nobody"), (7, nil), (8, nil), (9, "last"),
        ] as [(UInt32, String?)])
    func isReadFromThePasswordFile(user: UInt32, name: String?) throws {
        let text = """
            root:x:0:0:root:/root:/bin/bash
            # ann:x:1001:1001::/:
            ann:x:1000:7:Ann, of 8:/home/ann:/bin/sh
            seven:x:07:7:::
            short:x:8
            +nis::::::
            nobody:*:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
            last:x:9:9:::
            """
        var template = Array("/tmp/heapdump-passwd-XXXXXX".utf8CString)
        let file = Descriptor(owning: try systemCall { mkstemp(&template) })
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        #expect(write(file.raw, text, text.utf8.count) == text.utf8.count)
        #expect(userName(user, in: path) == name)
        if let name { #expect(userID(name, in: path) == user) }
        #expect(userID(String(user), in: path) == user)
        for unknown in ["", "Ann", "+nis", "# ann", "-1", "+1", "4294967296", "short"] {
            #expect(userID(unknown, in: path) == nil, "\(unknown)")
        }
    }

    @Test func noneWithoutTheFile() { #expect(userName(0, in: "/nothing/there") == nil) }
}
