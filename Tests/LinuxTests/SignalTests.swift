import Glibc
import Linux
import Testing

struct SignalTests {
    @Test func signalSets() {
        #expect(SignalSet(mask: "0000000000000a00") == [SignalSet(signal: 10), SignalSet(signal: 12)])
        #expect(SignalSet(mask: "8000000000000000")?.contains(signal: 64) == true)
        #expect(SignalSet(mask: "xyz") == nil)
        #expect(!SignalSet(rawValue: .max).contains(signal: 0))
        #expect(!SignalSet(rawValue: .max).contains(signal: 65))
        #expect(!SignalSet(rawValue: .max).contains(signal: -1))
    }

    @Test(arguments: [
        ("SIGUSR2", SIGUSR2), ("usr2", SIGUSR2), ("SigHup", SIGHUP), ("12", 12), ("SIGPOLL", SIGIO), ("0", nil),
        ("32", nil),
        ("-1", nil), ("", nil), ("SIG", nil), ("SIGNONE", nil),
    ])
    func signalNames(_ text: String, _ expected: Int32?) {
        #expect(SignalName.number(of: text) == expected)
    }

    @Test func signalsAreShownAsNodeNamesThem() {
        #expect(SignalName.text(SIGUSR2) == "SIGUSR2")
        #expect(SignalName.text(SIGIO) == "SIGIO")
        #expect(SignalName.text(SIGABRT) == "SIGABRT")
        #expect(SignalName.text(40) == "signal 40")
    }
}
