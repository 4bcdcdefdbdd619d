import Testing

@testable import HeapdumpCommands

@Suite struct PrintableTests {
    @Test(arguments: [
        (0, "1 ms"), (0.4, "1 ms"), (1.5, "2 ms"), (53.4, "53 ms"), (999.4, "999 ms"), (999.5, "1.0 s"),
        (1234, "1.2 s"), (12_345, "12 s"),
    ])
    func milliseconds(value: Double, text: String) {
        #expect(Printable.milliseconds(value) == text)
    }
}
