import Testing

@testable import HeapAnalysis

struct NearNameTests {
    private static let names = ["Session", "SessionStore", "Map", "Set", "{id, data}", "Request"]

    @Test(arguments: [
        ("Sesion", "Session"), ("session", "Session"), ("Sessoin", "Session"), ("SessionsStore", "SessionStore"),
        ("{id,data}", "{id, data}"), ("Maps", "Map"), ("Requests", "Request"),
    ])
    func isWhatWasMeant(typed: String, meant: String) {
        #expect(NearName.find(typed, among: Self.names) == meant)
    }

    @Test(arguments: ["Sess", "M", "", "Nosuchclass", String(repeating: "Session", count: 100)])
    func isNoneForWhatIsFarFromAll(typed: String) {
        #expect(NearName.find(typed, among: Self.names) == nil)
    }

    /// Whatever the order in which a dictionary gives them.
    @Test func isAlwaysTheSame() {
        #expect(NearName.find("Sat", among: ["Set", "Sit"]) == "Set")
        #expect(NearName.find("Sat", among: ["Sit", "Set"]) == "Set")
    }
}
