import Foundation
import Testing

struct CommandLineTests {
    @Test(arguments: [
        [], ["text"], ["-5"], ["0"], ["1.5"], ["99999999999"], ["1", "--unknown"], ["1", "-t", "0"], ["1", "-t", "-1"],
        ["1", "-t", "soon"], ["1", "--stall-timeout", "0"], ["1", "-o"], ["1", "-o", ""], ["1", "-o", "%q"],
        ["1", "--method", "magic"], ["1", "--method", "inspector", "--no-inspector"], ["1", "-q", "-v"],
        ["1", "--method", "fork", "--no-inspector"], ["1", "--method", "fork", "--signal", "SIGUSR2"],
        ["1", "--max-pause"], ["1", "--max-pause", "0"], ["1", "--max-pause", "-1"], ["1", "--max-pause", "long"],
        ["1", "2", "-o", "same.heapsnapshot"], ["check"],
        ["-n"], ["-n", ""], ["-n", "x", "1"], ["--pid-file"], ["--pid-file", ""], ["--pid-file", "x", "1"],
        ["-n", "x", "--pid-file", "x"], ["list", "1"], ["list", "--unknown"],
    ])
    func refusesWhatItDoesNotUnderstand(arguments: [String]) throws {
        try TemporaryDirectory.with { directory in
            let run = try Heapdump.run(arguments, in: directory)
            run.expect(exit: 64)
            #expect(run.stdout.isEmpty, "\(run)")
            #expect(!run.stderr.isEmpty, "\(run)")
            #expect(directory.contents.isEmpty)
        }
    }

    @Test(arguments: [
        ["--help"], ["-h"], ["take", "--help"], ["check", "--help"], ["list", "--help"], ["help"], ["help", "take"],
        ["summary", "--help"], ["diff", "--help"], ["retainers", "--help"], ["show", "--help"], ["find", "--help"],
        ["report", "--help"], ["export", "--help"],
    ])
    func explainsItself(arguments: [String]) throws {
        let run = try Heapdump.run(arguments)
        run.expect(exit: 0)
        #expect(run.stdout.contains("EXAMPLES"), "\(run)")
        #expect(run.stdout.contains("EXIT STATUS"), "\(run)")
        #expect(run.stdout.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(run)")
        #expect(run.stderr.isEmpty, "\(run)")
    }

    @Test(arguments: [64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 81, 129, 130, 143])
    func documentsEveryExitCode(code: Int) throws {
        for arguments in [["--help"], ["take", "--help"]] {
            let run = try Heapdump.run(arguments)
            #expect(run.stdout.contains(" \(code)  "), "\(run)")
        }
    }

    @Test func knowsItsVersion() throws {
        let run = try Heapdump.run(["--version"])
        run.expect(exit: 0)
        #expect(run.stdout.wholeMatch(of: #/heapdump \d+\.\d+\.\d+\n/#) != nil, "\(run)")
    }
}
