import Linux
import Testing

@Suite struct ServingThreadsTests {
    @Test(arguments: [("281 0xb 0x7ffd 0x400 0xffffffff 0x0 0x8 0x7ffd 0x7f", 11), ("232 0x1f 0x0", 31)])
    func readsTheEpollDescriptor(line: String, descriptor: Int32) {
        #expect(ServingThreads.epollDescriptor(line) == descriptor)
    }

    @Test(arguments: ["running\n", "-1 0x7ffd 0x7f", "0 0x3 0x7ffd", "281", "281 11 0x0", ""])
    func otherCallsWatchNothing(line: String) {
        #expect(ServingThreads.epollDescriptor(line) == nil)
    }

    @Test func readsWhatAnInstanceWatches() {
        let text = """
            pos:\t0
            flags:\t02000002
            mnt_id:\t15
            ino:\t1057
            tfd:       19 events:       19 data:               13  pos:0 ino:1057 sdev:f
            tfd:        9 events: 80000019 data:                9  pos:0 ino:33 sdev:8
            """
        #expect(ServingThreads.watchedDescriptors(text) == [19, 9])
    }
}
