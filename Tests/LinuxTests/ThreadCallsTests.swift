import Linux
import Testing

@Suite struct ThreadCallsTests {
    @Test func addsReadsAndWrites() {
        #expect(ThreadCalls.count("rchar: 5\nwchar: 6\nsyscr: 7\nsyscw: 8\nread_bytes: 9\nwrite_bytes: 1\n") == 15)
    }

    @Test(arguments: ["", "syscr: 7\n", "syscr: x\nsyscw: 8\n", "syscr: -1\nsyscw: 8\n"])
    func doesNotGuess(text: String) {
        #expect(ThreadCalls.count(text) == nil)
    }
}
