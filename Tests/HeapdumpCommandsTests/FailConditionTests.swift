import Testing

@testable import HeapdumpCommands

/// The expressions of `diff --fail-if`.
@Suite struct FailConditionTests {
    /// - Returns: subject, figure, comparison and limit, as words.
    private static func words(_ text: String) throws -> String {
        let condition = try FailConditionParser.parse(text)
        #expect(condition.expression == text)
        let limit =
            switch condition.limit {
            case .amount(let amount): "\(amount)"
            case .percent(let percent): "\(percent)%"
            }
        return "\(condition.className ?? "-")|\(condition.measure)|\(condition.comparison)|\(limit)"
    }

    @Test(arguments: [
        ("Session>0", "Session|count|greater|0.0"), ("Session >= 10", "Session|count|greaterOrEqual|10.0"),
        ("Session.count<5", "Session|count|less|5.0"), ("Session<=-5", "Session|count|lessOrEqual|-5.0"),
        ("Session=+3", "Session|count|equal|3.0"), ("Session==3", "Session|count|equal|3.0"),
        ("Session!=0", "Session|count|different|0.0"), ("Session>2.5%", "Session|count|greater|2.5%"),
        ("Session.size>16kB", "Session|size|greater|16000.0"),
        ("Session.retained>=1MB", "Session|retained|greaterOrEqual|1000000.0"),
        ("Session.retained>1.5MiB", "Session|retained|greater|1572864.0"),
        ("Session.retained>0", "Session|retained|greater|0.0"), ("Session.size > 10 %", "Session|size|greater|10.0%"),
        ("heap>10%", "-|size|greater|10.0%"), ("heap.size<-1M", "-|size|less|-1000000.0"),
        ("class:heap>0", "heap|count|greater|0.0"), ("class:heap.retained>0", "heap|retained|greater|0.0"),
        ("class:class:heap>0", "class:heap|count|greater|0.0"), ("Heap>1", "Heap|count|greater|1.0"),
    ])
    func readsWhatIsWatched(text: String, words: String) throws {
        #expect(try Self.words(text) == words)
    }

    /// V8 and programs call classes as they like.
    @Test(arguments: [
        ("{action, by}>0", "{action, by}|count|greater|0.0"),
        ("system / Context.retained>1k", "system / Context|retained|greater|1000.0"),
        ("(string).size>=10%", "(string)|size|greaterOrEqual|10.0%"), ("a>b>5", "a>b|count|greater|5.0"),
        ("class:a=>=5", "a=|count|greaterOrEqual|5.0"), ("class:a> =5", "a>|count|equal|5.0"),
        ("class:a>>5", "a>|count|greater|5.0"), ("class:heap.foo>5", "heap.foo|count|greater|5.0"),
        ("a!=b!=5", "a!=b|count|different|5.0"), ("{x=1}<5", "{x=1}|count|less|5.0"),
        ("<div>>0", "<div>|count|greater|0.0"),
        ("a.count.count>1", "a.count|count|greater|1.0"), ("a.b>1", "a.b|count|greater|1.0"),
        ("漢字>1", "漢字|count|greater|1.0"), ("100%>1", "100%|count|greater|1.0"),
    ])
    func takesAnyNameOfAClass(text: String, words: String) throws {
        #expect(try Self.words(text) == words)
    }

    @Test(arguments: [
        ("", "compares nothing"), ("Session", "--fail-if 'Session>0'"), ("5", "compares nothing"),
        (">0", "what grows"), (" >0", "what grows"), (".count>0", "what grows"), ("class:>0", "what grows"),
        ("Session>", "missing after >"), ("Session>= ", "missing after >="), ("Session!5", "!="),
        ("Session>x", "no number of objects"), ("Session>1MB", ".retained"), ("Session>1.5", "whole number"),
        ("Session>--1", "no number"), ("Session>1e3", "no number"), ("Session>99999999999", "no number"),
        ("Session>1,000", "no number"), ("Session>%", "no number"), ("Session>x%", "no number"),
        ("Session>1M%", "no number"), ("Session.size>1 MB", "no size"), ("Session.size>MB", "no size"),
        ("heap>ten", "no size"), ("heap>-", "no size"), ("heap>9999999T", "no size"),
        ("Session=>1", "class:Session="), ("Session<>1", "class:Session<"), ("a>>5", "class:a>"),
        ("a> =5", "sign of comparison"), ("heap.foo>0", "class:heap.foo"),
        ("heap.count>0", "class:heap.count"), ("heap.retained>0", "class:heap.retained"),
    ])
    func saysWhatIsWrong(text: String, reason: String) {
        #expect {
            _ = try FailConditionParser.parse(text)
        } throws: { error in
            "\(error)".contains(reason)
        }
    }

    @Test(
        arguments: [
            ("a>0", 5, 6, true), ("a>0", 5, 5, false), ("a>0", 5, 4, false), ("a>=0", 5, 5, true), ("a<0", 5, 4, true),
            ("a<0", 5, 5, false), ("a<=0", 5, 5, true), ("a=2", 5, 7, true), ("a=2", 5, 8, false), ("a!=0", 5, 4, true),
            ("a!=0", 0, 0, false), ("a>0", 0, 0, false), ("a<-2", 5, 2, true), ("a<-3", 5, 2, false),
            ("a>10%", 10, 11, false), ("a>=10%", 10, 11, true), ("a>10%", 100, 111, true), ("a=100%", 3, 6, true),
            ("a<-50%", 10, 4, true), ("a<-50%", 10, 5, false), ("a>=30%", 10, 13, true), ("a<=0.1%", 1000, 1001, true),
            // From nothing: more than any percentage, unless nothing came.
            ("a>1000000%", 0, 1, true), ("a>=0%", 0, 0, true), ("a>0%", 0, 0, false), ("a=0%", 0, 0, true),
            ("a<10%", 0, 1, false), ("a=10%", 0, 1, false), ("a!=10%", 0, 1, true), ("a<=-100%", 1, 0, true),
        ] as [(String, UInt64, UInt64, Bool)])
    func comparesTheGrowth(text: String, base: UInt64, value: UInt64, matches: Bool) throws {
        #expect(try FailConditionParser.parse(text).matches(from: base, to: value) == matches)
    }

    @Test(
        arguments: [
            ("Session>0", 5000, 15_000, "the number of Session objects grew by 10,000, from 5,000 to 15,000"),
            ("Session.size<0", 3000, 1000, "the size of Session objects shrank by 2.0 kB, from 3.0 kB to 1.0 kB"),
            ("Session.retained>=0", 5, 5, "what Session objects retain stayed the same: 5 B"),
            ("heap>10%", 1000, 1500, "the heap grew by 500 B (50.0 %), from 1.0 kB to 1.5 kB"),
            ("heap>0%", 1_000_000, 1_000_001, "the heap grew by 1 B (less than 0.1 %), from 1.0 MB to 1.0 MB"),
            ("Session>10%", 0, 3, "the number of Session objects grew by 3, from 0 to 3"),
        ] as [(String, UInt64, UInt64, String)])
    func saysWhatMatched(text: String, base: UInt64, value: UInt64, sentence: String) throws {
        let failed = FailedCondition(try FailConditionParser.parse(text), from: base, to: value)
        #expect(failed.text == "--fail-if '\(text)' matches: \(sentence)")
    }

    @Test func knowsNoPercentageOfNothing() throws {
        let condition = try FailConditionParser.parse("a>5%")
        #expect(FailedCondition(condition, from: 0, to: 3).percent == nil)
        #expect(FailedCondition(condition, from: 0, to: 0).percent == 0)
        #expect(FailedCondition(condition, from: 4, to: 5).percent == 25)
        #expect(FailedCondition(condition, from: 4, to: 1).percent == -75)
    }
}
