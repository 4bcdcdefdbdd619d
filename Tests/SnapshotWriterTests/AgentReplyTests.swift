import AgentImage
import Testing

@testable import SnapshotWriter

/// What the script in the target says, and in what words it is asked.
@Suite struct AgentReplyTests {
    @Test func tellsAnAnswerFromItsAbsence() {
        #expect(AgentReply(#"{"pid":7}"#) == AgentReply(outcome: .answer(#"{"pid":7}"#)))
        #expect(AgentReply("missing") == AgentReply(outcome: .missing))
        #expect(AgentReply("no process") == AgentReply(outcome: .noProcess))
    }

    @Test func takesOtherAgentsAndTheFirstLineOfAProblem() {
        let reply = AgentReply("missing\nother 0.0.1\nother 9.9\nproblem one\ntwo\nproblem three")
        #expect(reply == AgentReply(outcome: .missing, others: ["0.0.1", "9.9"], problem: "one"))
    }

    @Test func takesNothingThatIsTooLong() {
        #expect(AgentReply(String(repeating: "x", count: 10_000)) == nil)
    }

    @Test func quotesAnyPath() {
        #expect(JavaScriptText.quoted("/tmp/a b") == "'/tmp/a b'")
        #expect(JavaScriptText.quoted("'\\\n\u{2028}é😀${x}") == #"'\u0027\u005c\u000a\u2028\u00e9\ud83d\ude00${x}'"#)
    }

    /// glibc finds it again by that.
    @Test func theAgentIsLinkedWithItsName() {
        let image = String(decoding: Agent.image, as: UTF8.self)
        #expect(image.contains("\0" + Agent.fileName + "\0"))
    }
}
