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
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            let isSame = try decoder.decode(ReportData.self, from: json) == data
            #expect(isSame, "\(data.file)")
        }
    }

    @Test func spellsKeysAsTheScriptsDo() throws {
        let page = try text(of: SampleReport.plain)
        let keys = [
            "heapdump_version", "js_arrays_size", "object_count", "class_name", "shallow_size", "script_id", "is_cut",
            "wasted_size", "others_count", "base_total_size", "retained_delta", "path_of", "class_count",
            "base_changed", "ids_match",
        ]
        for key in keys { #expect(page.contains("\"\(key)\":"), "\(key)") }
    }

    @Test func asksForNothingFromElsewhere() throws {
        let page = try text(of: SampleReport.plain)
        for word in [
            "http:", "https:", "//cdn", "@import", "url(", "src=", "<link", "fetch(", "XMLHttpRequest", "import(",
        ] {
            #expect(!page.contains(word), "\(word)")
        }
    }

    /// The browser takes no style and no script but the page's own.
    @Test func hasAPolicyOfItsOwn() throws {
        let nonce = "q83vEiM="
        let page = String(decoding: try ReportPage.render(SampleReport.hostile, nonce: nonce), as: UTF8.self)
        let policy = "default-src 'none'; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'; base-uri 'none'"
        #expect(page.contains(policy))
        #expect(count(of: "<style nonce=\"\(nonce)\">", in: page) == 1 && count(of: "<style", in: page) == 1)
        #expect(count(of: "<script nonce=\"\(nonce)\">", in: page) == 1)
    }

    @Test func noTwoPagesShareANonce() throws {
        let nonces = (0..<100).map { _ in ReportPage.randomNonce() }
        #expect(Set(nonces).count == 100)
        #expect(nonces.allSatisfy { Data(base64Encoded: $0)?.count == 16 })
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
