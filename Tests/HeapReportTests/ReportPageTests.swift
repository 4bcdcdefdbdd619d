import Foundation
import Testing

@testable import HeapReport

struct ReportPageTests {
    @Test func holdsItsData() throws {
        for data in [SampleReport.plain, SampleReport.hostile] {
            let page = try text(of: data)
            let start = try #require(page.range(of: "id=\"data\">"))
            let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
            let json = Data(page[start.upperBound..<end.lowerBound].utf8)
            let isSame = try JSONDecoder().decode(ReportData.self, from: json) == data
            #expect(isSame, "\(data.file)")
        }
    }

    @Test func spellsKeysAsTheScriptsDo() throws {
        let json = String(decoding: try JSONEncoder().encode(SampleReport.plain), as: UTF8.self)
        let keys = [
            "heapdump_version", "js_arrays_size", "object_count", "class_name", "shallow_size", "script_id", "is_cut",
            "wasted_size", "others_count", "base_total_size", "retained_delta", "path_of", "class_count",
            "base_changed", "ids_match",
        ]
        for key in keys { #expect(json.contains("\"\(key)\":"), "\(key)") }
    }

    @Test func asksForNothingFromElsewhere() throws {
        let page = try text(of: SampleReport.plain)
        for word in [
            "http:", "https:", "//cdn", "@import", "url(", "src=", "<link", "fetch(", "XMLHttpRequest", "import(",
        ] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.contains("default-src 'none'; style-src 'sha256-"))
    }

    @Test func makesNoMarkupOfText() {
        let script = String(decoding: PageScript.bytes, as: UTF8.self)
        for word in [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(", "Function(",
        ] {
            #expect(!script.contains(word), "\(word)")
        }
    }

    @Test func letsNoTextOutOfTheData() throws {
        let (plain, hostile) = (try text(of: SampleReport.plain), try text(of: SampleReport.hostile))
        for word in ["<script", "</script", "<img", "<!--", "-->", "<b>", "&amp;", "\u{2028}", "\u{2029}"] {
            #expect(count(of: word, in: hostile) == count(of: word, in: plain), "\(word.debugDescription)")
        }
    }

    @Test func aPlaceInWhatIsFilledInIsNone() {
        let filled = Template(Array("a{{one}}b{{two}}c{d".utf8)).filled(["one": Array("{{two}}".utf8), "two": [0x32]])
        #expect(String(decoding: filled, as: UTF8.self) == "a{{two}}b2c{d")
    }

    @Test func numbersThatJSONHasNotAreNoReasonToFail() throws {
        var data = SampleReport.plain
        data.suspects[0].share = .nan
        #expect(throws: Never.self) { try ReportPage.render(data) }
    }

    private func text(of data: ReportData) throws -> String {
        String(decoding: try ReportPage.render(data), as: UTF8.self)
    }

    private func count(of word: String, in text: String) -> Int { text.components(separatedBy: word).count - 1 }
}

struct SHA256Tests {
    /// FIPS 180-4's own examples, and lengths around a block's end.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func digests(message: String, expected: String) {
        let digest = SHA256.digest(Array(message.utf8))
        #expect(digest.map { String(format: "%02x", $0) }.joined() == expected)
    }
}
