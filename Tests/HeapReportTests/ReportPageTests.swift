import Foundation
import Testing

@testable import HeapAnalysis
@testable import HeapReport
@testable import HeapdumpCommands

struct ReportPageTests {
    @Test func holdsItsData() throws {
        for content in [SampleReport.plain, SampleReport.hostile] {
            let page = try text(of: content)
            let start = try #require(page.range(of: "id=\"data\">"))
            let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
            func object(_ json: some StringProtocol) throws -> NSDictionary? {
                try JSONSerialization.jsonObject(with: Data(json.utf8)) as? NSDictionary
            }
            let shown = try #require(try object(page[start.upperBound..<end.lowerBound]))
            let isSame = try shown == object(JSONLine.encoded(content))
            #expect(isSame, "\(content.summary.file)")
        }
    }

    @Test func spellsKeysAsTheScriptsDo() throws {
        let page = try text(of: SampleReport.plain)
        let script = String(decoding: PageScript.bytes, as: UTF8.self)
        let keys = [
            "heapdump_version", "js_arrays_size", "holder", "class", "shallow_size", "script_id", "is_cut",
            "wasted_size", "others_count", "base_total_size", "retained_delta", "grown", "class_count",
            "base_changed", "ids_match", "also_many", "array_buffers_sentence", "contexts", "closures", "omitted",
        ]
        for key in keys { #expect(page.contains("\"\(key)\":") && script.contains(key), "\(key)") }
    }

    /// They are no Unicode, and JSON can spell them; a page shows them as people read them.
    @Test func halfASurrogatePairIsShownAsNone() throws {
        var content = SampleReport.plain
        content.summary.classes[0].script = "\u{10FFFE}\u{10F800}.js"
        content.summary.file = "\u{10FFFE}\u{10FFFE}"
        let page = try text(of: content)
        #expect(page.contains("\"script\":\"\u{FFFD}.js\"") && page.contains("\"file\":\"\u{10FFFE}\""))
        #expect(count(of: "\u{10FFFE}", in: page) == 1 && !page.contains("\u{10F800}"))
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
        let json = try JSONLine.encoded(SampleReport.hostile)
        let page = String(decoding: ReportPage.render(json: json, nonce: nonce), as: UTF8.self)
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
        var content = SampleReport.plain
        content.summary.suspects[0].share = .nan
        #expect(throws: Never.self) { try content.page() }
    }

    private func text(of content: ReportContent) throws -> String {
        String(decoding: try content.page(), as: UTF8.self)
    }

    private func count(of word: String, in text: String) -> Int { text.components(separatedBy: word).count - 1 }
}
