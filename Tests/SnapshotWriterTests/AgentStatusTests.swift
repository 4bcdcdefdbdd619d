import Glibc
import Linux
import Testing

@testable import SnapshotWriter

/// The pipe through which the agent tells how its copies fare.
@Suite struct AgentStatusTests {
    private static let forked =
        #"{"event":"forked","attempt":2,"pid":17,"output":21,"go":24,"stall_us":1234}"# + "\n"
    private static let ended =
        #"{"event":"ended","attempt":1,"exit_status":-1,"signal":11,"cpu_ms":5,"peak_kb":2048,"#
        + #""killed_because":"","error":"","retries":true}"# + "\n"

    private func withPipe(_ body: (AgentStatusPipe, (String) -> Void, () -> Void) throws -> Void) throws {
        let ends = try makeNonBlockingPipe()
        var writer = ends.writer
        let leave = {
            if writer >= 0 { close(writer) }
            writer = -1
        }
        defer { leave() }
        let write = { (text: String) in
            let bytes = Array(text.utf8)
            #expect(Glibc.write(writer, bytes, bytes.count) == bytes.count)
        }
        try body(AgentStatusPipe(Descriptor(owning: ends.reader)), write, leave)
    }

    @Test func takesTheLinesOneByOne() throws {
        try withPipe { pipe, write, leave in
            #expect(pipe.next() == nil && !pipe.isClosed)
            write(Self.ended + Self.forked)
            let end = try #require(pipe.next())
            #expect(end.event == .ended && end.exitStatus == -1 && end.signal == SIGSEGV && end.retries == true)
            #expect(end.peakKilobytes == 2048 && end.error == "")
            let fork = try #require(pipe.next())
            #expect(fork.event == .forked && fork.pid == 17 && fork.output == 21 && fork.go == 24)
            #expect(fork.stallMicroseconds == 1234)
            #expect(pipe.next() == nil && !pipe.isClosed)
            write(#"{"event":"failed","error":"pipe2: Too many open files"}"# + "\n")
            #expect(pipe.next()?.error == "pipe2: Too many open files")
            leave()
            #expect(pipe.next() == nil && pipe.isClosed && pipe.descriptor == nil)
        }
    }

    /// Lines that came before the end are still to be had after it.
    @Test func theEndDoesNotSwallowWhatCameBefore() throws {
        try withPipe { pipe, write, leave in
            write(Self.forked + Self.ended + #"{"event":"ended""#)
            leave()
            #expect(pipe.next()?.event == .forked)
            #expect(pipe.next()?.event == .ended)
            #expect(pipe.next() == nil && pipe.isClosed)
        }
    }

    @Test func aLineMayComeInPieces() throws {
        try withPipe { pipe, write, _ in
            for byte in Self.forked.utf8 {
                #expect(pipe.next() == nil)
                write(String(UnicodeScalar(byte)))
            }
            #expect(pipe.next()?.pid == 17)
        }
    }

    @Test(arguments: [
        "", "no JSON", "{}", "[]", #"{"event":"unheard of"}"#, #"{"event":"ended","signal":"x"}"#, "\u{0}",
    ])
    func aLineThatIsNoneIsPassedOver(garbage: String) throws {
        try withPipe { pipe, write, _ in
            write(garbage + "\n" + Self.forked)
            #expect(pipe.next()?.event == .forked)
            #expect(pipe.next() == nil && !pipe.isClosed)
        }
    }

    @Test(arguments: [
        (#""exit_status":0,"signal":0"#, false), (#""exit_status":70,"signal":0"#, true),
        (#""exit_status":-1,"signal":9"#, true),
        // Somebody else has reaped it.
        (#""exit_status":-1,"signal":0"#, false), (#""attempt":1"#, false),
    ])
    func whetherACopyIsKnownToHaveFailed(fields: String, tellsFailure: Bool) throws {
        try withPipe { pipe, write, _ in
            write(#"{"event":"ended",\#(fields)}"# + "\n")
            let status = try #require(pipe.next())
            #expect(status.tellsFailure == tellsFailure)
        }
    }

    /// Who has taken the agent's place could send without end.
    @Test func aLineWithoutEndIsNotKept() throws {
        try withPipe { pipe, write, _ in
            let piece = String(repeating: "x", count: 4096)
            var pieces = 0
            while !pipe.isClosed, pieces < 1000 {
                write(piece)
                pieces += 1
                #expect(pipe.next() == nil)
            }
            #expect(pieces == 17)
            #expect(pipe.descriptor == nil)
        }
    }
}
